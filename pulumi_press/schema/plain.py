"""What can be told without the library that checks shapes, which takes a while to load."""

from __future__ import annotations

from typing import Literal

__all__ = ["REFERENCE", "TEXTS", "Adopt"]

Adopt = Literal["never", "identical", "always"]

REFERENCE = "@param:"
"""The prefix of a string that stands for the value of a build parameter."""

TEXTS = ("name", "title", "summary", "description", "descriptionContentType", "imageUrl", "tags")
"""The fields of `Texts`."""
