"""Comments, wrapped."""

from __future__ import annotations

import textwrap

__all__ = ["write_comment"]


def write_comment(text: str, *, width: int, indent: int = 0) -> list[str]:
    """Write a comment; a line break in it begins a new line."""
    start = " " * indent + "# "
    return [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(
            paragraph,
            width,
            initial_indent=start,
            subsequent_indent=start,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
