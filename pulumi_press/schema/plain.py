"""What can be told without the library that checks shapes, which takes a while to load."""

from __future__ import annotations

from typing import Literal

__all__ = ["REFERENCE", "SHORTEST_TEXT", "TEXTS", "Adopt", "is_text"]

Adopt = Literal["never", "identical", "always"]

REFERENCE = "@param:"
"""The prefix of a string that stands for the value of a build parameter."""

TEXTS = ("name", "title", "summary", "description", "descriptionContentType", "imageUrl", "tags")
"""The fields of `Texts`."""

SHORTEST_TEXT = 1
"""Characters of a text that must not be empty, such as a name; any character will do, and there may be any number."""


def is_text(value: object) -> bool:
    """Tell whether a value is a text that is not empty: the rule of the shapes, for answers of the service."""
    return isinstance(value, str) and len(value) >= SHORTEST_TEXT
