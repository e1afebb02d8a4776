"""Marks in a rendered text: they tell what the text alone would not, such as the line of the file it came from.

A mark stands between two characters of Unicode's private use, so YAML takes it for a part of a plain word. It holds a
number of this process, which no file or value can know, so that none can forge one.
"""

from __future__ import annotations

import re
import secrets
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Marker", "Meaning", "find_markers", "make_marker", "split_markers", "strip_markers"]

_OPEN, _CLOSE = f"\ue000{secrets.token_hex(8)}", "\ue001"


class Meaning(Enum):
    """What a mark tells."""

    LINE = "L"
    """What follows comes from this line of this file: `file:line`, the file by its number."""
    CONTEXT = "C"
    """The rest of the value is a path from the folder of this file: as LINE."""
    VARIABLE = "V"
    """Stands for the value of this environment variable."""


class Marker(NamedTuple):
    """A mark that was found."""

    meaning: Meaning
    text: str


_MARK = re.compile(f"{_OPEN}([{''.join(meaning.value for meaning in Meaning)}])([^{_CLOSE}]*){_CLOSE}")


def make_marker(meaning: Meaning, text: str) -> str:
    """Write a mark."""
    return f"{_OPEN}{meaning.value}{text}{_CLOSE}"


def find_markers(text: str) -> Iterator[Marker]:
    """Find the marks in a text, in their order."""
    for match in _MARK.finditer(text):
        yield Marker(Meaning(match[1]), match[2])


def strip_markers(text: str) -> str:
    """Take the marks out of a text."""
    return _MARK.sub("", text)


def split_markers(text: str) -> Iterator[str | Marker]:
    """Split a text into its marks and what stands between them."""
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield Marker(Meaning(match[1]), match[2])
        end = match.end()
    if end < len(text):
        yield text[end:]
