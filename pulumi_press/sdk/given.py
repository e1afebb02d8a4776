"""What a program gives to a resource, checked where it is still as it was written.

The engine takes nulls out of objects, counts with floats, and keeps assets that it then cannot read back. So a value
that would not reach the provider as it is gives way to a text that says why, and the provider's check reports that with
all other mistakes. An output is looked at once its value is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi._types import is_input_type

from pulumi_press.carried import (
    ARGUMENT,
    DEEPEST,
    NULL,
    PARTS,
    PLAIN,
    REFUSED,
    TOO_DEEP,
    Part,
    counts_null,
    is_plain_text,
    why_not_carried,
    why_not_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Note = Callable[[pulumi.Output[Any]], object]

__all__ = ["Given"]


class Given:
    """The arguments of one resource."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self.outputs: dict[str, list[pulumi.Output[Any]]] = {}
        """The outputs in each argument that holds any."""
        self.arguments: dict[str, Any] = {name: self._look_at(name, value) for name, value in arguments.items()}
        """The arguments to declare."""

    def _look_at(self, name: str, value: Any) -> Any:
        outputs: list[pulumi.Output[Any]] = []
        looked_at = _check(value, PARTS.get(name, ARGUMENT), outputs.append)
        if outputs:
            self.outputs[name] = outputs
        return looked_at


class _TooDeepError(Exception):
    """A value holds more levels than any that was meant."""


def _check(value: Any, part: Part, note: Note, *, counts: bool = False) -> Any:
    """Copy a value, or give a text in its place where it has no end; see `_replace`."""
    try:
        return _replace(value, part, note, 0, counts=counts)
    except _TooDeepError:
        return REFUSED + TOO_DEEP


def _descend(depth: int) -> int:
    if depth == DEEPEST:
        raise _TooDeepError
    return depth + 1


def _replace(value: Any, part: Part, note: Note, depth: int, *, counts: bool = False) -> Any:
    """Copy a value, with a text in the place of each part of it that must be refused.

    Args:
        value: the value.
        part: what it is.
        note: takes each output.
        depth: levels of lists and objects above it.
        counts: whether it must not be null.
    """
    if value is None:
        return REFUSED + NULL if counts else None
    if isinstance(value, (str, int, float)):
        why = "" if is_plain_text(value) else why_not_carried(value)
        return REFUSED + why if why else value
    # Asking for the abstract type takes several times as long.
    kind = type(value)
    if kind is dict or isinstance(value, Mapping):
        return _replace_members(value, part, note, depth)
    if kind is list or (isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview, range))):
        items = part.get("[]", part)
        return [_replace(item, items, note, _descend(depth)) for item in value]
    if isinstance(value, pulumi.Output) or isawaitable(value):
        output: pulumi.Output[Any] = value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)
        note(output)
        return output.apply(lambda known: _check(known, part, _pass, counts=counts)) if part else output
    is_engines = isinstance(value, pulumi.Resource) or is_input_type(type(value))
    return value if is_engines else REFUSED + why_not_carried(value)


def _replace_members(value: Mapping[Any, Any], part: Part, note: Note, depth: int) -> Any:
    members: dict[str, Any] = {}
    every = part.get("*")
    depth = _descend(depth)
    for key, item in value.items():
        # Most keys are identifiers, which no rule refuses.
        if not (type(key) is str and key.isidentifier()) and (why := why_not_key(key)):
            return REFUSED + why
        inner = part.get(key, PLAIN) if every is None else every
        members[key] = _replace(item, inner, note, depth, counts=counts_null(part, inner))
    return members


def _pass(output: object) -> None:
    """Note nothing."""
