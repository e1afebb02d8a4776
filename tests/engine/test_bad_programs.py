"""Wrong programs: each is refused with the text that it says itself, before any write reaches the service."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

PROGRAMS = sorted((Path(__file__).parent / "bad_programs").glob("*.py"))
AT_LEAST = 40


def test_there_are_enough() -> None:
    """There are at least forty wrong programs."""
    assert len(PROGRAMS) >= AT_LEAST


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_is_refused(stack: Stack, program: Path) -> None:
    """The program is refused with all its mistakes at once, and nothing of the wrong part is made."""
    source = program.read_text()
    told = str(ast.get_docstring(ast.parse(source))).partition("Expected:\n")[2]
    expected = [line.strip() for line in told.splitlines()]
    (stack.folder / "__main__.py").write_text(source)

    printed = stack.fail_up()

    assert expected
    assert [text for text in expected if text not in printed] == []
    assert "Traceback" not in printed
    writes = [call for call in stack.calls() if not call.startswith("GET")]
    # A program whose deployment is wrong may publish the spec before it; the deployment itself is never sent.
    assert set(writes) <= ({"POST /v1/blocks/specs/"} if "BlockDeployment" in source else set())
