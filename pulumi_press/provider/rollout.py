"""The life of a `Rollout`: a node of its own that waits for a deployment's revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.base import CheckResult, ReadResult, Resource, check_settings
from pulumi_press.provider.durations import ROLLOUT_TIMEOUT, find_limit
from pulumi_press.provider.errors import ProviderError, RolloutError
from pulumi_press.provider.fields import Effect, Field
from pulumi_press.provider.revisions import roll_back
from pulumi_press.provider.rollouts import await_revision
from pulumi_press.provider.values import Values, get
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = ["RolloutResource"]

WANTED = "deployed"


class RolloutResource(Resource):
    """What happens to a `Rollout`. Its id is the deployment's.

    Its input `status` is always `deployed`; a live status that is not shows as a difference, and the next update
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

    def check(self, olds: Values, news: Values, context: Context) -> CheckResult:
        """Nothing can be wrong that the deployment has not told; the wanted status is always the same."""
        del olds
        failures = check_settings(context)
        if news.get("on_failure") not in (None, "keep", "rollback"):
            failures.append(CheckFailure("on_failure", "must be 'keep' or 'rollback'"))
        return CheckResult({**news, "status": WANTED}, failures)

    def clear_intents(self, id: str, outputs: Values, context: Context) -> None:
        """Nothing: it makes no object."""
        del id, outputs, context

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Wait for the revision."""
        return inputs["deployment_id"], self._await(inputs, "create", context)

    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the deployment's status and live revision."""
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            return None
        revision, status = get(live, "latestRevision.revision"), get(live, "metadata.status")
        known = outputs.get("revision")
        if known is not None and revision != known and context.settings().drift == "report":
            # The deployment tells of the other revision; the stack goes on with its own.
            revision, status = known, outputs.get("status")
        values = {**outputs, "deployment_id": id, "revision": revision, "status": status}
        return ReadResult(values, values)

    def update(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        """Wait for the revision, or deploy it again."""
        del id
        if not self.compare(olds, news).paths(Effect.REVISION):
            return {**news, "status": olds["status"]}
        return self._await(news, "update", context)

    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Nothing: the deployment's own deletion takes it along."""
        del id, outputs, context

    def _await(self, inputs: Values, operation: str, context: Context) -> Values:
        seconds, argument = find_limit(inputs, operation, context.timeout, ROLLOUT_TIMEOUT)
        id, revision = inputs["deployment_id"], inputs["revision"]
        try:
            status = await_revision(id, revision, argument, seconds, context)
        except RolloutError as error:
            if inputs.get("on_failure") != "rollback" or not error.failed:
                raise
            raise RolloutError(f"{error}\n{_try_roll_back(id, revision, context)}") from None
        return {**inputs, "status": status}


def _try_roll_back(id: str, revision: int, context: Context) -> str:
    """Roll back; what goes wrong with that must not hide why."""
    try:
        return roll_back(id, revision, context)
    except (PressError, ProviderError) as error:
        return f"the rollback failed too: {error}"
