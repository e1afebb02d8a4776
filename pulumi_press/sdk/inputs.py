"""What a program gives to a resource, checked where it is still as it was written.

The engine takes nulls out of objects, counts with floats, and keeps assets that it then cannot read back. So a value
that would not reach the provider as it is gives way to a text that says why, and the provider's check reports that with
all other mistakes. An output is looked at once its value is known.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from functools import wraps
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, cast

import pulumi
from pulumi._types import is_input_type
from typing_extensions import ParamSpec

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
    from collections.abc import Callable, Generator, Iterable

    from pulumi_press import schema

    Note = Callable[[pulumi.Output[Any]], object]

__all__ = ["Given", "accept_any_argument", "keep_secret", "resolve_artifact", "take_unknown"]

P = ParamSpec("P")

UNKNOWN = "_unknown_arguments"


def accept_any_argument(construct: Callable[P, None]) -> Callable[P, None]:
    """Let a constructor take arguments that it does not have, and go without those that it must have.

    Python would raise at the first of them; like this the preview tells all mistakes of the resource at once. A type
    checker still sees the constructor as it was written.
    """
    function: Any = construct
    code, defaults = function.__code__, function.__kwdefaults__ or {}
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    known = {*named, *code.co_varnames[: code.co_argcount]}
    required = [name for name in named if name not in defaults]

    @wraps(construct)
    def call(self: Any, *arguments: Any, **given: Any) -> None:
        unknown = [name for name in given if name not in known]
        if unknown:
            self.__dict__[UNKNOWN] = unknown
            given = {name: value for name, value in given.items() if name in known}
        function(self, *arguments, **{**dict.fromkeys(required), **given})

    return cast("Callable[P, None]", call)


def take_unknown(resource: Any) -> dict[str, Any]:
    """Tell of the arguments that a resource was given and does not have."""
    unknown = resource.__dict__.pop(UNKNOWN, ())
    return {"unknown": list(unknown)} if unknown else {}


def resolve_artifact(artifact: pulumi.Input[schema.Artifact] | None) -> pulumi.Input[Any] | None:
    """Make the folder's path absolute; the provider writes it relative again before it reaches the state."""
    if isinstance(artifact, pulumi.Output) or isawaitable(artifact):
        later: pulumi.Output[Any] = pulumi.Output.from_input(artifact)
        return later.apply(_resolve_known)
    return _resolve_known(artifact)


def _resolve_known(artifact: Any) -> Any:
    """Resolve the path of an artifact; what is none is left to be refused."""
    if isinstance(artifact, Mapping) and "path" in artifact:
        return {**artifact, "path": _resolve(artifact["path"])}
    return artifact


def _resolve(path: Any) -> Any:
    if isinstance(path, (str, os.PathLike)):
        # An empty path is left to be refused.
        return os.path.abspath(path) if os.fspath(path) else path  # noqa: PTH100  # Links are kept as they are.
    if isinstance(path, pulumi.Output) or isawaitable(path):
        later: pulumi.Output[Any] = pulumi.Output.from_input(path)
        return later.apply(_resolve)
    return path


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


def keep_secret(given: Given, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Give options that name each argument with a secret in it, at any depth.

    Whether an output is secret is known as late as its value. Pulumi awaits the arguments before it reads the options,
    so one of the arguments becomes an awaitable that completes the options first.
    """
    options = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    names = _Names(options.additional_secret_outputs or ())
    options.additional_secret_outputs = names
    first = next(iter(given.outputs))
    given.arguments[first] = _Completion(given.arguments[first], given.outputs, names)
    return options


class _Names(list[str]):
    """A list that stays itself when options are merged, so that names can still be added."""

    def __add__(self, others: Iterable[str]) -> _Names:  # type: ignore[override]
        self.extend(others)
        return self

    def __radd__(self, others: Iterable[str]) -> _Names:
        self[:0] = others
        return self


class _Completion:
    """Adds the names of secret arguments, then gives a value."""

    def __init__(self, value: Any, outputs: Mapping[str, list[pulumi.Output[Any]]], names: list[str]) -> None:
        self._value = value
        self._outputs = outputs
        self._names = names

    def __await__(self) -> Generator[Any, None, Any]:
        return self._complete().__await__()

    async def _complete(self) -> Any:
        for name, outputs in self._outputs.items():
            if name not in self._names and await _holds_secret(outputs):
                self._names.append(name)
        return self._value


async def _holds_secret(value: Any) -> bool:
    """Tell whether a value holds a secret output, also one that another output holds."""
    if isinstance(value, pulumi.Output):
        return await value.is_secret() or await _holds_secret(await value.future(with_unknowns=True))
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in value:
            if await _holds_secret(item):
                return True
    return False
