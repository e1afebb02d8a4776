"""The arguments of a resource, from the constructor's call to what the engine is sent.

The engine drops nulls from objects, turns numbers into floats, and accepts assets that it cannot return. A value that
would not reach the provider unchanged is replaced by a text that says why, and the provider's check reports it with all
other mistakes. An output is checked once its value is known.
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

    Collect = Callable[[pulumi.Output[Any]], object]

__all__ = ["Untrusted", "accept_any_argument", "keep_secret", "require_id", "resolve_artifact", "take_unknown"]

P = ParamSpec("P")

UNKNOWN = "_unknown_arguments"

NO_ID = "has no value: the spec does not exist, because it failed in this run or was not among the --target resources"


def accept_any_argument(construct: Callable[P, None]) -> Callable[P, None]:
    """Return a constructor that accepts unknown arguments, and works without the required ones.

    Python would raise at the first mistake; this way the preview reports all mistakes of the resource at once. Type
    checkers still see the constructor as written.
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


def take_unknown(resource: Any) -> list[str]:
    """Return the unknown arguments that a resource was given, and remove them from it."""
    unknown: list[str] = resource.__dict__.pop(UNKNOWN, [])
    return unknown


def resolve_artifact(artifact: pulumi.Input[schema.Artifact] | None) -> pulumi.Input[Any] | None:
    """Return the artifact with an absolute path: the provider has another working directory.

    The provider makes the path relative again before it reaches the state.
    """
    if isinstance(artifact, pulumi.Output) or isawaitable(artifact):
        later: pulumi.Output[Any] = pulumi.Output.from_input(artifact)
        return later.apply(_resolve_known)
    return _resolve_known(artifact)


def _resolve_known(artifact: Any) -> Any:
    """Return an artifact with an absolute path; the check reports anything that is no artifact."""
    if isinstance(artifact, Mapping) and "path" in artifact:
        return {**artifact, "path": _resolve(artifact["path"])}
    return artifact


def _resolve(path: Any) -> Any:
    if isinstance(path, (str, os.PathLike)):
        # The check reports an empty path.
        return os.path.abspath(path) if os.fspath(path) else path  # noqa: PTH100  # It does not follow links.
    if isinstance(path, pulumi.Output) or isawaitable(path):
        later: pulumi.Output[Any] = pulumi.Output.from_input(path)
        return later.apply(_resolve)
    return path


def require_id(spec_id: Any) -> Any:
    """Return the id of a spec; an output that has no value after a preview becomes a text that the check reports.

    A resource that was not targeted (`--target`), or failed (`--continue-on-error`), has no id.
    """
    if not isinstance(spec_id, pulumi.Output) or pulumi.runtime.is_dry_run():
        return spec_id

    async def read_value() -> Any:
        return await spec_id.future() or REFUSED + NO_ID

    async def is_known() -> bool:
        return True

    return pulumi.Output(spec_id.resources(), read_value(), is_known(), spec_id.is_secret())


class Untrusted:
    """The arguments of one resource, as they may be sent to the engine."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self.outputs: dict[str, list[pulumi.Output[Any]]] = {}
        """The outputs in each argument that holds any."""
        self.arguments: dict[str, Any] = {name: self._check(name, value) for name, value in arguments.items()}
        """The arguments to send, with a text in place of each value that must be refused."""

    def _check(self, name: str, value: Any) -> Any:
        outputs: list[pulumi.Output[Any]] = []
        checked = _check(value, PARTS.get(name, ARGUMENT), outputs.append)
        if outputs:
            self.outputs[name] = outputs
        return checked


class _TooDeepError(Exception):
    """A value has more than `DEEPEST` levels, or contains itself."""


def _check(value: Any, part: Part, collect: Collect, *, counts: bool = False) -> Any:
    """Return a copy of a value, see `_replace`; a text if it is too deep."""
    try:
        return _replace(value, part, collect, 0, counts=counts)
    except _TooDeepError:
        return REFUSED + TOO_DEEP


def _descend(depth: int) -> int:
    if depth == DEEPEST:
        raise _TooDeepError
    return depth + 1


def _replace(value: Any, part: Part, collect: Collect, depth: int, *, counts: bool = False) -> Any:
    """Return a copy of a value, with a text in place of each part that must be refused.

    Args:
        value: the value.
        part: its place among the arguments.
        collect: called with each output.
        depth: levels of lists and objects above it.
        counts: whether it must not be null.
    """
    if value is None:
        return REFUSED + NULL if counts else None
    if isinstance(value, (str, int, float)):
        why = "" if is_plain_text(value) else why_not_carried(value)
        return REFUSED + why if why else value
    # A check against the abstract type takes several times as long.
    kind = type(value)
    if kind is dict or isinstance(value, Mapping):
        return _replace_members(value, part, collect, depth)
    if kind is list or (isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview, range))):
        items = part.get("[]", part)
        return [_replace(item, items, collect, _descend(depth)) for item in value]
    if isinstance(value, pulumi.Output) or isawaitable(value):
        output: pulumi.Output[Any] = value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)
        collect(output)
        return output.apply(lambda known: _check(known, part, _ignore, counts=counts)) if part else output
    is_pulumis = isinstance(value, pulumi.Resource) or is_input_type(type(value))
    return value if is_pulumis else REFUSED + why_not_carried(value)


def _replace_members(value: Mapping[Any, Any], part: Part, collect: Collect, depth: int) -> Any:
    members: dict[str, Any] = {}
    every = part.get("*")
    depth = _descend(depth)
    for key, item in value.items():
        # Most keys are identifiers, which are never refused.
        if not (type(key) is str and key.isidentifier()) and (why := why_not_key(key)):
            return REFUSED + why
        inner = part.get(key, PLAIN) if every is None else every
        members[key] = _replace(item, inner, collect, depth, counts=counts_null(part, inner))
    return members


def _ignore(output: object) -> None:
    """Do nothing."""


def keep_secret(inputs: Untrusted, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return options that name each argument with a secret in it, at any depth, as a secret output.

    The engine marks outputs like the inputs of the same name when it creates or updates a resource. A value that
    becomes secret later is no change for a provider, so nothing is updated, and the outputs would keep it in clear. The
    option `additional_secret_outputs` applies without an update.

    Whether an output is secret is known no earlier than its value. Pulumi awaits the arguments before it reads the
    options, so one of the arguments becomes an awaitable that completes the options first.
    """
    options = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    names = _Names(options.additional_secret_outputs or ())
    options.additional_secret_outputs = names
    first = next(iter(inputs.outputs))
    inputs.arguments[first] = _Completion(inputs.arguments[first], inputs.outputs, names)
    return options


class _Names(list[str]):
    """A list that stays the same object when options are merged, so that names can still be added."""

    def __add__(self, others: Iterable[str]) -> _Names:  # type: ignore[override]
        self.extend(others)
        return self

    def __radd__(self, others: Iterable[str]) -> _Names:
        self[:0] = others
        return self


class _Completion:
    """An awaitable that adds the names of secret arguments, then returns a value."""

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
    """Return whether a value holds a secret output, also within another output."""
    if isinstance(value, pulumi.Output):
        return await value.is_secret() or await _holds_secret(await value.future(with_unknowns=True))
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in value:
            if await _holds_secret(item):
                return True
    return False
