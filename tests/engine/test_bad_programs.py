"""Wrong programs: each is refused with the text that it says itself, before any write reaches the service."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pulumi_press.emulator import start
from tests.engine.conftest import DYNAMIC, IMPORTS, both_ways

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

    Refuse: TypeAlias = Callable[[str], "dict[str, Refusal]"]

PROGRAMS = sorted((Path(__file__).parent / "bad_programs").glob("*.py"))
AT_LEAST = 40
AT_ONCE = 6


class Refusal(NamedTuple):
    """What came of a wrong program."""

    code: int
    printed: str
    writes: set[str]


@pytest.fixture(scope="module")
def refuse(tmp_path_factory: pytest.TempPathFactory, build_stack: Callable[..., Stack]) -> Refuse:
    """Give what runs every program in a way, once, several at a time: the engine mostly waits for one it gave up."""

    @cache
    def run_all(way: str) -> dict[str, Refusal]:
        with (
            start(tokens={f"token-of-{program.stem}": program.stem for program in PROGRAMS}) as press,
            ThreadPoolExecutor(AT_ONCE) as pool,
        ):
            folders = [tmp_path_factory.mktemp("bad") for _ in PROGRAMS]
            refused = pool.map(lambda program, folder: run(program, folder, press, way, build_stack), PROGRAMS, folders)
            return dict(zip([program.stem for program in PROGRAMS], refused, strict=True))

    return run_all


def run(program: Path, folder: Path, press: LocalPress, way: str, build_stack: Callable[..., Stack]) -> Refusal:
    """Run one program as a tenant of its own."""
    stack = build_stack(folder, press, way, PEAK_AUTH_TOKEN=f"token-of-{program.stem}")
    source = program.read_text()
    assert source.count(f"{IMPORTS[DYNAMIC]}\n") == 1
    (folder / "__main__.py").write_text(source.replace(IMPORTS[DYNAMIC], IMPORTS[way]))
    done = stack.run("up", "--yes", "--skip-preview")
    calls = [call for call in press.requests() if call["tenant"] == program.stem and call["method"] != "GET"]
    writes = {f"{call['method']} {call['path']}" for call in calls}
    return Refusal(done.code, done.text, writes)


def test_there_are_enough() -> None:
    """There are at least forty wrong programs."""
    assert len(PROGRAMS) >= AT_LEAST


@both_ways
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_is_refused(refuse: Refuse, program: Path, way: str) -> None:
    """The program is refused with all its mistakes at once, and nothing of the wrong part is made."""
    source = program.read_text()
    told = str(ast.get_docstring(ast.parse(source))).partition("Expected:\n")[2]
    expected = [line.strip() for line in told.splitlines()]
    refusal = refuse(way)[program.stem]

    assert refusal.code != 0
    assert expected
    assert [text for text in expected if text not in refusal.printed] == []
    assert "Traceback" not in refusal.printed
    # A program whose deployment is wrong may publish the spec before it; the deployment itself is never sent.
    assert refusal.writes <= ({"POST /v1/blocks/specs/"} if "BlockDeployment" in source else set())
