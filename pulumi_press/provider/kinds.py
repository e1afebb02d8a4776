"""Every kind of resource, by the name that states and programs know it by."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pulumi_press.provider.base import Resource

__all__ = ["KINDS", "load_resource"]

KINDS = {
    "BlockSpec": "spec.SpecResource",
    "BlockSpecRelease": "release.ReleaseResource",
    "BlockDeployment": "deployment.DeploymentResource",
    "Rollout": "rollout.RolloutResource",
}
"""Where the class of each kind lies."""


def load_resource(name: str) -> type[Resource]:
    """Load what is asked for: a provider's process starts with each command, and few stacks have every kind.

    Raises:
        KeyError: there is no such kind.
    """
    module, _, name_of_class = KINDS[name].partition(".")
    return cast("type[Resource]", getattr(import_module(f"pulumi_press.provider.{module}"), name_of_class))
