"""Showing untrusted text: characters that cannot be seen become escapes."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["escape_hidden", "shorten"]

# Characters without a glyph: control, format (some turn text around), halves of pairs, line separators.
_HIDDEN_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def escape_hidden(text: str) -> str:
    """Return a text on one line, with an escape for every character that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escape_character, text))


def shorten(text: str, most: int) -> str:
    """Return a text cut after so many characters, with the number of those left out."""
    return text if len(text) <= most else f"{text[:most]} ... ({len(text) - most} more characters)"


def _escape_character(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")  # noqa: PLR2004
