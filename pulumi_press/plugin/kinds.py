"""The kinds of resources, by the names that states and programs know them by."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_press.provider.base import Resource

__all__ = ["KINDS", "load_resource"]

KINDS = {
    "BlockSpec": "provider.spec.SpecResource",
    "BlockSpecRelease": "provider.release.ReleaseResource",
    "BlockDeployment": "provider.deployment.DeploymentResource",
    "Rollout": "plugin.rollout.RolloutResource",
}
"""Where the class of each kind lies."""


def load_resource(name: str) -> type[Resource]:
    """Load a kind: a provider's process starts with each command, and few stacks have every kind.

    Raises:
        KeyError: there is no such kind.
    """
    module, _, name_of_class = KINDS[name].rpartition(".")
    resource: type[Resource] = getattr(import_module(f"pulumi_press.{module}"), name_of_class)
    return resource
