"""What all resources of a program have in common: how they are declared to the engine."""

from __future__ import annotations

from functools import cache
from inspect import get_annotations
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.dynamic import Resource

from pulumi_press.resources.reference import ProviderReference

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Declared", "outputs_of"]


class Declared(Resource):
    """A resource whose provider is ours.

    The engine makes an output of every property that it is given, which takes its time. So what a program leaves out
    is not given; it is an output of None all the same.
    """

    _left_out: frozenset[str] = frozenset()

    def _declare(
        self, provider: str, resource_name: str, props: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        outputs = outputs_of(type(self))
        given = {name: value for name, value in props.items() if value is not None or name in outputs}
        self._left_out = frozenset(props.keys() - given.keys())
        Resource.__init__(self, ProviderReference(provider), resource_name, given, opts)

    if not TYPE_CHECKING:  # A type checker would take any attribute for a good one.

        def __getattr__(self, name: str) -> Any:
            """Give what was left out."""
            if name in self._left_out:
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def outputs_of(cls: type[Resource]) -> frozenset[str]:
    """Name the outputs that a class annotates: the engine gives a value only to names that it was given."""
    # A class of a type parameter is hashable, which mypy does not see.
    hashable: Any = cls
    found: frozenset[str] = _outputs_of(hashable)
    return found


@cache
def _outputs_of(cls: Any) -> frozenset[str]:
    return frozenset(
        name
        for base in cls.__mro__
        for name, kind in get_annotations(base).items()
        if str(kind).startswith("pulumi.Output[")
    )
