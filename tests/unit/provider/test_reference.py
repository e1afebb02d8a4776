"""The page that is written from the tables."""

from __future__ import annotations

from pathlib import Path

from tools.docs.changes import render

PAGE = Path(__file__).resolve().parents[3] / "docs/lifecycle.md"


def test_page_is_what_the_tables_say() -> None:
    """`docs/lifecycle.md` is up to date; `make docs` renews it."""
    assert render() == PAGE.read_text(encoding="utf-8")
