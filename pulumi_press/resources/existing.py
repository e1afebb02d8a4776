"""Reading an object that exists into a program, without managing it."""

from __future__ import annotations

from typing import TypeVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_press.resources.declared import Declared
from pulumi_press.resources.reference import ProviderReference
from pulumi_press.resources.traces import cut_trace

__all__ = ["read_existing"]

R = TypeVar("R", bound=Declared)


def read_existing(
    cls: type[R],
    resource_name: str,
    identity: pulumi.Input[str],
    opts: pulumi.ResourceOptions | None,
) -> R:
    """Declare a resource that the engine only reads; its outputs are those that the class annotates."""
    found = cls.__new__(cls)
    outputs = dict.fromkeys(cls.output_names)
    options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=identity))
    with cut_trace():
        Resource.__init__(found, ProviderReference(cls.__name__), resource_name, outputs, options)
    return found
