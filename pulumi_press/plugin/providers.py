"""Name in the state -> the face that serves it."""

from __future__ import annotations

from pulumi_press.plugin.dynamic import DynamicProvider
from pulumi_press.plugin.kinds import load_resource

__all__ = ["make_provider"]


def make_provider(name: str) -> DynamicProvider:
    """Make the provider with this name.

    Raises:
        LookupError: there is none: the state was written by a later version of this package.
    """
    try:
        return DynamicProvider(load_resource(name)())
    except KeyError:
        raise LookupError(f"pulumi-press has no provider {name!r}: install the version that wrote this state") from None
