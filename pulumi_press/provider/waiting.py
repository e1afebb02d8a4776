"""Waiting until a revision is live or an object is gone: statuses, durations, polling and deletion."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import Conflict, NotFound, PressError, UnprocessableEntity
from pulumi_press.output import shorten
from pulumi_press.provider.errors import ProviderError, RolloutError
from pulumi_press.provider.metadata import strip_notes
from pulumi_press.provider.settings import log_missing, note_found
from pulumi_press.provider.values import Values, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = [
    "ARRIVED",
    "DELETE_TIMEOUT",
    "FAILED",
    "MOVING",
    "REDEPLOYABLE",
    "ROLLOUT_TIMEOUT",
    "await_revision",
    "delete_and_wait",
    "describe_rollout",
    "find_limit",
    "format_duration",
    "look_until",
    "note_created",
    "parse_duration",
    "rollback_notes",
    "send_delete",
]

MOVING = frozenset({"deploying", "redeploying", "updating", "rollback"})
"""The deployment is changing."""

ARRIVED = frozenset({"deployed", "warning"})
"""The revision is live."""

REDEPLOYABLE = frozenset({"failed", "warning"})
"""The service accepts a `redeploy`."""

FAILED = frozenset(
    {"failed", "platform_resource_error", "rollback_complete", "rollback_failed", "deleting", "delete_failed"}
)
"""The revision is not live, and will not become so."""


# The remedy comes after what the service says, and a message is cut at its end.
_LONGEST_NAME = 200  # characters of a status
_LONGEST_DETAIL = 2000  # characters of all errors, or of all names

ROLLOUT_TIMEOUT = "20m"
"""How long a rollout may take unless `timeouts` says otherwise."""

DELETE_TIMEOUT = "10m"
"""How long a deletion may take unless `timeouts` says otherwise."""

_PATTERN = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def parse_duration(text: str) -> int:
    """Read a duration into seconds.

    Raises:
        ValueError: the text is not a duration; the message says what one looks like.
    """
    match = _PATTERN.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(f"{text!r} is not a duration; write one like 90s, 20m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def find_limit(values: Values, operation: str, requested: float | None, default: str) -> tuple[float, str]:
    """Return the seconds that an operation may take, and the argument that sets them.

    Args:
        values: the inputs or outputs; their `timeouts` come first.
        operation: `create`, `update` or `delete`.
        requested: the seconds that the engine's request asks for: Pulumi's `custom_timeouts`.
        default: what holds where neither says anything.
    """
    given = get(values, f"timeouts.{operation}")
    if not given and requested:
        return requested, f"custom_timeouts.{operation}"
    return parse_duration(given or default), f"timeouts.{operation}"


def format_duration(seconds: float) -> str:
    """Write seconds as people do: 5400 -> `1h30m`."""
    whole = round(seconds)
    parts = [(whole // 3600, "h"), (whole % 3600 // 60, "m"), (whole % 60, "s")]
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


SHORTEST = 1.0
"""Seconds between two looks at one object, at least."""

SHARE = 0.1
"""What of the time waited so far may pass until the next look."""

JITTER = 0.1
"""What a pause may be shortened by, so that many deployments that wait together are not looked at all at once."""


def look_until(limit: float, context: Context) -> Iterator[float]:
    """Yield the seconds waited so far whenever it is time to look: at once, and again and again, without an end.

    What ends is seen within a tenth of the time that it took, or within a second where that is more. Looks are at least
    a second apart. One of them comes at the limit, or less than a second later; the caller ends there.

    Args:
        limit: seconds that the caller waits.
        context: clock and cancellation.

    Raises:
        Interrupted: the engine cancelled meanwhile.
    """
    started = context.now()
    while True:
        looked = context.now()
        waited = looked - started
        yield waited
        took = context.now() - looked
        context.wait(max(SHORTEST, _choose_pause(waited, limit - waited) - took))


def _choose_pause(waited: float, left: float) -> float:
    """Return the seconds from one look to the next, before the least that lies between them."""
    # A random part makes it shorter, never longer. Nobody gains from guessing it.
    pause = max(SHORTEST, waited * SHARE * random.uniform(1 - JITTER, 1))  # noqa: S311
    if pause < left < pause + SHORTEST:
        # Earlier, so that a second is left between that look and the last one.
        return left - SHORTEST
    return min(pause, left)


def delete_and_wait(
    delete: Callable[[], object],
    describe: Callable[[], Any],
    context: Context,
    *,
    what: str,
    id: str,
    timeout: float,
    argument: str,
) -> None:
    """Delete an object and wait until the service no longer knows it. One that is gone already is a success.

    Args:
        delete: sends the DELETE.
        describe: reads the object; raises `NotFound` once it is gone.
        context: client, settings and cache.
        what: the object in words, for messages.
        id: its id.
        timeout: seconds to wait.
        argument: the argument that raises the timeout.

    Raises:
        ProviderError: the service could not delete it, or took too long, or it was last seen elsewhere.
    """
    try:
        if not send_delete(delete, f"{what} ({id})", context):
            return
    except (Conflict, UnprocessableEntity) as error:
        if not _is_deleting(describe, error):
            raise
    for waited in look_until(timeout, context):
        try:
            live = describe()
        except NotFound:
            return
        status = get(live, "metadata.status")
        if status == "delete_failed":
            raise ProviderError(f"the service could not delete {what} (delete_failed); run `pulumi destroy` again")
        status = status and shorten(str(status), _LONGEST_NAME)
        if waited >= timeout:
            raise ProviderError(
                f"{what} is still {status or 'there'} {format_duration(waited)} after it was deleted; "
                f"run the command again, or raise {argument}"
            )
        context.log(f"deleting {what} ({status or 'waiting'}, {format_duration(waited)})", ephemeral=True)


def send_delete(delete: Callable[[], object], what: str, context: Context) -> bool:
    """Send a DELETE; return whether there was anything to delete. A missing object is logged.

    Raises:
        ProviderError: it was last seen at another address or with another token, so it may still exist there.
    """
    try:
        delete()
    except NotFound:
        log_missing(what, context)
        return False
    note_found(context)
    return True


def _is_deleting(describe: Callable[[], Any], error: PressError) -> bool:
    """Return whether a refusal only means that the object is being deleted already."""
    try:
        return bool(get(describe(), "metadata.status") == "deleting")
    except NotFound:
        return True
    except PressError:
        raise error from None


# A new deployment may not be readable at once.
GRACE = 30.0


def note_created(deployment_id: str, revision: int, context: Context) -> None:
    """Remember that this process made the revision: its failure is final, while an older one is redeployed first."""
    context.cache.created.add((deployment_id, revision))


def rollback_notes(revision: int) -> str:
    """Return the notes of the revision that a rollback makes."""
    return f"Rollback of revision {revision}"


def await_revision(deployment_id: str, revision: int, timeout: str, seconds: float, context: Context) -> str:
    """Wait until a deployment runs this revision. One that failed earlier is redeployed first.

    Args:
        deployment_id: the deployment.
        revision: the number that must be live.
        timeout: the argument that sets the limit, for the message.
        seconds: the limit.
        context: client, settings and cache.

    Returns:
        `deployed`, or `warning`.

    Raises:
        RolloutError: it failed, another revision is live, or the limit was reached.
        Interrupted: the engine cancelled.
    """
    is_fresh = (deployment_id, revision) in context.cache.created
    may_redeploy = not is_fresh
    for waited in look_until(seconds, context):
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
        if waited >= seconds:
            raise RolloutError(
                f"revision {revision} is still {status} after {format_duration(waited)} "
                f"(limit {format_duration(seconds)}){_detail(live)}; the next `pulumi up` continues to wait; "
                f"{timeout} raises the limit"
            )
        so_far = f"{format_duration(waited)} of {format_duration(seconds)}"
        context.log(f"revision {revision}: {status} ({so_far}){_detail(live)}", ephemeral=True)
    raise AssertionError("looks never end")  # pragma: no cover


def describe_rollout(live: Values, revision: int) -> tuple[str, str]:
    """Return the status of a revision, and what is wrong with it as the service says; empty where nothing is known.

    Args:
        live: the deployment, as the service returns it.
        revision: the revision's number.
    """
    return _status(live, revision), _errors(live)


def _redeploy(deployment_id: str, context: Context) -> None:
    try:
        context.client.redeploy(deployment_id)
    except PressError as error:
        # The next poll shows whether it was accepted: the status changes, or has failed.
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
    """Return one status for the revision: the deployment changes as a whole, and each revision ends on its own."""
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
            f"revision {revision} failed before, and revision {latest} rolled back to what ran until then; "
            "change the program, or run `pulumi up --refresh` to try it again as a new revision"
        )
    return (
        f"live revision {latest} was not made by this stack, which asked for {revision}; "
        "run `pulumi refresh` to see what it changed, then `pulumi up` to go back to this program"
    )


def _explain(revision: int, status: str, live: Values) -> str:
    known = status in FAILED
    named = shorten(status, _LONGEST_NAME)
    outcome = f"ended as {named}" if known else f"has the status {named!r}, which this version does not know"
    remedy = (
        "fix the cause and run `pulumi up`, which redeploys it"
        if status in REDEPLOYABLE
        else "change the release or its parameters, or set triggers, so that `pulumi up` makes a new revision; "
        "or run `pulumi up --replace '**::<name in the program>'`, which makes a new deployment"
    )
    errors = _errors(live)
    return f"revision {revision} {outcome}: {errors or 'the service gave no reason'}\n{remedy}"


def _detail(live: Values) -> str:
    """Return what is not ready yet."""
    names = [item["name"] for item in _resources(live) if item.get("status") in MOVING and item.get("name")]
    return f", waiting for {shorten(', '.join(names), _LONGEST_DETAIL)}" if names else ""


def _errors(live: Values) -> str:
    lines = [
        f"{item.get('name', 'a resource')} ({item.get('kind', 'resource')}): {error.get('message', 'no message')}"
        + (f" [{error['code']}]" if error.get("code") is not None else "")
        for item in _resources(live)
        for error in item.get("errors") or []
    ]
    return shorten("; ".join(lines), _LONGEST_DETAIL)


def _resources(live: Values) -> list[Any]:
    found = get(live, "latestRevision.resources")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
