"""`Rollout`: waits until a deployment's revision is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from pulumi_press.sdk.declared import Declared

if TYPE_CHECKING:
    from pulumi_press import schema

__all__ = ["Rollout"]


class Rollout(Declared, module="press", name="Rollout"):
    """The child of a `BlockDeployment` that waits for its revision; a program does not declare it itself."""

    deployment_id: pulumi.Output[str]
    """Id of the deployment."""
    revision: pulumi.Output[int]
    """Number of the revision."""
    status: pulumi.Output[str | None]
    """`deployed`, or `warning`."""

    def __init__(
        self,
        resource_name: str,
        *,
        deployment_id: pulumi.Input[str],
        revision: pulumi.Input[int],
        timeouts: pulumi.Input[schema.Timeouts] | None = None,
        on_failure: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Wait for a revision.

        Args:
            resource_name: name of the resource.
            deployment_id: id of the deployment.
            revision: number of the revision.
            timeouts: how long `create` and `update` may take. Default `20m`.
            on_failure: `rollback` to go back to what ran before when the revision fails.
            opts: Pulumi's options.
        """
        props = {
            "deployment_id": deployment_id,
            "revision": revision,
            "timeouts": timeouts,
            "on_failure": on_failure,
            "status": None,
        }
        self._declare("Rollout", resource_name, props, opts)
