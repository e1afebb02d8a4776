"""Revisions of a deployment: numbering and creating them, rolling back, and reading what runs as a state."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import Conflict, PressError
from pulumi_press.provider.adoption import take_up
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import create_once, digest
from pulumi_press.provider.errors import ProviderError, RolloutError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.metadata import (
    digest_public,
    flatten_metadata,
    mark_notes,
    name_stack,
    read_digest,
    strip_notes,
)
from pulumi_press.provider.parameters import declared_parameters, flatten_run_parameters
from pulumi_press.provider.values import Values, get, is_equal, name_of, put
from pulumi_press.provider.waiting import (
    ARRIVED,
    MOVING,
    ROLLOUT_TIMEOUT,
    find_limit,
    format_duration,
    look_until,
    rollback_notes,
)
from pulumi_press.schema import versions
from pulumi_press.schema.hidden import hides
from pulumi_press.schema.plain import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.create_once import Record

__all__ = [
    "REVISION",
    "create_revision",
    "flatten_deployment",
    "is_noted",
    "number_revision",
    "try_roll_back",
]

# While the stack's own revision is on its way, or failed and waits to be deployed again, the release that runs is the
# one before, which is not drift.
_UNSETTLED = MOVING | {"failed"}


def flatten_deployment(live: Values, previous: State, context: Context) -> State:
    """Write a live deployment as the state that has it.

    A revision that this stack did not make is handled as `press:drift` says. `revert`: it shows as the output `drift`,
    which no plan has, so the next update makes a revision of its own. `adopt`: it is taken for the stack's own, and
    only values that differ from the program's show. `report`: a warning reports it, and the stack goes on as if it
    were not there.

    Args:
        live: the service's answer.
        previous: what is known of it; empty where nothing is.
        context: settings and log.
    """
    inputs: Values = {
        **previous.inputs,
        "metadata": flatten_metadata(live.get("metadata"), previous.inputs.get("metadata")),
    }
    # What an answer leaves out is not gone: it stays as it was.
    inputs = put(inputs, "spec.id", get(live, "spec.id") or get(previous.inputs, "spec.id"))
    known = previous.outputs.get("revision_number")
    number, policy = get(live, "latestRevision.revision"), context.settings().drift
    number = known if number is None else number
    foreign = known is not None and number != known
    outputs = {**previous.outputs, "revision_number": number}
    if foreign:
        message = f"live revision {number} was not made by this stack"
        if policy == "report":
            name = name_of(previous.inputs)
            context.log(f"{name}: {message}; press:drift is report, so it stays", warning=True)
            return State(inputs, previous.outputs)
        outputs["drift"] = message
    if policy != "revert":
        outputs.pop("drift", None)
    if known is None or foreign:
        inputs = put(inputs, "revision.notes", strip_notes(get(live, "latestRevision.notes")) or None)
    hidden = previous.outputs.get("hidden", ())
    run = flatten_run_parameters(live, get(previous.inputs, "parameters.run"), get(inputs, "spec.id"), context, hidden)
    inputs = put(inputs, "parameters.run", run)
    version = get(previous.inputs, "spec.release.version")
    if not previous.inputs:
        # Nothing is known of a program yet: an import, or a `get`.
        version = get(live, "spec.release.currentVersion")
    elif foreign or known is None or get(live, "metadata.status") not in _UNSETTLED:
        version = _flatten_version(live, version)
    return State(put(inputs, "spec.release.version", version), outputs)


def _flatten_version(live: Values, previous: Any) -> Any:
    """Write the version that runs; one that was left to the service shows only once a later release is out."""
    current, latest = get(live, "spec.release.currentVersion"), get(live, "spec.release.latestVersion")
    if previous is None and isinstance(current, str) and isinstance(latest, str):
        return current if versions.parse(current) < versions.parse(latest) else None
    return current if current is not None else previous


REVISION = ("spec.id", "spec.release.version", "parameters", "revision.notes", "triggers")
"""The inputs that a revision is made of."""

FIRST = 1
"""The service numbers revisions from 1."""


def number_revision(fields: Iterable[Field], olds: Values, news: Values) -> Any:
    """Return the number of the revision that the deployment will run; unknown where that is not certain."""
    number = olds.get("revision_number")
    if not isinstance(number, int):
        return FIRST
    changes = [change for change in find_changes(fields, olds, news) if change.field.effect is Effect.REVISION]
    if not changes:
        return number
    certain = any(not contains_unknown(change.field.value(news)) for change in changes)
    return number + 1 if certain else UNKNOWN


def create_revision(id: str, olds: Values, news: Values, paths: Sequence[str], context: Context) -> int:
    """Create a revision; return its number. While another one is deploying, wait for that first."""
    before = int(olds.get("revision_number", 0))
    number = _send(id, before, expand_revision(news), news, context)
    # What a rollback goes back to. The service masks hidden run parameters, and does not return build parameters.
    context.cache.previous_inputs[id, number] = olds
    reasons = describe_reasons(paths, olds, news)
    between = _name_revisions(before + 1, number - 1)
    context.log(f"{name_of(news)}: revision {before} -> {number} because {reasons} changed{between}")
    return number


def _name_revisions(first: int, last: int) -> str:
    """Return the revisions that nobody refreshed the state for, as the end of a message."""
    if last < first:
        return ""
    return (
        f"; revision {last} was made by others in between"
        if first == last
        else f"; revisions {first} to {last} were made by others in between"
    )


def is_noted(id: str, number: int, news: Values, context: Context) -> bool:
    """Return whether a run on this machine was about to make a revision of this number from these inputs."""
    return context.intent("revision", id, str(number)).holds(digest(expand_revision(news)))


def try_roll_back(id: str, revision: int, context: Context) -> tuple[int | None, str]:
    """Roll back as `roll_back` does; a failure of that must not hide why."""
    try:
        return roll_back(id, revision, context)
    except (PressError, ProviderError) as error:
        return None, f"the rollback failed too: {error}"


def roll_back(id: str, revision: int, context: Context) -> tuple[int | None, str]:
    """Make a new revision from the release and the parameters that ran before a revision which this process made.

    Returns:
        The new revision, None where none could be made; and what was done or why not, as the end of a message.
    """
    olds = context.cache.previous_inputs.get((id, revision)) or _recall(id, revision - 1, context)
    if olds is None:
        return None, "not rolled back: only the run that made this revision knew what ran before"
    body = expand_revision(olds)
    before = olds.get("revision_number")
    if "release" not in body and before is not None:
        # The earlier one followed the latest release: it is the revision itself that knows which one that was.
        version = get(context.client.describe_deployment_revision(id, before), "spec.release.version")
        body["release"] = {"version": version}
    body["revision"] = {"notes": rollback_notes(revision)}
    number = _send(id, revision, body, {**olds, "revision": body["revision"]}, context)
    return number, f"rolled back to what revision {before} ran, as revision {number}"


def _recall(id: str, revision: int, context: Context) -> Values | None:
    """Return what a revision ran, where the service returns all of it: build and hidden parameters it does not."""
    if revision < FIRST:
        return None
    live = context.client.describe_deployment_revision(id, revision)
    spec_id, version = get(live, "spec.id"), get(live, "spec.release.version")
    if get(live, "status") not in ARRIVED or not isinstance(spec_id, str):
        return None
    declared = declared_parameters(spec_id, version, context)
    if declared.get("build") or any(hides(item) for item in declared.get("run") or ()):
        return None
    # Sent to the service as it came from there, whatever Pulumi can hold.
    run = flatten_run_parameters(live, None, spec_id, context, write=lambda value: value) or {}
    return {
        "revision_number": revision,
        "spec": {"id": spec_id, "release": {"version": version}},
        "parameters": {"run": run},
    }


def expand_revision(inputs: Values) -> Values:
    """Return the body of `create_deployment_revision` that the inputs of a deployment ask for."""
    # Both groups are always sent: what a revision does not name, it may keep from the one before.
    body: Values = {"parameters": {group: get(inputs, f"parameters.{group}") or {} for group in ("build", "run")}}
    if version := get(inputs, "spec.release.version"):
        body["release"] = {"version": version}
    if notes := get(inputs, "revision.notes"):
        body["revision"] = {"notes": notes}
    return body


def _send(id: str, before: int, body: Values, inputs: Values, context: Context) -> int:
    """Send the POST once the deployment can take it; return the number of the revision.

    The POST is sent once. If its answer was lost, the latest revision is looked up: a later one with the same release,
    notes and run parameters is the one that was to be made.
    """
    digested = digest_public(inputs, REVISION)
    seconds, argument = find_limit(inputs, "update", context.timeout, ROLLOUT_TIMEOUT)
    for waited in look_until(seconds, context):
        with suppress(Conflict):
            return _post(id, before, body, digested, context)
        # Documented for a deployment that is busy with another revision. Once it is idle, the next attempt counts.
        if get(context.client.describe_deployment(id), "metadata.status") not in MOVING:
            return _post(id, before, body, digested, context)
        if waited >= seconds:
            raise RolloutError(
                f"the revision before is still deploying after {format_duration(waited)}, so no other can be made; "
                f"run the command again, or raise {argument}"
            )
        context.log(f"waiting for the revision before ({format_duration(waited)})", ephemeral=True)
    raise AssertionError("looks never end")  # pragma: no cover


def _post(id: str, before: int, body: Values, digested: str, context: Context) -> int:
    """Make the revision once; return its number."""
    content, is_marked = digest(body), bool(name_stack(context))

    def find_own(noted: Record) -> int | None:
        if noted.get("content") != content and not is_marked:
            return None
        deployment = context.live or context.client.describe_deployment(id)
        found = _find(deployment, before, body, digested, context)
        if found is not None:
            take_up("revision", f"{id}/{found}", context)
        return found

    def send() -> int:
        marked = put(body, "revision.notes", mark_notes(get(body, "revision.notes"), digested, context))
        return int(context.client.create_deployment_revision(id, marked)["revision"])

    def look_up(error: PressError) -> int:
        found = _find(context.client.describe_deployment(id), before, body, digested, context)
        if found is None:
            raise error
        return found

    intent = context.intent("revision", id, str(before + 1))
    # A refusal means that the deployment is busy: a revision has no name that could be taken.
    return create_once(intent, {"content": content}, find_own, send, look_up, is_marked=is_marked, may_be_taken=False)


def _find(deployment: Values, before: int, body: Values, digested: str, context: Context) -> int | None:
    id = str(deployment["id"])
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
