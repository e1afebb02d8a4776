"""Wrong programs: each is refused with the text that it says itself, before any write reaches the service."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

PROGRAMS = sorted((Path(__file__).parent / "bad_programs").glob("*.py"))
AT_LEAST = 40
AT_ONCE = 6


class Refusal(NamedTuple):
    """What came of a wrong program."""

    code: int
    printed: str
    writes: set[str]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory, build_stack: Callable[..., Stack]) -> dict[str, Refusal]:
    """Run every program, several at once: the engine mostly waits for a program that it has given up."""
    with (
        start(tokens={f"token-of-{program.stem}": program.stem for program in PROGRAMS}) as press,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        folders = [tmp_path_factory.mktemp("bad") for _ in PROGRAMS]
        refused = pool.map(lambda program, folder: run(program, folder, press, build_stack), PROGRAMS, folders)
        return dict(zip([program.stem for program in PROGRAMS], refused, strict=True))


def run(program: Path, folder: Path, press: LocalPress, build_stack: Callable[..., Stack]) -> Refusal:
    """Run one program as a tenant of its own."""
    stack = build_stack(folder, press, PEAK_AUTH_TOKEN=f"token-of-{program.stem}")
    (folder / "__main__.py").write_text(program.read_text())
    done = stack.run("up", "--yes", "--skip-preview")
    calls = [call for call in press.requests() if call["tenant"] == program.stem and call["method"] != "GET"]
    writes = {f"{call['method']} {call['path']}" for call in calls}
    return Refusal(done.code, done.text, writes)


def test_there_are_enough() -> None:
    """There are at least forty wrong programs."""
    assert len(PROGRAMS) >= AT_LEAST


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_is_refused(refusals: dict[str, Refusal], program: Path) -> None:
    """The program is refused with all its mistakes at once, and nothing of the wrong part is made."""
    source = program.read_text()
    told = str(ast.get_docstring(ast.parse(source))).partition("Expected:\n")[2]
    expected = [line.strip() for line in told.splitlines()]
    refusal = refusals[program.stem]

    assert refusal.code != 0
    assert expected
    assert [text for text in expected if text not in refusal.printed] == []
    assert "Traceback" not in refusal.printed
    # A program whose deployment is wrong may publish the spec before it; the deployment itself is never sent.
    assert refusal.writes <= ({"POST /v1/blocks/specs/"} if "BlockDeployment" in source else set())
