"""The workflow and the pipeline of the CI example, as their services' own rules see them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples/ci"
NEW = [ROOT / "templates" / template / ".github/workflows/press.yml" for template in ("workflow", "yaml")]
"""The job of new projects, of Python and of YAML."""
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """The workflow of GitHub."""
    read: dict[str, Any] = yaml.load((EXAMPLE / "github.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  # `on` is no boolean.
    return read


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", [EXAMPLE / "github.yml", *NEW]), ("gitlab-ci", [EXAMPLE / "gitlab.yml"])]
)
def test_files_fit_the_published_schemas(schema: str, files: list[Path]) -> None:
    """Each file is one that its service can read."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("go") is None, reason="actionlint is a Go module, and there is no go")
def test_actionlint_finds_nothing() -> None:
    """The linter of workflows finds no mistake: expressions, contexts, needs, scripts."""
    command = ["go", "run", ACTIONLINT, str(EXAMPLE / "github.yml"), *map(str, NEW)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_jobs_may_do_no_more_than_they_must(workflow: dict[str, Any]) -> None:
    """Nothing is allowed by default, and only the job that posts may write, to pull requests alone."""
    writes = {
        name: sorted(what for what, how in job["permissions"].items() if how == "write")
        for name, job in workflow["jobs"].items()
    }

    assert workflow["permissions"] == {}
    assert writes == {"local": [], "stage": [], "comment": ["pull-requests"]}


def test_forks_get_no_secret(workflow: dict[str, Any]) -> None:
    """Secrets are in the one job that forks are kept from, and in its one step; the event gives forks none either."""
    jobs = workflow["jobs"]
    steps = [(name, step["name"]) for name, job in jobs.items() for step in job["steps"] if "secrets." in str(step)]

    assert list(workflow["on"]) == ["pull_request"]
    assert steps == [("stage", "Preview")]
    assert "head.repo.full_name == github.repository" in jobs["stage"]["if"]
    assert not any("secrets." in str(part) for part in (workflow["env"], *(job.get("env") for job in jobs.values())))


def test_no_script_holds_an_expression(workflow: dict[str, Any]) -> None:
    """What a stranger writes into a label or a title can never become a command: it goes through the environment."""
    scripts = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]

    assert [script for script in scripts if re.search(r"\$\{\{", script)] == []


def test_both_take_the_same_engine(workflow: dict[str, Any]) -> None:
    """The workflow and the pipeline pin one version of Pulumi."""
    pipeline = yaml.safe_load((EXAMPLE / "gitlab.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    versions = {step["with"]["pulumi-version"] for step in steps if "pulumi-version" in step.get("with", {})}

    assert {pipeline[".press"]["image"].rpartition(":")[2]} == versions


@pytest.mark.parametrize("path", NEW)
def test_the_job_of_a_new_project_is_as_careful(path: Path, workflow: dict[str, Any]) -> None:
    """It may read only, knows no secret, takes the same actions and engine, and no script has an expression."""
    text = path.read_text(encoding="utf-8")
    job = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # `on` is no boolean.
    used = {
        step["uses"]: step.get("with") for part in workflow["jobs"].values() for step in part["steps"] if "uses" in step
    }
    steps = job["jobs"]["preview"]["steps"]

    assert (job["on"], job["permissions"]) == ("pull_request", {"contents": "read"})
    assert "${{" not in text
    for step in steps:
        assert "run" in step or step["uses"] in used
        if "pulumi/actions" in step.get("uses", ""):
            assert step["with"] == used[step["uses"]]
