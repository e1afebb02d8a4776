"""The table of lateness in the documentation is the one that the rules give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bench import lateness

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rollouts.md"


def test_table_of_the_page_is_what_the_script_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The clock is simulated and the seed fixed, so it is the same everywhere."""
    assert lateness.main() == 0

    assert capsys.readouterr().out in PAGE.read_text(encoding="utf-8")
