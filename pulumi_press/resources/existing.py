"""Reading an object that exists into a program, without managing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_press.resources.reference import ProviderReference

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_existing"]

R = TypeVar("R", bound=Resource)


def read_existing(
    cls: type[R],
    resource_name: str,
    identity: pulumi.Input[str],
    opts: pulumi.ResourceOptions | None,
) -> R:
    """Declare a resource that the engine only reads; its outputs are those that the class annotates."""
    found = cls.__new__(cls)
    # The engine gives a value only to names that the resource was declared with.
    outputs: Mapping[str, None] = dict.fromkeys(
        name for name, kind in cls.__annotations__.items() if str(kind).startswith("pulumi.Output[")
    )
    options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=identity))
    Resource.__init__(found, ProviderReference(cls.__name__), resource_name, dict(outputs), options)
    return found
