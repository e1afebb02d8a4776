"""Reading an object that exists into a program, without managing it."""

from __future__ import annotations

from typing import TypeVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_press.sdk.configuration import check_configuration
from pulumi_press.sdk.declared import Declared
from pulumi_press.sdk.options import check_options
from pulumi_press.sdk.reference import ProviderReference
from pulumi_press.sdk.traces import cut_trace

__all__ = ["read_existing"]

R = TypeVar("R", bound=Declared)


def read_existing(
    cls: type[R],
    resource_name: str,
    identity: pulumi.Input[str],
    opts: pulumi.ResourceOptions | None,
) -> R:
    """Declare a resource that the engine only reads; its outputs are those that the class annotates."""
    check_configuration()
    check_options(cls.__name__, resource_name, opts)
    found = cls.__new__(cls)
    outputs = dict.fromkeys(cls.output_names)
    options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=identity))
    with cut_trace():
        Resource.__init__(found, ProviderReference(cls.__name__), resource_name, outputs, options)
    found.__dict__["id"] = _fill_in(found.id, identity)
    return found


def _fill_in(answered: pulumi.Output[str], requested: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the id that the engine answered, else the requested one, which is the same.

    Engines before 3.274 answer none, and in a preview the SDK takes that for unknown from 3.271 on: whatever is made
    from the id would show as replaced.
    """
    given = pulumi.Output.from_input(requested)

    async def read_value() -> str:
        return await answered.future() or await given.future() or ""

    async def read_known() -> bool:
        return await answered.is_known() or await given.is_known()

    return pulumi.Output(answered.resources(), read_value(), read_known(), answered.is_secret())
