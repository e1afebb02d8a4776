"""Turn the steps of the engine into changes and drift."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_press.plugin.rollout import WANTED
from pulumi_press.provider.fields import Effect
from pulumi_press.report.model import ABSENT, PUT_BACK, UP_TO_DATE, Change, Drift, Files, Outcome, PropertyDiff
from pulumi_press.report.properties import (
    compare,
    compare_files,
    is_artifact,
    is_behind,
    list_properties,
    look_up,
    parse_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_press.provider.values import Values
    from pulumi_press.report.model import PropertyDiff
    from pulumi_press.report.read.operation import Refresh, State, Step

__all__ = ["find_changes", "find_drift"]

SPECS = ("BlockSpec", "BlockSpecRelease")
VERSION = "release.version"
NUMBER = "revision_number"
SUMMARIZED = (VERSION, NUMBER)
"""Paths that `Change.release` and `Change.revision` hold."""


def find_changes(steps: Iterable[Step], refreshes: Mapping[str, Refresh], *, failed: bool) -> list[Change]:
    """Return one change for each resource; the change of a rollout is merged into that of its deployment.

    Args:
        steps: the steps of the engine.
        refreshes: what a refresh found before them, by URN.
        failed: whether the engine stopped early, so that steps may be missing.
    """
    groups: dict[str, list[Step]] = {}
    for step in steps:
        if not step.urn.is_internal and not step.is_component:
            groups.setdefault(step.urn.text, []).append(step)
    changes = [_read_change(group, refreshes.get(urn)) for urn, group in groups.items()]
    rollouts = {change.urn: select_step(groups[change.urn])[0] for change in changes if change.type == ROLLOUT}
    return _merge_rollouts(changes, rollouts, failed=failed)


def _read_change(group: Sequence[Step], refresh: Refresh | None) -> Change:
    step, verb = select_step(group)
    before, after = _inputs(step.old), _inputs(step.new)
    kind = step.urn.kind
    differs = step.old is not None and step.new is not None and verb not in ("create", "delete", "forget")
    properties = compare(kind, before, after, step.diff_paths) if differs else list_properties(after)
    files = compare_files(before, after) if differs and kind in SPECS else Files()
    outcome, note = classify(step, verb, properties)
    revision = _pair(before, after, NUMBER) if kind == "BlockDeployment" and verb != "delete" else None
    if differs and verb == "update" and revision:
        # The revision carries the run parameters; they do not change in place.
        outcome = Outcome.REVISION
    known = _read_known(kind, refresh)
    forced = _find_replace_paths(step, properties) if verb == "replace" else ()
    name = look_up(after or before, ("metadata", "name"))
    return Change(
        urn=step.urn.text,
        name=step.urn.name,
        type=kind or step.urn.type,
        is_press=kind is not None,
        outcome=outcome,
        verb=verb,
        block=name if kind and isinstance(name, str) else "",
        properties=tuple(
            replace(diff, forces=diff.path in forced, drifted=known.get(diff.path, diff) == diff.new)
            for diff in properties
            if not (files and is_artifact(diff.path)) and not (differs and kind and diff.path in SUMMARIZED)
        ),
        files=files,
        release=_pair(before, after, VERSION) if kind in SPECS and verb != "delete" else None,
        revision=revision,
        forced_by=forced,
        note=note,
        failed=any(item.failed for item in group),
    )


def _inputs(state: State | None) -> Values:
    return (state.inputs or state.outputs) if state else {}


def _pair(before: Values, after: Values, path: str) -> tuple[Any, Any] | None:
    """Return a value before and after; None if it does not change or is removed."""
    old, new = (look_up(values, parse_path(path)) for values in (before, after))
    return None if old == new or new is ABSENT else (old, new)


def _find_replace_paths(step: Step, properties: Sequence[PropertyDiff]) -> tuple[str, ...]:
    """Return the paths that force a replacement; none if it was requested."""
    if step.urn.kind:
        return tuple(diff.path for diff in properties if diff.effect == Effect.REPLACE.value)
    return tuple(path for path in dict.fromkeys(step.replace_reasons) if path != "id")


def _read_known(kind: str | None, refresh: Refresh | None) -> dict[str, Any]:
    """Return the values in the state of the properties that have drifted, by path."""
    if refresh is None or refresh.after is None:
        return {}
    return {diff.path: diff.old for diff in compare(kind, _inputs(refresh.before), _inputs(refresh.after))}


VERBS = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "delete-replaced": "delete",
    "import": "import",
    "read": "read",
    "discard": "forget",
    "discard-replaced": "forget",
    "remove-pending-replace": "forget",
}
REPLACEMENTS = ("replace", "create-replacement", "import-replacement", "read-replacement")
DELETIONS = ("delete", "delete-replaced")
RELEASE = "BlockSpecRelease"
STAYS = "stays on the service until its spec is destroyed"
NOTES = {"import": "taken over into the stack", "read": "only read", "forget": "only forgotten"}
# The strongest first.
OUTCOMES = {
    Effect.RELEASE: Outcome.RELEASE,
    Effect.REVISION: Outcome.REVISION,
    Effect.PARAMETERS: Outcome.PARAMETERS,
    Effect.PATCH: Outcome.PATCH,
}


def select_step(group: Sequence[Step]) -> tuple[Step, str]:
    """Return the most important step on a resource, and what all steps do together."""
    by_op = {step.op: step for step in group}
    for op in REPLACEMENTS:
        if op in by_op:
            return by_op[op], "replace"
    for op in DELETIONS:
        if op in by_op:
            # An object is destroyed, whatever the other steps on this URN do.
            return by_op[op], "delete"
    # An unknown operation counts as an update, never as no change.
    return group[-1], VERBS.get(group[-1].op, "update")


def classify(step: Step, verb: str, properties: Sequence[PropertyDiff]) -> tuple[Outcome, str]:
    """Return the outcome of a step and a note on it.

    Args:
        step: the step.
        verb: what all steps on the resource do together.
        properties: the properties that differ.
    """
    if verb in NOTES:
        return Outcome.NOTE, NOTES[verb]
    if verb == "delete":
        return _classify_delete(step)
    is_release, is_press = step.urn.kind == RELEASE, step.urn.kind is not None
    if verb == "replace" and not is_release:
        return Outcome.REPLACE, _explain_replacement(step)
    if verb == "replace":
        return Outcome.RELEASE, f"the old one {STAYS}"
    if verb == "create" and is_press:
        return Outcome.RELEASE if is_release else Outcome.CREATE, ""
    return (find_outcome(properties), _explain(step, properties)) if is_press else (Outcome.OTHER, "")


def _explain_replacement(step: Step) -> str:
    if _is_retained(step):
        return "the old object stays"
    return "all its releases go with the old one" if step.urn.kind == "BlockSpec" else ""


def _classify_delete(step: Step) -> tuple[Outcome, str]:
    if step.urn.kind == RELEASE:
        return Outcome.NOTE, f"only forgotten: it {STAYS}"
    if _is_retained(step):
        return Outcome.NOTE, "only forgotten: the object stays"
    return Outcome.DESTROY, "left over from a replacement" if step.op == "delete-replaced" else ""


def _is_retained(step: Step) -> bool:
    return step.old is not None and step.old.retain_on_delete


def find_outcome(properties: Iterable[PropertyDiff]) -> Outcome:
    """Return the outcome of an update: the strongest effect of the properties that differ."""
    effects = {diff.effect for diff in properties}
    return next((outcome for effect, outcome in OUTCOMES.items() if effect.value in effects), Outcome.NOTE)


def _explain(step: Step, properties: Sequence[PropertyDiff]) -> str:
    if properties:
        return ""
    if step.old is not None and step.old.init_errors:
        return "tried again, for it failed the last time"
    return "nothing that counts differs"


ROLLOUT = "Rollout"
DEPLOYMENT = "BlockDeployment"
WHOLE = (Outcome.CREATE, Outcome.REPLACE, Outcome.DESTROY)


def _parent_of(step: Step) -> str:
    """Return the URN of the deployment of a rollout."""
    state = step.new or step.old
    return state.parent if state else ""


def _merge_rollouts(changes: Iterable[Change], rollouts: Mapping[str, Step], *, failed: bool) -> list[Change]:
    """Merge the change of each rollout into its deployment's; one that follows from the deployment's adds nothing.

    Args:
        changes: all changes, those of rollouts included.
        rollouts: the steps on rollouts, by URN.
        failed: whether the engine stopped early, so that steps may be missing.
    """
    merged = {change.urn: change for change in changes}
    has_rollout = set()
    for urn, step in rollouts.items():
        rollout, parent = merged.pop(urn), _parent_of(step)
        has_rollout.add(parent)
        deployment = merged.get(parent)
        if deployment is not None and (deployment.outcome in WHOLE or deployment.revision):
            if rollout.failed:
                merged[parent] = replace(deployment, failed=True, rollout="the rollout failed")
            continue
        if failed and deployment is None and rollout.verb in ("create", "delete"):
            # The step on the deployment is missing.
            continue
        text, outcome = _describe_rollout(rollout, step)
        rollout = replace(rollout, properties=rollout.properties if rollout.verb == "update" else ())
        if deployment is not None:
            outcome = min(outcome, deployment.outcome, key=list(Outcome).index)
            properties = (*deployment.properties, *rollout.properties)
            has_failed = deployment.failed or rollout.failed
            merged[parent] = replace(
                deployment, rollout=text, outcome=outcome, properties=properties, failed=has_failed
            )
        else:
            key = parent or urn
            merged[key] = replace(rollout, urn=key, type=DEPLOYMENT, rollout=text, outcome=outcome, note="")
    if failed:
        return list(merged.values())
    return [_note_unwatched(change) if change.urn not in has_rollout else change for change in merged.values()]


def _describe_rollout(rollout: Change, step: Step) -> tuple[str, Outcome]:
    if rollout.verb == "create":
        return "its rollout is waited for; should it have failed, it is deployed again first", Outcome.ROLLOUT
    if rollout.verb == "delete":
        return "its rollouts are no longer waited for", Outcome.NOTE
    status = next((diff.old for diff in rollout.properties if diff.path == "status"), WANTED)
    if status != WANTED:
        return "deployed again, for its last rollout did not end well", Outcome.ROLLOUT
    if step.old is not None and step.old.init_errors:
        return "waited for again, for the last rollout failed", Outcome.ROLLOUT
    if any(diff.path == "revision" for diff in rollout.properties):
        return "the rollout of its live revision is waited for", Outcome.ROLLOUT
    return "changes how its rollouts are waited for", Outcome.NOTE


def _note_unwatched(change: Change) -> Change:
    runs = change.outcome is Outcome.CREATE or (change.outcome is Outcome.REVISION and bool(change.revision))
    if change.type == DEPLOYMENT and runs:
        return replace(change, rollout="its rollout is not waited for")
    return change


def find_drift(refreshes: Iterable[Refresh], changes: Mapping[str, Change], *, is_refresh_only: bool) -> list[Drift]:
    """Return the drift of each resource; the status of a rollout counts as its deployment's.

    Args:
        refreshes: what a refresh found.
        changes: the changes of the operation, by URN.
        is_refresh_only: whether the operation does nothing but refresh.
    """
    found: dict[str, Drift] = {}
    for refresh in refreshes:
        urn = refresh.urn
        if urn.is_internal or not (refresh.before.custom or refresh.urn.kind):
            continue
        properties, gone = _compare(refresh), refresh.after is None
        if not properties and not gone:
            continue
        is_rollout = urn.kind == ROLLOUT
        key = refresh.before.parent if is_rollout else urn.text
        known = found.get(key)
        if is_rollout and gone:
            # Its deployment is gone too, and is reported.
            continue
        if known is not None:
            properties = [*known.properties, *properties]
        kind = DEPLOYMENT if is_rollout else urn.kind or urn.type
        gone = gone or (known is not None and known.gone)
        answer = _answer(changes.get(key), properties, gone=gone, is_refresh_only=is_refresh_only)
        found[key] = Drift(key, urn.name, kind, urn.kind is not None, gone, tuple(properties), answer)
    return list(found.values())


def _compare(refresh: Refresh) -> list[PropertyDiff]:
    kind, before, after = refresh.urn.kind, refresh.before, refresh.after
    if after is None:
        return []
    properties = compare(kind, before.inputs, after.inputs)
    if kind is None and not properties:
        properties = compare(kind, before.outputs, after.outputs)
    # The revision is reported with the deployment.
    return [diff for diff in properties if diff.path == "status"] if kind == ROLLOUT else properties


def _answer(change: Change | None, properties: Sequence[PropertyDiff], *, gone: bool, is_refresh_only: bool) -> str:
    if is_refresh_only:
        return ""
    if change is None:
        return "only the stack takes note"
    if gone:
        return "created again" if change.verb == "create" else ""
    back = set(change.puts_back)
    if not back:
        return "destroyed" if change.verb == "delete" else "not put back as it was"
    # A revision cannot be put back; a new one is created.
    rest = [diff for diff in properties if diff.path not in back and diff.effect != Effect.NONE.value]
    if rest:
        return "partly put back"
    return UP_TO_DATE if is_behind(properties) else PUT_BACK
