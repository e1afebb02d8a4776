"""What a program declares."""

from pulumi_press.resources.block_deployment import BlockDeployment
from pulumi_press.resources.block_spec import BlockSpec
from pulumi_press.resources.block_spec_release import BlockSpecRelease
from pulumi_press.resources.provider import Provider
from pulumi_press.resources.rollout import Rollout

__all__ = ["BlockDeployment", "BlockSpec", "BlockSpecRelease", "Provider", "Rollout"]
