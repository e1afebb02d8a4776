"""`Rollout`: the node with which a dynamic provider waits for a deployment's revision.

The engine keeps nothing of a dynamic resource whose creation failed. So a deployment is created without waiting, and a
child waits for its revision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound
from pulumi_press.provider.base import CheckResult, Resource, check_settings
from pulumi_press.provider.context import State
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.fields import Effect, Field
from pulumi_press.provider.values import Values, get
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from pulumi_press.provider.context import Request

__all__ = ["RolloutResource"]

WANTED = "deployed"


class RolloutResource(Resource):
    """A `Rollout`. Its id is the deployment's.

    It plans the status `deployed` always. A live status that is another one shows as a difference, and the next update
    deploys the revision again.
    """

    kind: ClassVar = "rollout"
    is_part: ClassVar = True
    fields: ClassVar = (
        Field("deployment_id", Effect.REPLACE, api="id"),
        Field("revision", Effect.REVISION, api="latestRevision.revision"),
        Field("status", Effect.REVISION, computed=True, api="metadata.status"),
        Field("timeouts", Effect.NONE, default={}),
        Field("on_failure", Effect.NONE, default="keep"),
    )

    def check(self, request: Request) -> CheckResult:
        """Check the settings and `on_failure` only: the deployment has checked the rest."""
        failures = check_settings(request)
        if request.inputs.get("on_failure") not in (None, "keep", "rollback"):
            failures.append(CheckFailure("on_failure", "must be 'keep' or 'rollback'"))
        return CheckResult(request.inputs, failures)

    def plan(self, request: Request) -> Values:
        """Return the status that is wanted, which is always the same."""
        del request
        return {"status": WANTED}

    def clear_intents(self, request: Request) -> None:
        """Forget nothing: it makes no object."""

    def create(self, request: Request) -> tuple[str, State]:
        """Wait for the revision."""
        return request.inputs["deployment_id"], self._await(request)

    def fetch(self, request: Request) -> State | None:
        """Look at the deployment's status and live revision."""
        try:
            live = request.client.describe_deployment(request.id)
        except NotFound:
            return None
        revision, status = get(live, "latestRevision.revision"), get(live, "metadata.status")
        known = request.olds.get("revision")
        if known is not None and revision != known and request.settings().drift == "report":
            # The deployment reports the other revision; the stack goes on with its own.
            revision, status = known, request.olds.get("status")
        old = request.old or State()
        return State({**old.inputs, "deployment_id": request.id, "revision": revision}, {"status": status})

    def update(self, request: Request) -> State:
        """Wait for the revision, or deploy it again."""
        new = self.find_planned(request)
        if not self.compare(request.olds, new.values).paths(Effect.REVISION):
            return State(new.inputs, {"status": request.olds["status"]})
        return self._await(request)

    def delete(self, request: Request) -> None:
        """Send nothing: the deployment's own deletion covers it."""

    def _await(self, request: Request) -> State:
        deployment = replace(
            request, id=request.inputs["deployment_id"], planned={"revision_number": request.inputs["revision"]}
        )
        return State(request.inputs, {"status": DeploymentResource().await_ready(deployment)})
