"""A new project of each template, as a person meets it: an empty home, a state on this machine, a local Press."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_press.projects.templates import list_templates
from tests.engine.ci_example.repository import Repository
from tests.engine.ci_example.workflow import Workflow
from tests.engine.conftest import ROOT
from tests.engine.surroundings import PYTHON

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress

COMMAND, PULUMI = "pulumi-press new", "pulumi new"
JOB = ".github/workflows/press.yml"


@dataclass(frozen=True)
class Person:
    """Somebody with an empty home, and a folder in it for what is new."""

    home: Path
    engine: str
    press: LocalPress

    @property
    def project(self) -> Path:
        """The folder of the project."""
        return self.home / "orders"

    def environment(self) -> dict[str, str]:
        """Give the environment: what a login has, and what the README of a project says."""
        return {
            "PATH": os.pathsep.join([str(PYTHON), str(Path(sys.executable).parent), self.engine, os.environ["PATH"]]),
            "TEST_PYTHON": sys.executable,
            "HOME": str(self.home),
            # The engine asks the system for the home, whatever HOME says.
            "PULUMI_HOME": str(self.home / ".pulumi"),
            "LANG": "C.UTF-8",
            "PULUMI_CONFIG_PASSPHRASE": "a phrase",
            "PRESS_ENDPOINT": self.press.url,
            "PEAK_AUTH_TOKEN": self.press.token,
            # Nothing may be fetched: all is installed already.
            "PIP_NO_INDEX": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

    def run(self, *command: str, folder: Path | None = None) -> str:
        """Run a command that must end well, in the project unless said otherwise; give what it printed."""
        done = subprocess.run(
            command,
            cwd=folder or self.project,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def make_project(self, template: str, way: str) -> None:
        """Make the project with a command."""
        if way == COMMAND:
            self.run("pulumi-press", "new", "orders", "--template", template, folder=self.home)
        else:
            self.project.mkdir()
            # What is left out is the installation, which no machine without a network could do.
            self.run("pulumi", "new", str(ROOT / "templates" / template), "--yes", "--offline", "--generate-only")


@pytest.fixture
def person(tmp_path: Path, yaml_engine: str, press: LocalPress) -> Person:
    """Somebody who has just logged in to a state on this machine."""
    person = Person(tmp_path / "home", yaml_engine, press)
    person.home.mkdir()
    # What `--local` means, for a home that the system does not know.
    person.run("pulumi", "login", person.home.as_uri(), folder=person.home)
    return person


def list_cases() -> list[object]:
    """List each template with each command that makes a project of it."""
    return [
        pytest.param(template, way, id=f"{template}-{way.partition(' ')[0]}")
        for template in list_templates()
        for way in (COMMAND, PULUMI)
    ]


@pytest.mark.parametrize(("template", "way"), list_cases())
def test_a_new_project_works_as_it_is(person: Person, template: str, way: str) -> None:
    """Its test passes, it comes up and shows no change then, a file is the next release, and all of it goes."""
    person.make_project(template, way)
    person.run("pip", "install", "-r", "requirements.txt")
    if template == "yaml":
        person.run("pulumi-press", "plugin", "install")
    assert "1 passed" in person.run("python", "-m", "pytest", "-p", "no:cacheprovider")

    person.run("pulumi", "stack", "init", "dev")
    assert person.press.requests() == []
    person.run("pulumi", "preview")
    person.run("pulumi", "up", "--yes", "--skip-preview")

    outputs = json.loads(person.run("pulumi", "stack", "output", "--json"))
    assert outputs == {"release": "1.0.0", "revision": 1, "status": "deployed"}
    (spec,), (deployment,) = person.press.state()["specs"], person.press.state()["deployments"]
    assert (spec["metadata"]["name"], deployment["metadata"]["name"]) == ("orders", "orders")
    person.run("pulumi", "preview", "--expect-no-changes")
    with (person.project / "block" / "main.py").open("a") as file:
        file.write("# Edited.\n")
    assert "1.0.1" in person.run("pulumi", "preview", "--diff")
    person.run("pulumi", "destroy", "--yes", "--skip-preview")
    assert (person.press.state()["specs"], person.press.state()["deployments"]) == ([], [])


@pytest.mark.parametrize("template", list_templates())
def test_both_commands_make_the_same(person: Person, template: str) -> None:
    """Pulumi writes its own file in its own form; all else is the same, to the letter."""
    person.make_project(template, COMMAND)
    mine = read_files(person.project)
    shutil.rmtree(person.project)

    person.make_project(template, PULUMI)

    assert read_files(person.project) == mine


def read_files(project: Path) -> dict[str, str]:
    """Give the text of each file, by its path; of Pulumi's own, what both commands decide."""
    texts = {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in project.rglob("*")
        if path.is_file()
    }
    texts["Pulumi.yaml"] = re.sub(r"\s+", " ", texts["Pulumi.yaml"].partition("\nconfig:")[0]).strip()
    return texts


@pytest.mark.parametrize("template", ["workflow", "yaml"])
def test_the_job_reports_a_change_and_stops_a_destruction(person: Person, template: str, tmp_path: Path) -> None:
    """A changed file passes, with a new release in the summary; a deployment that is gone does not."""
    person.make_project(template, COMMAND)
    # Several runs of the tests may share a machine, and a home that the engine takes for its own.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    job = person.project / JOB
    job.write_text(job.read_text().replace("8600", port).replace("file://~", person.home.as_uri()))
    repository = Repository.start(person.project)
    repository.push("block/main.py", lambda text: f"{text}# Edited.\n")

    passed, printed, summary = run_job(person, repository, tmp_path / "first")

    assert passed, printed
    assert "1 new release, 1 new revision" in summary

    program = "Pulumi.yaml" if template == "yaml" else "__main__.py"
    repository.push(program, lambda text: re.split(r"\n(?:deployment = |  deployment:|outputs:)", text)[0])
    repository.push(f"tests/{next((person.project / 'tests').glob('test_*.py')).name}", lambda _: "def test(): pass\n")
    passed, printed, summary = run_job(person, repository, tmp_path / "second")

    assert not passed
    assert "destroyed" in summary, printed


def run_job(person: Person, repository: Repository, work: Path) -> tuple[bool, str, str]:
    """Run the job as GitHub would; say whether it passed, what it printed, and what is on the page of the change."""
    context: dict[str, object] = {"github": {}, "vars": {}, "secrets": {}}
    done = Workflow(repository.folder / JOB, repository, work, context, person.environment()).run()["preview"]
    summary = work / "preview.summary.md"
    return done.passed, done.printed, summary.read_text() if summary.exists() else ""
