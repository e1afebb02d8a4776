"""Waiting for a revision to come to life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.durations import format_duration
from pulumi_press.provider.errors import RolloutError
from pulumi_press.provider.marks import strip_notes
from pulumi_press.provider.polling import pauses
from pulumi_press.provider.revisions import rollback_notes
from pulumi_press.provider.statuses import ARRIVED, FAILED, MOVING, REDEPLOYABLE
from pulumi_press.provider.values import Values, get

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = ["await_revision", "note_created"]

# A new deployment may not be readable at once.
GRACE = 30.0


def note_created(deployment_id: str, revision: int, context: Context) -> None:
    """Keep in mind that this process made the revision: that it fails is news, an older one is tried again first."""
    context.cache.created.add((deployment_id, revision))


def await_revision(deployment_id: str, revision: int, timeout: str, seconds: float, context: Context) -> str:
    """Wait until a deployment runs this revision. One that failed earlier is redeployed first.

    Args:
        deployment_id: the deployment.
        revision: the number that must be live.
        timeout: the argument that sets the limit, for the message.
        seconds: the limit.
        context: the surroundings.

    Returns:
        `deployed`, or `warning`.

    Raises:
        RolloutError: it failed, another revision is live, or the limit was reached.
        Interrupted: the engine asked to stop.
    """
    started = context.now()
    is_fresh = (deployment_id, revision) in context.cache.created
    may_redeploy = not is_fresh
    for pause in pauses():
        waited = context.now() - started
        live = _describe(deployment_id, context, patient=is_fresh and waited < GRACE)
        status, latest = _status(live, revision), get(live, "latestRevision.revision")
        if isinstance(latest, int) and latest > revision:
            raise RolloutError(_explain_other(revision, latest, live))
        if may_redeploy and status in REDEPLOYABLE:
            context.log(f"revision {revision} is {status}; redeploying it")
            _redeploy(deployment_id, context)
            may_redeploy = False
        elif status in ARRIVED:
            if status == "warning":
                context.log(f"revision {revision} is live with a warning: {_errors(live) or 'no detail'}", warning=True)
            return status
        elif status not in MOVING:
            raise RolloutError(_explain(revision, status, live), failed=True)
        if waited + pause > seconds:
            raise RolloutError(
                f"revision {revision} is still {status} after {format_duration(waited)} "
                f"(limit {format_duration(seconds)}){_detail(live)}; the next `pulumi up` goes on waiting, "
                f"{timeout} raises the limit"
            )
        so_far = f"{format_duration(waited)} of {format_duration(seconds)}"
        context.log(f"revision {revision}: {status} ({so_far}){_detail(live)}", ephemeral=True)
        context.wait(pause)
    raise AssertionError("pauses never end")  # pragma: no cover


def _redeploy(deployment_id: str, context: Context) -> None:
    try:
        context.client.redeploy(deployment_id)
    except PressError as error:
        # Whether it is on its way shows at the next look: it either moves, or has failed for good.
        if not error.outcome_unknown:
            raise


def _describe(deployment_id: str, context: Context, *, patient: bool) -> Values:
    try:
        return dict(context.client.describe_deployment(deployment_id))
    except NotFound:
        if patient:
            return {}
        raise RolloutError(
            f"the deployment {deployment_id} is gone; run `pulumi up --refresh`, which makes a new one"
        ) from None


def _status(live: Values, revision: int) -> str:
    """Give one status for the revision: the deployment moves as a whole, and each revision ends for itself."""
    overall, own = get(live, "metadata.status"), get(live, "latestRevision.status")
    if not live or get(live, "latestRevision.revision") != revision:
        return "deploying"
    if overall is None or own is None:
        return str(overall or own)
    if overall in MOVING:
        return str(overall)
    if own in FAILED:
        return str(own) if overall in ARRIVED else str(overall)
    if own in MOVING:
        return str(own)
    return str(overall)


def _explain_other(revision: int, latest: int, live: Values) -> str:
    if strip_notes(get(live, "latestRevision.notes")) == rollback_notes(revision):
        return (
            f"revision {revision} failed before, and revision {latest} went back to what ran until then; "
            "change the program, or run `pulumi up --refresh` to try it again as a new revision"
        )
    return (
        f"live revision {latest} was not made by this stack, which asked for {revision}; "
        "run `pulumi refresh` to see what it changed, then `pulumi up` to go back to this program"
    )


def _explain(revision: int, status: str, live: Values) -> str:
    known = status in FAILED
    words = f"ended as {status}" if known else f"has the status {status!r}, which this version does not know"
    remedy = (
        "mend the cause and run `pulumi up`, which redeploys it"
        if status in REDEPLOYABLE
        else "change the release or its parameters, or set triggers, so that `pulumi up` makes a new revision; "
        "or run `pulumi up --replace '**::<name in the program>'`, which makes a new deployment"
    )
    errors = _errors(live)
    return f"revision {revision} {words}: {errors or 'the service gave no reason'}\n{remedy}"


def _detail(live: Values) -> str:
    """Name what is not there yet."""
    names = [item["name"] for item in _resources(live) if item.get("status") in MOVING and item.get("name")]
    return f", waiting for {', '.join(names)}" if names else ""


def _errors(live: Values) -> str:
    lines = [
        f"{item.get('name', 'a resource')} ({item.get('kind', 'resource')}): {error.get('message', 'no message')}"
        + (f" [{error['code']}]" if error.get("code") is not None else "")
        for item in _resources(live)
        for error in item.get("errors") or []
    ]
    return "; ".join(lines)


def _resources(live: Values) -> list[Any]:
    found = get(live, "latestRevision.resources")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
