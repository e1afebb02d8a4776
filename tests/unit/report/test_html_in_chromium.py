"""The HTML page, as headless Chromium shows it; KEEP_PICTURES=1 in the environment renews the pictures of the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.report import Origin, read_preview, render_html
from tests.support.chromium import NARROW, WIDE
from tests.support.pictures import keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.chromium import Chromium

    Find = Callable[[str], Path]

ORIGIN = Origin("4f1c2a9b7d3e5f60718293a4b5c6d7e8f9012345", "2026-11-30 09:15 UTC")
PAGES = {
    "create": ("create",),
    "effects": ("many-effects",),
    "replace": ("kind-replace",),
    "drift": ("drift-and-change",),
    "odd": ("special-change",),
    "error": ("refused-token",),
    "metadata": ("spec-metadata",),
    "files": ("artifact-many-files",),
    "stacks": ("many-effects", "staging"),
    "many": ("kind-replace", "staging", "nothing", "mistakes", "destroy"),
}

COLORS = """
Object.fromEntries(
  [...document.querySelectorAll(".effect")].map((part) => [part.innerText, getComputedStyle(part).color])
)
"""


@pytest.fixture
def show(chromium: Chromium, recording: Find, tmp_path: Path) -> Callable[..., None]:
    """Show the report of some recordings."""

    def show(name: str, width: int = WIDE) -> None:
        page = tmp_path / f"{name}.html"
        page.write_text(render_html(read_preview(*map(recording, PAGES[name])), ORIGIN))
        chromium.show(page.as_uri(), width)
        chromium.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")

    return show


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everyone_can_read_the_report(chromium: Chromium, show: Callable[..., None], width: int) -> None:
    """Nothing is cut off, too small or too pale; headings are in order; nothing is complained of."""
    chromium.complaints.clear()
    faults = {}
    for name in PAGES:
        show(name, width)
        faults[name] = chromium.find_faults()

    assert {name: found for name, found in faults.items() if found} == {}
    assert chromium.complaints == []


def test_stacks_are_side_by_side(chromium: Chromium, show: Callable[..., None]) -> None:
    """Where there is room; else one below the other."""
    lefts = "new Set([...document.querySelectorAll('article')].map((part) => part.getBoundingClientRect().left)).size"
    for name, width, columns in (("stacks", WIDE, 2), ("many", WIDE, 2), ("many", 1900, 3), ("stacks", NARROW, 1)):
        show(name, width)
        assert chromium.evaluate(lefts) == columns, (name, width)


def test_effects_are_told_apart_by_colour(chromium: Chromium, show: Callable[..., None]) -> None:
    """Each of six has a colour of its own, light and dark."""
    wanted = ("create", "new release", "new revision", "patch", "replace", "destroy")
    colors: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for name in ("create", "effects", "metadata", "many"):
        show(name)
        for scheme, found in colors.items():
            chromium.set_scheme(scheme)
            found.update(chromium.evaluate(COLORS))
    assert [len({found[effect] for effect in wanted}) for found in colors.values()] == [6, 6], colors


def test_the_report_is_as_in_the_docs(chromium: Chromium, show: Callable[..., None]) -> None:
    """The pictures show a replacement, and two stacks."""
    show("replace", 900)
    chromium.evaluate("document.querySelector('.full').open = false")
    keep(chromium, "report-page.png", chromium.picture(900))
    show("stacks")
    chromium.evaluate("document.querySelectorAll('.full').forEach((part) => { part.open = false; })")
    keep(chromium, "report-stacks.png", chromium.picture(WIDE))
