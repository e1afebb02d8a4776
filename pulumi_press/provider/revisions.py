"""Revisions of a deployment: numbering them ahead, and creating one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import Conflict, PressError
from pulumi_press.provider import releases
from pulumi_press.provider.durations import ROLLOUT_TIMEOUT, find_limit, format_duration
from pulumi_press.provider.errors import RolloutError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.intents import digest
from pulumi_press.provider.marks import digest_public, mark_notes, name_stack, read_digest, strip_notes
from pulumi_press.provider.polling import pauses
from pulumi_press.provider.run_parameters import flatten_run_parameters
from pulumi_press.provider.statuses import ARRIVED, MOVING
from pulumi_press.provider.values import Values, get, is_equal, name_of, put
from pulumi_press.schema.plain import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_press.provider.context import Context

__all__ = ["REVISION", "create_revision", "number_revision", "roll_back", "rollback_notes"]

REVISION = ("spec.id", "spec.release.version", "parameters", "revision.notes", "triggers")
"""The inputs that a revision is made of."""

FIRST = 1
"""The service numbers revisions from 1."""


def number_revision(fields: Iterable[Field], olds: Values, news: Values) -> Any:
    """Say which revision the deployment will run, so that a preview can show it; unknown where that is not certain."""
    number = olds.get("revision_number")
    if not isinstance(number, int):
        return FIRST
    changes = [change for change in find_changes(fields, olds, news) if change.field.effect is Effect.REVISION]
    if not changes:
        return number
    certain = any(not contains_unknown(change.field.value(news)) for change in changes)
    return number + 1 if certain else UNKNOWN


def create_revision(id: str, olds: Values, news: Values, paths: Sequence[str], context: Context) -> int:
    """Create a revision; give its number. While another one is deploying, wait for that first."""
    before = int(olds.get("revision_number", 0))
    number = _send(id, before, expand_revision(news), news, context)
    # What a rollback goes back to. The service masks hidden run parameters, and does not tell build parameters.
    context.cache.previous_inputs[id, number] = olds
    reasons = describe_reasons(paths, olds, news)
    between = _name_revisions(before + 1, number - 1)
    context.log(f"{name_of(news)}: revision {before} -> {number} because {reasons} changed{between}")
    return number


def _name_revisions(first: int, last: int) -> str:
    """Name the revisions that nobody refreshed the state for, as the end of a message."""
    if last < first:
        return ""
    return f"; revision {last} came in between" if first == last else f"; revisions {first} to {last} came in between"


def roll_back(id: str, revision: int, context: Context) -> str:
    """Make a new revision from the release and the parameters that ran before a revision which this process made.

    Returns:
        What was done, or why nothing could be, as the end of a message.
    """
    olds = context.cache.previous_inputs.get((id, revision)) or _recall(id, revision - 1, context)
    if olds is None:
        return "not rolled back: what ran before was known only to the run that made this revision"
    body = expand_revision(olds)
    before = olds.get("revision_number")
    if "release" not in body and before is not None:
        # The earlier one followed the latest release: it is the revision itself that knows which one that was.
        version = get(context.client.describe_deployment_revision(id, before), "spec.release.version")
        body["release"] = {"version": version}
    body["revision"] = {"notes": rollback_notes(revision)}
    number = _send(id, revision, body, {**olds, "revision": body["revision"]}, context)
    return f"rolled back to what revision {before} ran, as revision {number}"


def _recall(id: str, revision: int, context: Context) -> Values | None:
    """Ask the service what a revision ran, where it tells all of it: neither build nor hidden parameters."""
    if revision < FIRST:
        return None
    live = context.client.describe_deployment_revision(id, revision)
    spec_id, version = get(live, "spec.id"), get(live, "spec.release.version")
    if get(live, "status") not in ARRIVED or not isinstance(spec_id, str):
        return None
    declared = releases.declared_parameters(spec_id, version, context)
    if declared.get("build") or any(item.get("hideValue") for item in declared.get("run") or ()):
        return None
    # Sent to the service as it came from there, whatever Pulumi can hold.
    run = flatten_run_parameters(live, None, spec_id, context, write=lambda value: value) or {}
    return {
        "revision_number": revision,
        "spec": {"id": spec_id, "release": {"version": version}},
        "parameters": {"run": run},
    }


def rollback_notes(revision: int) -> str:
    """Give the notes of the revision that a rollback makes."""
    return f"Rollback of revision {revision}"


def expand_revision(inputs: Values) -> Values:
    """Give the body of `create_deployment_revision` that the inputs of a deployment ask for."""
    # Both groups are always sent: what a revision does not name, it may keep from the one before.
    body: Values = {"parameters": {group: get(inputs, f"parameters.{group}") or {} for group in ("build", "run")}}
    if version := get(inputs, "spec.release.version"):
        body["release"] = {"version": version}
    if notes := get(inputs, "revision.notes"):
        body["revision"] = {"notes": notes}
    return body


def _send(id: str, before: int, body: Values, inputs: Values, context: Context) -> int:
    """Send the POST once the deployment can take it; give the number of the revision.

    The POST is sent once. If its answer was lost, the latest revision is looked up: a later one with the same release,
    notes and run parameters is the one that was to be made.
    """
    digested = digest_public(inputs, REVISION)
    seconds, argument = find_limit(inputs, "update", context.timeout, ROLLOUT_TIMEOUT)
    started = context.now()
    settled = False
    for pause in pauses():
        try:
            return _post(id, before, body, digested, context)
        except Conflict:
            # Documented for a deployment that is busy with another revision. Once it has settled, the next try counts.
            if settled:
                raise
            settled = get(context.client.describe_deployment(id), "metadata.status") not in MOVING
        if settled:
            continue
        waited = context.now() - started
        if waited + pause > seconds:
            raise RolloutError(
                f"the revision before is still deploying after {format_duration(waited)}, so no other can be made; "
                f"run the command again, or raise {argument}"
            )
        context.log(f"waiting for the revision before ({format_duration(waited)})", ephemeral=True)
        context.wait(pause)
    raise AssertionError("pauses never end")  # pragma: no cover


def _post(id: str, before: int, body: Values, digested: str, context: Context) -> int:
    intent, content = context.intent("revision", id, str(before + 1)), digest(body)
    if (intent.holds(content) or name_stack(context)) and (found := _find(id, before, body, digested, context)):
        context.log(f"revision {found} was found from an interrupted run; reusing it")
        return found
    intent.note({"content": content})
    notes = mark_notes(get(body, "revision.notes"), digested, context)
    try:
        return int(context.client.create_deployment_revision(id, put(body, "revision.notes", notes))["revision"])
    except PressError as error:
        if not error.outcome_unknown:
            intent.forget()
            raise
        found = _find(id, before, body, digested, context)
        if found is None:
            raise
        return found


def _find(id: str, before: int, body: Values, digested: str, context: Context) -> int | None:
    deployment = context.client.describe_deployment(id)
    number = int(deployment["latestRevision"]["revision"])
    if number <= before:
        return None
    made, run = context.client.describe_deployment_revision(id, number), body["parameters"]["run"]
    is_ours = (
        (strip_notes(made.get("notes")) or None) == get(body, "revision.notes")
        and (not name_stack(context) or read_digest(made.get("notes")) == digested)
        and get(body, "release.version") in (None, get(made, "spec.release.version"))
        and is_equal(flatten_run_parameters(made, run, get(deployment, "spec.id"), context) or {}, run)
    )
    return number if is_ours else None
