"""Tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["say", "write_table"]


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a cell is one line of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_escape, line))} |" for line in lines)


def say(text: str) -> str:
    """Write a docstring as one line: its first letter large, and with a full stop."""
    line = " ".join(text.split())
    line = line[:1].upper() + line[1:]
    return line if not line or line.endswith((".", ":", "!", "?")) else f"{line}."


def _escape(cell: str) -> str:
    return cell.replace("|", r"\|")
