"""Pages whose parts between two markers are written from the code.

A part begins with a line `<!-- generated: KIND WORD... -->` and ends with `<!-- generated: end -->`.
"""

from __future__ import annotations

import re

from tools.docs.changes import render as render_lifecycle
from tools.docs.emulator import update_tables
from tools.docs.sections import SECTIONS
from tools.docs.source import ROOT

__all__ = ["DOCS", "find_stale"]

DOCS = ROOT / "docs"
WHOLE = {"lifecycle.md": render_lifecycle}
"""Pages that are written as a whole."""

END = "<!-- generated: end -->"
PART = re.compile(rf"^<!-- generated: (?!end)(\S+)(.*?) -->\n(.*?)^{END}$", re.MULTILINE | re.DOTALL)


def find_stale() -> dict[str, str]:
    """Give what each page that is not up to date should say, by its name."""
    stale = {}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        renewed = WHOLE[path.name]() if path.name in WHOLE else update_tables(PART.sub(_write, text))
        if renewed != text:
            stale[path.name] = renewed
    return stale


def _write(part: re.Match[str]) -> str:
    kind, words = part[1], part[2].split()
    return f"<!-- generated: {' '.join([kind, *words])} -->\n\n{SECTIONS[kind](*words)}\n\n{END}"
