"""The part of `docs/mistakes.md` that is written from what the engine and pyright say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tools.mistakes.cases import GROUPS, MISTAKES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.support.checkers import Complaint
    from tools.mistakes.cases import Mistake

__all__ = ["read_page", "read_printed", "render", "write_page"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mistakes.md"
BEGIN = "<!-- mistakes: written by `python -m tools.mistakes` -->"
END = "<!-- end of mistakes -->"
HARD_SPACE = "\u00a0"


def render(printed: Mapping[str, str], complaints: Iterable[Complaint]) -> str:
    """Write the part, from what the engine printed of each mistake, and what pyright says of the programs."""
    told: dict[str, list[Complaint]] = {}
    for complaint in complaints:
        told.setdefault(complaint.file, []).append(complaint)
    parts = []
    for title, group in GROUPS.items():
        parts.append(f"## {title}")
        for mistake in group:
            parts += _write(mistake, printed[mistake.name], told.get(mistake.file.name, []))
    return "\n\n".join(parts)


def _write(mistake: Mistake, printed: str, complaints: Iterable[Complaint]) -> Iterator[str]:
    yield f"### {mistake.heading}"
    if not mistake.title:
        yield f"```python\n{mistake.excerpt}\n```"
    if mistake.before:
        parts = " and ".join(f"`{then}` for `{now}`" for now, then in mistake.before.items())
        yield f"The program was brought up before, with {parts}."
    shown = [f"$ {line.replace('{token}', '...')}" for line in (*mistake.commands, f"pulumi {mistake.command}")]
    yield "```console\n" + "\n".join([*shown, printed]) + "\n```"
    if not mistake.title:
        above = mistake.source.partition(mistake.excerpt)[0].count("\n")
        said = "\n".join(f"line {item.line - above}: {item.message.replace(HARD_SPACE, ' ')}" for item in complaints)
        yield f"pyright:\n\n```text\n{said}\n```" if said else "pyright accepts it."
    yield f"**Cure:** {mistake.cure}"


def read_page() -> str:
    """Read the part from the page."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip()


def read_printed() -> dict[str, str]:
    """Read from the page what was printed of each mistake, by its name."""
    sections = dict(re.findall(r"^### ([^\n]*)\n(.*?)(?=^##|\Z)", read_page(), re.MULTILINE | re.DOTALL))
    return {mistake.name: _read_console(sections[mistake.heading]) for mistake in MISTAKES}


def _read_console(section: str) -> str:
    [block] = re.findall(r"^```console\n(.*?)\n```$", section, re.MULTILINE | re.DOTALL)
    return "\n".join(line for line in block.splitlines() if not line.startswith("$ "))


def write_page(part: str) -> None:
    """Put the part into the page, in the place of the last one."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{part}\n\n{END}{after}", encoding="utf-8")
