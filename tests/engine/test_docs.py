"""The examples in the documentation, run as a reader would run them.

A comment before a block of code in `docs/` says what it is: `<!-- program -->`, `<!-- setup -->` with commands that
come before it, `<!-- command -->` that stands by itself, `<!-- file: NAME -->` that lies beside it, or
`<!-- test -->`, a module for pytest.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from tests.engine.conftest import Stack

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"^( *)<!-- (program|setup|command|test|file)(?:: (\S+))? -->\n *```\w+\n(.*?)^ *```$", re.MULTILINE | re.DOTALL
)
"""In a tab, blocks are indented."""
TOKENS = {"token": "acme", "token-of-north": "north", "token-of-south": "south"}
AT_ONCE = 4

RESOURCES = {"block", "block-deployment", "block-spec", "block-spec-release", "functions", "provider"}
GUIDES = {"from-peak", "parameters", "rollouts", "schema", "secrets", "service", "settings", "stacks", "workflow"}

FOLLOWED = {"index"}
"""Pages that another test follows step by step."""


@dataclass(frozen=True)
class Page:
    """A page's blocks."""

    name: str
    blocks: tuple[tuple[str, str, str], ...]
    """Kind, name and text of each."""

    def texts(self, kind: str) -> list[str]:
        """Give the texts of one kind."""
        return [text for found, _, text in self.blocks if found == kind]

    def commands(self, kind: str) -> list[list[str]]:
        """Give the words of each command of one kind."""
        lines = [line for text in self.texts(kind) for line in text.splitlines()]
        return [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]

    def write_files(self, folder: Path) -> None:
        """Write the files that lie beside the program."""
        for kind, name, text in self.blocks:
            if kind == "file":
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(text)


def read_page(path: Path) -> Page:
    """Read a page."""
    found = BLOCK.findall(path.read_text(encoding="utf-8"))
    return Page(path.stem, tuple((kind, name, dedent(text) if tab else text) for tab, kind, name, text in found))


PAGES = [read_page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = [page for page in PAGES if page.texts("program")]
TESTS = [(page, number) for page in PAGES for number in range(len(page.texts("test")))]


class Outcome(NamedTuple):
    """What came of a program."""

    changes: set[str]
    """What a preview would change after `up`."""
    shown: list[str]
    """Secrets of the configuration that showed somewhere."""
    left: int
    """Objects on the service after `destroy`."""


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, build_stack: Callable[..., Stack]
) -> Iterator[dict[str, Future[Outcome]]]:
    """Run the program of every page, several at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        pages = [page for page in PROGRAMS if page.name not in FOLLOWED]
        yield {page.name: pool.submit(live, page, tmp_path_factory.mktemp(page.name), build_stack) for page in pages}


def live(page: Page, folder: Path, build_stack: Callable[..., Stack]) -> Outcome:
    """Bring a page's program up, look at it, and take it down."""
    with start(tokens=TOKENS) as press:
        stack = build_stack(folder, press)
        page.write_files(folder)
        (folder / "__main__.py").write_text("\n".join(page.texts("program")))
        commands = page.commands("setup")
        for command in [*commands, *page.commands("command")]:
            subprocess.run(command, cwd=folder, env=stack.environment(), capture_output=True, check=True)
        printed = stack.up() + str(stack.export())
        changes = set(stack.preview())
        stack.succeed("destroy", "--yes", "--skip-preview")
        secrets = [command[-1] for command in commands if "--secret" in command]
        state = press.state()
        shown = [secret for secret in secrets if secret in printed]
        return Outcome(changes, shown, len(state["specs"]) + len(state["deployments"]))


@pytest.mark.parametrize("name", sorted(RESOURCES | GUIDES))
def test_program_comes_up_settles_and_goes(outcomes: dict[str, Future[Outcome]], name: str) -> None:
    """The page's program comes up, shows no change after it and no secret, and leaves nothing behind."""
    assert outcomes[name].result() == Outcome(changes=set(), shown=[], left=0)


def test_every_program_is_known() -> None:
    """No page has lost its program, and none has one that is not run."""
    assert {page.name for page in PROGRAMS} == RESOURCES | GUIDES | FOLLOWED


@pytest.mark.parametrize(("page", "number"), TESTS, ids=[f"{page.name}-{number}" for page, number in TESTS])
def test_test_passes(page: Page, number: int, tmp_path: Path, build_stack: Callable[..., Stack]) -> None:
    """A test that a page shows passes, where the page's files lie beside it."""
    page.write_files(tmp_path)
    (tmp_path / "test_blocks.py").write_text(page.texts("test")[number])
    with start() as press:
        environment = build_stack(tmp_path, press).environment()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_blocks.py"]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_programs_have_the_right_types(tmp_path: Path) -> None:
    """No program has an error of types, so that a reader who copies one begins well."""
    files = []
    for page in PROGRAMS:
        files.append(tmp_path / f"{page.name.replace('-', '_')}.py")
        files[-1].write_text("\n".join(page.texts("program")))
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, files)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
