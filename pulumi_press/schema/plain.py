"""What can be known of values without pydantic, which takes a while to load: markers, and rules for text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from pulumi_press.schema.failures import CheckFailure, join

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "REFERENCE",
    "SHORTEST_TEXT",
    "TEXTS",
    "UNKNOWN",
    "Adopt",
    "Refused",
    "Unknown",
    "contains_unknown",
    "find_output_texts",
    "holds_output_text",
    "is_text",
]

Adopt = Literal["never", "identical", "always"]

REFERENCE = "@param:"
"""The prefix of a string that stands for the value of a build parameter."""

TEXTS = ("name", "title", "summary", "description", "descriptionContentType", "imageUrl", "tags")
"""The fields of `Texts`."""

SHORTEST_TEXT = 1
"""Least number of characters of a text that must not be empty, such as a name."""


def is_text(value: object) -> bool:
    """Return whether a value is a text that is not empty: the rule of the shapes, for responses of the service."""
    return isinstance(value, str) and len(value) >= SHORTEST_TEXT


class Unknown:
    """The type of [UNKNOWN][pulumi_press.schema.UNKNOWN]: a value that only a later step of the engine will know."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return `UNKNOWN`."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def contains_unknown(value: object) -> bool:
    """Return whether `value`, or anything inside its dicts and lists, is not known yet."""
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, Unknown)


class Refused:
    """Stands for a value that the program refused, because only the program could see that it is wrong."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
        """What is wrong with the value, as the message of a failure."""

    def __repr__(self) -> str:
        """Return the class and the reason."""
        return f"Refused({self.reason!r})"


WRITTEN = re.compile(r"Calling __str__ on an Output|<pulumi\.output\.Output object at 0x")

WHY = (
    "holds the text that Python writes for an output, not its value: use pulumi.Output.concat or "
    "pulumi.Output.format in place of an f-string, or the output's apply"
)


def holds_output_text(text: str) -> bool:
    """Return whether a text was made from an output itself, for example by an f-string."""
    return WRITTEN.search(text) is not None


def find_output_texts(value: object, at: str = "") -> Iterator[CheckFailure]:
    """Yield a failure for every such text in a value, keys included."""
    if not at and not _holds_output_text(value):
        # Hardly any value holds one, and to write each path takes most of the time.
        return
    if isinstance(value, str):
        if holds_output_text(value):
            yield CheckFailure(at, WHY)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str) and holds_output_text(key):
                yield CheckFailure(at, f"has a key that {WHY}")
            else:
                yield from find_output_texts(item, join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_output_texts(item, join(at, index))


def _holds_output_text(value: object) -> bool:
    if isinstance(value, str):
        return holds_output_text(value)
    if isinstance(value, dict):
        return any(_holds_output_text(key) or _holds_output_text(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_output_text, value))
