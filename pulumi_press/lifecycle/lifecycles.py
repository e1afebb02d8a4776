"""Every kind of resource, by the name that states and programs know it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.lifecycle.deployment import DeploymentLifecycle
from pulumi_press.lifecycle.release import ReleaseLifecycle
from pulumi_press.lifecycle.rollout import RolloutLifecycle
from pulumi_press.lifecycle.spec import SpecLifecycle

if TYPE_CHECKING:
    from pulumi_press.lifecycle.resource import Lifecycle

__all__ = ["LIFECYCLES"]

LIFECYCLES: dict[str, type[Lifecycle]] = {
    "BlockSpec": SpecLifecycle,
    "BlockSpecRelease": ReleaseLifecycle,
    "BlockDeployment": DeploymentLifecycle,
    "Rollout": RolloutLifecycle,
}
