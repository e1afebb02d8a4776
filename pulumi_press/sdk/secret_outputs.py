"""Outputs whose inputs are secret are secret, whenever the inputs became so.

The engine marks outputs like the inputs of the same name when it creates or updates a resource. A value that only
becomes secret changes nothing for a provider, so nothing is updated, and the outputs would keep it in clear. What the
option `additional_secret_outputs` names is marked even where nothing changes.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from pulumi_press.sdk.given import Given

__all__ = ["keep_secret"]


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
