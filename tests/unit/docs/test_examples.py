"""The examples on the pages: every program and command is run somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"^( *<!-- [^\n]*-->\n)? *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
GENERATED = re.compile(
    r"^<!-- (?:generated: (?!end)|mistakes: ).*?<!-- (?:generated: end|end of \w+) -->$", re.MULTILINE | re.DOTALL
)
"""Written from code that has tests of its own."""
RUN = ("program", "consumer", "setup", "step", "command", "background", "install", "test", "file", "wrong")
"""Markers of what tests take from the pages: `tests/engine/test_docs*.py`, and `tests/typing` what is wrong."""
TYPED = ("setup", "step", "command", "background")
NOT_OURS = {("upstream", "python")}
"""Shown to Pulumi's maintainers."""


class Block(NamedTuple):
    """A block of code."""

    page: str
    marker: str
    language: str
    text: str

    @property
    def kind(self) -> str:
        """Its marker's first word; empty without one."""
        found = re.match(r" *<!-- (\w+)", self.marker)
        return found[1] if found else ""


def read_blocks() -> Iterator[Block]:
    """Read every block that a person wrote."""
    for path in sorted((ROOT / "docs").glob("*.md")):
        for marker, language, text in BLOCK.findall(GENERATED.sub("", path.read_text(encoding="utf-8"))):
            yield Block(path.stem, marker, language, text)


def test_every_program_and_command_is_run(tell: Callable[[str], None]) -> None:
    """A block is run with its page, or says which test tries the same, and that test exists."""
    blocks = [block for block in read_blocks() if block.language in ("console", "python", "yaml")]
    elsewhere = [block for block in blocks if block.kind == "tried"]
    unknown = [block for block in blocks if block.kind not in (*RUN, "tried")]

    assert [(block.page, block.text) for block in unknown if (block.page, block.language) not in NOT_OURS] == []
    assert [block.marker for block in elsewhere if not (ROOT / block.marker.split()[2]).exists()] == []
    programs = [block for block in blocks if block.kind in ("program", "consumer", "test")]
    typed = [line for block in blocks if block.kind in TYPED for line in block.text.splitlines() if line[:2] == "$ "]
    pages = {block.page for block in blocks}
    tell(
        f"docs: {len(programs)} programs run, {len(typed)} commands typed, "
        f"{len(elsewhere)} blocks tried by other tests, on {len(pages)} pages"
    )
