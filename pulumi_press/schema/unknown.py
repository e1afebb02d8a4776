"""The marker for a value that is not known yet."""

from __future__ import annotations

from typing import Final

__all__ = ["UNKNOWN", "Unknown", "contains_unknown"]


class Unknown:
    """The type of [UNKNOWN][pulumi_press.schema.UNKNOWN]: a value that only a later step of the engine will know."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Read as the word a person would use."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def contains_unknown(value: object) -> bool:
    """Tell whether `value`, or anything inside its dicts and lists, is not known yet."""
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, Unknown)
