"""The page of mistakes: each program is told what the page says, by the engine itself."""

from __future__ import annotations

import pytest

from tools.mistakes.cases import MISTAKES, PROGRAMS
from tools.mistakes.page import read_printed
from tools.mistakes.previews import preview_all


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """What is printed of each mistake; all run once, several at a time."""
    return preview_all()


@pytest.mark.parametrize("name", [mistake.name for mistake in MISTAKES])
def test_the_page_says_what_is_printed(printed: dict[str, str], name: str) -> None:
    """`python -m tools.mistakes` renews the page."""
    assert printed[name] == read_printed()[name]


def test_every_program_is_on_the_page() -> None:
    """No program lies there that is not shown."""
    assert {file.name for file in PROGRAMS.glob("*.py")} == {mistake.file.name for mistake in MISTAKES}
