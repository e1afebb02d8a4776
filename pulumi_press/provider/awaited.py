"""`BlockDeployment` for an engine that keeps an object which is not ready: it waits for its revision itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import PressError
from pulumi_press.provider.context import State
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import NotReadyError, RolloutError
from pulumi_press.provider.fields import Effect, Field
from pulumi_press.provider.waiting import ARRIVED, MOVING, REDEPLOYABLE, describe_rollout
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from pulumi_press.provider.context import Request
    from pulumi_press.provider.values import Values

__all__ = ["AwaitedDeploymentResource"]

WANTED = "deployed"
"""The status that every program wants; a live one that differs leads to an update."""


class AwaitedDeploymentResource(DeploymentResource):
    """A `BlockDeployment` that is there once its revision is live.

    Whatever goes wrong after the service gave an id is a `NotReadyError` with what is true by then. The engine keeps
    that, and calls `update` the next time, even if nothing changed in the program.
    """

    shape: ClassVar = "AwaitedDeploymentArgs"
    fields: ClassVar = (
        *DeploymentResource.fields,
        Field("status", Effect.REDEPLOY, computed=True, api="metadata.status"),
        Field("wait", Effect.NONE, default=True),
        Field("on_failure", Effect.NONE, default="keep"),
    )

    def plan(self, request: Request) -> Values:
        """Plan the revision, and the status that is wanted."""
        return _with_status(super().plan(request), request, WANTED)

    def preview(self, request: Request) -> State:
        """Return what will be: the status is known only where the revision stays."""
        new = super().preview(request)
        status = WANTED if self._stays(request, new) else UNKNOWN
        return State(new.inputs, _with_status(new.outputs, request, status))

    def create(self, request: Request) -> tuple[str, State]:
        """Create the deployment, and wait for its first revision."""
        id, state = super().create(request)
        return id, self._await(replace(request, id=id), state)

    def flatten(self, live: Values, request: Request) -> State:
        """Write the service's answer as the state that has it, with how the revision does."""
        state = super().flatten(live, request)
        number = state.outputs.get("revision_number")
        if state.inputs.get("wait") is False or not isinstance(number, int):
            return state
        if request.old and state.outputs is request.old.outputs:
            # Another revision is only reported, so its status says nothing of this one.
            return state
        status, errors = describe_rollout(live, number)
        outputs = _with_status(state.outputs, request, status)
        if status in ARRIVED or "drift" in outputs:
            return State(state.inputs, outputs)
        detail = f": {errors}" if errors else ""
        return State(state.inputs, outputs, f"revision {number} is {status}{detail}; {_describe_remedy(status)}")

    def update(self, request: Request) -> State:
        """Change it, and wait for a new revision, or for the one before if it is not live yet."""
        state = super().update(request)
        if self._stays(request, state):
            return State(state.inputs, _with_status(state.outputs, request, WANTED))
        return self._await(request, state)

    def _stays(self, request: Request, new: State) -> bool:
        """Return whether the revision that is live is the one that is wanted."""
        olds = request.olds
        return olds.get("status") == WANTED and olds.get("revision_number") == new.outputs["revision_number"]

    def _await(self, request: Request, state: State) -> State:
        """Wait for the revision; return the state with its status."""
        if request.inputs.get("wait") is False:
            return State(state.inputs, _with_status(state.outputs, request, None))
        try:
            status = self.await_ready(replace(request, planned=state.outputs))
        except RolloutError as error:
            raise NotReadyError(request.id, self._describe_failed(error, state, request), str(error)) from error
        except PressError as error:
            unfinished = State(state.inputs, _with_status(state.outputs, request, "deploying"))
            raise NotReadyError(request.id, unfinished, str(error)) from error
        return State(state.inputs, _with_status(state.outputs, request, status))

    def _describe_failed(self, error: RolloutError, state: State, request: Request) -> State:
        """Return what is true after a rollout failed: after a rollback, what ran before runs again."""
        if error.rolled_back_to is not None and request.old is not None:
            rolled_back = {**request.old.outputs, "revision_number": error.rolled_back_to, "status": "deploying"}
            return State(request.old.inputs, rolled_back)
        status = "failed" if error.failed else "deploying"
        return State(state.inputs, _with_status(state.outputs, request, status))


def _with_status(outputs: Values, request: Request, status: object) -> Values:
    """Return outputs with a status; without one where the program does not wait."""
    others = {name: value for name, value in outputs.items() if name != "status"}
    return others if status is None or request.inputs.get("wait") is False else {**others, "status": status}


def _describe_remedy(status: str) -> str:
    if status in MOVING:
        return "the next `pulumi up` waits for it"
    if status in REDEPLOYABLE:
        return "the next `pulumi up` deploys it again"
    return "change the release or its parameters, or set triggers, so that `pulumi up` makes a new revision"
