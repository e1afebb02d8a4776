"""Comparing plain values by what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.carried import LARGEST
from pulumi_press.schema.failures import join
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "SecretPath",
    "Values",
    "align",
    "find_changed_paths",
    "find_differences",
    "get",
    "is_alike",
    "is_empty",
    "is_equal",
    "make_whole",
    "merge",
    "name_of",
    "normalize",
    "put",
]

Values = dict[str, Any]
"""Inputs or outputs: what JSON can hold, and `UNKNOWN` at any depth."""

SecretPath = tuple[str | int, ...]
"""The way to a value, key by key."""


def make_whole(value: Any) -> Any:
    """Return an integral float as a whole number, and anything else as it is.

    Beyond the whole numbers that the engine counts, a float was written as one.
    """
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST else value


def normalize(value: Any, leaf: Callable[[Any], Any] = make_whole) -> Any:
    """Copy a value as it came from the engine into the form that the service knows.

    The engine turns every number into a float; integral ones become whole numbers again. Entries of dicts that are
    None are left out, as the engine itself does with inputs.

    Args:
        value: the value.
        leaf: copies what is neither a dict nor a list.
    """
    if isinstance(value, dict):
        return {key: normalize(item, leaf) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [normalize(item, leaf) for item in value]
    return leaf(value)


def is_empty(value: object) -> bool:
    """Return whether a value means the same as none at all."""
    return value is None or value in ("", [], {})


def is_equal(old: object, new: object, *, empty_is_absent: bool = False) -> bool:
    """Return whether two values mean the same: the order of keys, and 1 or 1.0, are no difference.

    An unknown value equals nothing, not even another one: it may turn out to be anything.

    Args:
        old: a value.
        new: another one.
        empty_is_absent: whether an absent value equals an empty one, in the values themselves or direct members of
            them. Deeper down, such as in a default value, the difference counts.
    """
    return next(find_changed_paths(old, new, empty_is_absent=empty_is_absent), None) is None


def is_alike(old: object, new: object) -> bool:
    """Return whether two values are equal to the last leaf; values that are not may still mean the same."""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(is_alike(item, new[key]) for key, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(is_alike, old, new))
    return old == new and not isinstance(old, Unknown)


def find_changed_paths(old: object, new: object, at: str = "", *, empty_is_absent: bool = False) -> Iterator[str]:
    """Yield the path of each smallest part in which two values differ in meaning, see `is_equal`."""
    yield from (path for path, _, _ in find_differences(old, new, at, empty_is_absent=empty_is_absent))


def find_differences(
    old: object, new: object, at: str = "", *, empty_is_absent: bool = False
) -> Iterator[tuple[str, object, object]]:
    """Yield the path, the old and the new value of each smallest part in which two values differ, see `is_equal`."""
    return _compare(old, new, at, 2 if empty_is_absent else 0)


def _compare(old: object, new: object, at: str, levels: int) -> Iterator[tuple[str, object, object]]:
    """Walk down; `levels` is the number of levels at which empty equals absent."""
    below = max(levels - 1, 0)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _compare(old.get(key), new.get(key), join(at, key), below)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compare(before, after, join(at, index), below)
    elif not _is_same(old, new, empty_is_absent=levels > 0):
        yield at, old, new


def align(old: Any, new: Any) -> tuple[Any, Any]:
    """Ignore the order of lists that are the values themselves or direct members of them.

    Two lists with the same items become the same list; others are left as they are.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: align(item, new.get(key))[0] for key, item in old.items()}, new
    if isinstance(old, list) and isinstance(new, list) and sorted(map(repr, old)) == sorted(map(repr, new)):
        return new, new
    return old, new


def _is_same(old: object, new: object, *, empty_is_absent: bool) -> bool:
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return False
    if empty_is_absent and is_empty(old) and is_empty(new):
        return True
    # True == 1 in Python, but not to the service.
    return old == new and isinstance(old, bool) == isinstance(new, bool)


def get(values: object, path: str) -> Any:
    """Return the value at a path of keys joined by dots, None where there is none."""
    for key in path.split("."):
        if isinstance(values, Unknown):
            return values
        values = values.get(key) if isinstance(values, dict) else None
    return values


def put(values: Values, path: str, value: Any) -> Values:
    """Return a copy of `values` with `value` at a path of keys joined by dots; None removes the entry."""
    key, _, rest = path.partition(".")
    inner = values.get(key)
    if rest:
        value = put(inner if isinstance(inner, dict) else {}, rest, value) or None
    copy = {name: item for name, item in values.items() if name != key or value is not None}
    return copy if value is None else {**copy, key: value}


def merge(inputs: Values, outputs: Values) -> Values:
    """Return both as one, at any depth. Where both have a value, the output counts; an unknown value stays unknown."""
    merged = dict(inputs)
    for key, value in outputs.items():
        there = inputs.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            merged[key] = merge(there, value)
        elif not isinstance(there, Unknown):
            merged[key] = value
    return merged


def name_of(values: Values) -> str:
    """Return the name that people know a block by."""
    name = get(values, "metadata.name")
    return name if isinstance(name, str) else "(no name yet)"
