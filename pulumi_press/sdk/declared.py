"""What all resources of a program have in common: how they are declared to the engine."""

from __future__ import annotations

from copy import copy
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from pulumi_press.carried import TOLD
from pulumi_press.sdk.configuration import check_configuration
from pulumi_press.sdk.given import Given
from pulumi_press.sdk.options import check_options
from pulumi_press.sdk.reference import ProviderReference
from pulumi_press.sdk.secret_outputs import keep_secret
from pulumi_press.sdk.told import take_unknown
from pulumi_press.sdk.traces import cut_trace

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Declared"]

PLAIN = frozenset({"pulumi.Output[str]", "pulumi.Output[str | None]", "pulumi.Output[dict[str, Any]]"})
"""Outputs of these kinds come from the engine as they are; a whole number comes as a float."""


class Declared(Resource):
    """A resource whose provider is ours.

    The engine makes an output of every property that it is given, which takes its time. So what a program leaves out
    is not given; it is an output of None all the same.
    """

    output_names: ClassVar[frozenset[str]] = frozenset()
    """The outputs that a class annotates: the engine gives a value only to names that it was given."""

    has_unique_name: ClassVar[bool] = False
    """Whether the service holds only one object of its name, so that the old one goes before a new one is made."""
    publishes: ClassVar[bool] = False
    """Whether a deployment can run what it declares, see `_as_spec`."""

    _left_out: frozenset[str] = frozenset()

    def __init_subclass__(cls, **named: Any) -> None:
        """Read what the class annotates, once."""
        super().__init_subclass__(**named)
        kinds = get_annotations(cls)
        cls.output_names |= {name for name, kind in kinds.items() if str(kind).startswith("pulumi.Output[")}
        # Pulumi reads annotations again for each resource, and walks through each value with its type: a sixth of what
        # a program does. So only those stay that tell it something.
        cls.__annotations__ = {name: kind for name, kind in kinds.items() if str(kind) not in PLAIN}

    def _as_spec(self) -> dict[str, Any]:
        """Give what a deployment of this resource has as its `spec`.

        Raises:
            TypeError: it declares nothing that can be deployed.
        """
        raise TypeError(f"a {type(self).__name__} is nothing that can be deployed")

    def _tell(self, given: Given, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        """Give what the provider is told beside the inputs, of any resource of the class."""
        del given, opts
        return {}

    def _declare(
        self,
        provider: str,
        resource_name: str,
        props: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        *,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        check_configuration()
        told = {**(told or {}), **take_unknown(self)}
        check_options(provider, resource_name, opts)
        wanted = {name: value for name, value in props.items() if value is not None or name in self.output_names}
        self._left_out = frozenset(props.keys() - wanted.keys())
        given = Given(wanted)
        told.update(self._tell(given, opts))
        if given.outputs:
            opts = keep_secret(given, opts)
        if self.has_unique_name:
            opts = _delete_before_replace(opts)
        if told:
            given.arguments[TOLD] = told
        with cut_trace():
            Resource.__init__(self, ProviderReference(provider), resource_name, given.arguments, opts)
        # It is no output, though the engine's SDK makes one of every input.
        vars(self).pop(TOLD, None)

    if not TYPE_CHECKING:  # A type checker would take any attribute for a good one.

        def __getattr__(self, name: str) -> Any:
            """Give what was left out."""
            if name in self._left_out:
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Set the option, unless the program has.

    The engine asks no `diff` about a replacement that somebody demands (`--replace`, `state taint`, `replace_with`), so
    only the option tells it the order.
    """
    if opts is None:
        return pulumi.ResourceOptions(delete_before_replace=True)
    if opts.delete_before_replace is None:
        opts = copy(opts)
        opts.delete_before_replace = True
    return opts
