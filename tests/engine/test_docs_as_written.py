"""Pages that a reader follows step by step: their files, and their commands as they are written, in one shell.

A comment before a block of code says what it is: `<!-- step -->` are commands, `<!-- background -->` one that runs on
in a second terminal, `<!-- file: NAME -->` and `<!-- program -->` files of the project.
"""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.surroundings import surround

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(
    r"^<!-- (step|background|file|program)(?:: (\S+))? -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
MADE_BY_READER = ("PRESS_ENDPOINT", "PULUMI_CONFIG_PASSPHRASE", "PEAK_AUTH_TOKEN")
"""Variables that get their values from the page."""

PORT = "8600"
"""The one that the pages name; a test takes a free one."""


class Page:
    """A page, as it is typed.

    Args:
        name: its name, without the ending.
        port: stands in for the port that the page names.
    """

    def __init__(self, name: str, port: str = PORT) -> None:
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8").replace(PORT, port)
        self._blocks = BLOCK.findall(text)

    def write_files(self, folder: Path) -> None:
        """Write the files of the project."""
        for kind, name, text in self._blocks:
            if kind in ("file", "program"):
                path = folder / (name or "__main__.py")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)

    def commands(self, kind: str) -> list[str]:
        """Give the commands of one kind, without what they print."""
        lines = [line for found, _, text in self._blocks if found == kind for line in text.splitlines()]
        return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def type_in(commands: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run commands in one shell, which must end well; give what they printed."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(commands)],  # noqa: S607  # The reader's shell.
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@contextmanager
def second_terminal(command: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Let a command run on, once it has printed a line."""
    with subprocess.Popen(shlex.split(command), cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as run:
        try:
            yield run.stdout.readline() if run.stdout else ""
        finally:
            run.terminate()


def find_port() -> str:
    """Give a port that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def test_first_page_works_as_written(tmp_path: Path, engine: str) -> None:
    """In an empty folder, with an empty HOME: a release, its deployment, and after a change the next of both."""
    port = find_port()
    page = Page("index", port)
    folder, home = tmp_path / "shop", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    page.write_files(folder)
    environment = surround(engine, folder, "", "")
    environment = {name: value for name, value in environment.items() if name not in MADE_BY_READER}
    # `login --local` means the folder of the user, whatever HOME is; the address in the environment comes before it.
    environment |= {"HOME": str(home), "PULUMI_HOME": str(home / ".pulumi"), "PULUMI_BACKEND_URL": f"file://{home}"}
    (background,) = page.commands("background")

    with second_terminal(background, folder, environment) as line:
        printed = type_in(page.commands("step"), folder, environment)

    assert f"http://127.0.0.1:{port}" in line
    assert re.search(r"release: \"1\.0\.0\"", printed)
    assert "+ 4 created" in printed
    assert re.search(r"main\.py", printed)
    assert re.search(r"release\w*\s*: \"1\.0\.0\" => \"1\.0\.1\"", printed)
    assert re.search(r"revision\w*\s*: 1 => 2", printed)
    assert "- 4 deleted" in printed


def test_page_on_yaml_works_as_written(tmp_path: Path, yaml_engine: str) -> None:
    """Each step ends well: release 1.0.1 and revision 2 come of the changed file, and nothing is left at the end."""
    page = Page("yaml")
    page.write_files(tmp_path)
    (tmp_path / "backend").mkdir()
    with start(tokens={"token": "acme"}) as press:
        environment = surround(yaml_engine, tmp_path, press.url, press.token)
        for name in ("PULUMI_CONFIG_PASSPHRASE", "PEAK_AUTH_TOKEN"):
            del environment[name]
        printed = type_in(page.commands("step"), tmp_path, environment)
        state = press.state()

    assert re.findall(r'release *: "1\.0\.0" => "1\.0\.1"', printed)
    assert re.findall(r"main\.py", printed)
    assert re.findall(r"revision *: 1 => 2", printed)
    assert "3 unchanged" in printed
    assert "5f0c-pager" not in printed
    assert "Hello $${name}" in (tmp_path / "report" / "Pulumi.yaml").read_text()
    assert (state["specs"], state["deployments"]) == ([], [])
