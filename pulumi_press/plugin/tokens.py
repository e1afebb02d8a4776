"""The resources of this package, and the type tokens that the engine knows them by.

A resource has one token as a dynamic resource of Python, and another one as a resource of the native plugin.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pulumi_press.provider.base import Resource

__all__ = [
    "DYNAMIC",
    "DYNAMIC_PACKAGE",
    "KINDS",
    "NATIVE",
    "NATIVE_KINDS",
    "PACKAGE",
    "Token",
    "load_native",
    "load_resource",
    "read_token",
]

PACKAGE = "press"
"""The name of the native plugin, and the namespace of its settings."""

DYNAMIC_PACKAGE = "pulumi-python"
"""The package that serves the dynamic resources of all Python programs."""

DYNAMIC = f"{DYNAMIC_PACKAGE}:dynamic/press:"
NATIVE = f"{PACKAGE}:index:"

KINDS = {
    "BlockSpec": "provider.spec.SpecResource",
    "BlockSpecRelease": "provider.release.ReleaseResource",
    "BlockDeployment": "provider.deployment.DeploymentResource",
    "Rollout": "plugin.rollout.RolloutResource",
}
"""Where the class of each kind lies, for the dynamic provider."""

NATIVE_KINDS = {
    "BlockSpec": KINDS["BlockSpec"],
    "BlockSpecRelease": KINDS["BlockSpecRelease"],
    "BlockDeployment": "provider.awaited.AwaitedDeploymentResource",
}
"""Where the class of each kind lies, for the native plugin: a deployment waits by itself."""


class Token(NamedTuple):
    """A type token of this package."""

    kind: str
    """Such as `BlockSpec`."""
    is_native: bool
    """Whether the native plugin serves it."""

    @property
    def text(self) -> str:
        """The token."""
        return (NATIVE if self.is_native else DYNAMIC) + self.kind


@lru_cache(maxsize=256)
def read_token(type: str) -> Token | None:  # As the engine calls it.
    """Read a type token; None for a resource of another package, or a component."""
    for prefix, kinds in ((DYNAMIC, KINDS), (NATIVE, NATIVE_KINDS)):
        if type.startswith(prefix) and (kind := type.removeprefix(prefix)) in kinds:
            return Token(kind, is_native=prefix is NATIVE)
    return None


def load_resource(name: str) -> type[Resource]:
    """Load a kind of the dynamic provider: a process starts with each command, and few stacks have every kind.

    Raises:
        KeyError: there is no such kind.
    """
    return _load(KINDS[name])


def load_native(name: str) -> type[Resource]:
    """Load a kind of the native plugin.

    Raises:
        KeyError: there is no such kind.
    """
    return _load(NATIVE_KINDS[name])


def _load(place: str) -> type[Resource]:
    module, _, name = place.rpartition(".")
    resource: type[Resource] = getattr(import_module(f"pulumi_press.{module}"), name)
    return resource
