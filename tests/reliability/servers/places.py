"""Every place in an answer, and the wrong values that may stand there."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Place", "Wrong", "find_places", "find_wrongs", "put_wrong"]

Place = tuple[str | int, ...]

_MISSING: Any = object()

_OTHERS: dict[str, Any] = {
    "empty text": "",
    "text": "something",
    "number": 7,
    "fraction": 1.5,
    "flag": True,
    "empty list": [],
    "list": [1, None, "x"],
    "list of lists": [[]],
    "list of empty objects": [{}],
    "empty object": {},
    "object": {"a": 1},
}
_SAME_KIND: dict[type, dict[str, Any]] = {
    int: {"zero": 0, "below zero": -1, "beyond measure": 10**30},
    str: {"blank": " ", "control characters": "\x00\x1b[31m", "very long text": "y" * 100_000},
    list: {"list of nulls": [None], "very long list": [0] * 10_000},
}


@dataclass(frozen=True)
class Wrong:
    """A wrong value, with a name."""

    name: str
    value: Any

    @property
    def keeps_kind(self) -> bool:
        """Whether it is a value of the right kind, which nobody can tell from a right one."""
        return any(self.name in values for values in _SAME_KIND.values()) and self.name not in ("zero", "below zero")


def find_places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Give the place of every value within a value; of a list, those in its first item."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*at, key)
        yield from find_places(item, (*at, key))


def find_wrongs(value: Any, place: Place) -> Iterator[Wrong]:
    """Give the wrong values for a place in a value."""
    right = value
    for key in place:
        right = right[key]
    if isinstance(place[-1], str):
        yield Wrong("missing", _MISSING)
    yield Wrong("null", None)
    for name, other in _OTHERS.items():
        if type(other) is not type(right) or name in ("empty text", "list of lists", "list of empty objects"):
            yield Wrong(name, other)
    for name, other in _SAME_KIND.get(type(right), {}).items():
        yield Wrong(name, other)


def put_wrong(value: Any, place: Place, wrong: Wrong) -> Any:
    """Give a copy of a value with a wrong one at a place."""
    changed = copy.deepcopy(value)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    if wrong.value is _MISSING:
        del holder[place[-1]]
    else:
        holder[place[-1]] = wrong.value
    return changed
