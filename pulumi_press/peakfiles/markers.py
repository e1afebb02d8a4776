"""Markers in rendered text: they carry what the text alone does not, such as the line of the file it came from.

A marker is enclosed in two characters of Unicode's private use area, so YAML reads it as part of a plain scalar. It
contains a random number of this process, so no file or value can forge one.
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
    """What a marker means."""

    LINE = "L"
    """The following text comes from this line of this file: `file:line`, with the file's number."""
    CONTEXT = "C"
    """The rest of the value is a path relative to the folder of this file; same form as LINE."""
    VARIABLE = "V"
    """Stands for the value of the environment variable with this name."""


class Marker(NamedTuple):
    """A marker found in a text."""

    meaning: Meaning
    text: str


_MARKER = re.compile(f"{_OPEN}([{''.join(meaning.value for meaning in Meaning)}])([^{_CLOSE}]*){_CLOSE}")


def make_marker(meaning: Meaning, text: str) -> str:
    """Return a marker as text."""
    return f"{_OPEN}{meaning.value}{text}{_CLOSE}"


def find_markers(text: str) -> Iterator[Marker]:
    """Yield the markers in a text, in order."""
    for match in _MARKER.finditer(text):
        yield Marker(Meaning(match[1]), match[2])


def strip_markers(text: str) -> str:
    """Return the text without markers."""
    return _MARKER.sub("", text)


def split_markers(text: str) -> Iterator[str | Marker]:
    """Yield the markers of a text and the pieces between them, in order."""
    end = 0
    for match in _MARKER.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield Marker(Meaning(match[1]), match[2])
        end = match.end()
    if end < len(text):
        yield text[end:]
