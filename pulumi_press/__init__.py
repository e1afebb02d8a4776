"""Press Blocks as Pulumi resources."""

from pulumi_press.resources import BlockDeployment, BlockSpec, BlockSpecRelease, Rollout

__all__ = ["BlockDeployment", "BlockSpec", "BlockSpecRelease", "Rollout"]
