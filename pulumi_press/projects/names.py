"""Names that a project of Pulumi and a block of Press can both have."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["RULE", "is_name", "make_name"]

LONGEST = 63
"""Fewer characters than Pulumi takes: a service's name may become part of a host name."""

RULE = f"letters from a to z, digits, and single hyphens between them, first a letter, at most {LONGEST} characters"

_SHAPE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def is_name(text: str) -> bool:
    """Return whether a text can be the name of both."""
    return len(text) <= LONGEST and _SHAPE.fullmatch(text) is not None


def make_name(text: str) -> str:
    """Return the name that is nearest to a text; empty where nothing of the text can be in a name."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).lstrip("-0123456789")[:LONGEST].rstrip("-")
