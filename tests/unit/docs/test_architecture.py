"""The page on the architecture names what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "pulumi_press"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_room_has_its_line() -> None:
    """A folder of the package that the page does not explain would be a room without a purpose."""
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}

    assert {room for room in rooms if f"\n| `{room}` |" not in PAGE} == set()


def test_every_file_that_is_named_is_there() -> None:
    """The ways through the code lead along files that exist, in at most ten steps each."""
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", PAGE))

    assert len(named) > 10
    assert {name for name in named if not (PACKAGE / name).exists()} == set()
    assert "\n11. " not in PAGE
