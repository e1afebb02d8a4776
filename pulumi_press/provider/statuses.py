"""The statuses of deployments and revisions, by what they mean for somebody who waits."""

from __future__ import annotations

__all__ = ["ARRIVED", "FAILED", "MOVING", "REDEPLOYABLE"]

MOVING = frozenset({"deploying", "redeploying", "updating", "rollback"})
"""It will be another one soon."""

ARRIVED = frozenset({"deployed", "warning"})
"""The revision is live."""

REDEPLOYABLE = frozenset({"failed", "warning"})
"""The service takes a `redeploy`."""

FAILED = frozenset(
    {"failed", "platform_resource_error", "rollback_complete", "rollback_failed", "deleting", "delete_failed"}
)
"""The revision is not live, and will not be by itself."""
