"""Turn the steps of the engine into changes and drift."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
from pulumi_press.report.rollouts import DEPLOYMENT, ROLLOUT, describe_own_rollout, merge_rollouts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_press.provider.values import Values
    from pulumi_press.report.model import PropertyDiff
    from pulumi_press.report.read.operation import Refresh, Step

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
    moved = {urn for group in groups.values() for step in group if step.moves for urn in _list_urns(step)}
    return merge_rollouts(changes, rollouts, moved, failed=failed)


def _list_urns(step: Step) -> Iterator[str]:
    """Yield the URNs under which a resource that moves may have a rollout that follows from the move."""
    if step.old is not None:
        yield step.old.urn.text
        if not step.old.init_errors:
            yield step.urn.text


def _read_change(group: Sequence[Step], refresh: Refresh | None) -> Change:
    step, verb = select_step(group)
    before, after = step.old.known if step.old else {}, step.new.planned if step.new else {}
    kind = step.urn.kind
    differs = step.old is not None and step.new is not None and verb not in ("create", "delete", "forget")
    properties = compare(step.urn.token, before, after, step.diff_paths) if differs else list_properties(after)
    files = compare_files(before, after) if differs and kind in SPECS else Files()
    outcome, note = classify(step, verb, properties)
    revision = _pair(before, after, NUMBER) if kind == "BlockDeployment" and verb != "delete" else None
    if differs and verb == "update" and revision:
        # The revision carries the run parameters; they do not change in place.
        outcome = Outcome.REVISION
    known = _read_known(refresh)
    forced = _find_replace_paths(step, properties) if verb == "replace" else ()
    name = look_up(after or before, ("metadata", "name"))
    change = Change(
        urn=step.urn.text,
        name=step.urn.name,
        type=kind or step.urn.type,
        is_press=kind is not None,
        outcome=outcome,
        verb=verb,
        block=name if kind and isinstance(name, str) else "",
        properties=tuple(
            _mark(diff, forced, known)
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
    return describe_own_rollout(change, step) if kind == DEPLOYMENT and step.urn.is_native else change


def _mark(diff: PropertyDiff, forced: Collection[str], known: Mapping[str, Any]) -> PropertyDiff:
    """Return a property with whether it forces the replacement, and whether it was changed outside the stack."""
    forces, drifted = diff.path in forced, diff.path in known and known[diff.path] == diff.new
    return replace(diff, forces=forces, drifted=drifted) if forces or drifted else diff


def _pair(before: Values, after: Values, path: str) -> tuple[Any, Any] | None:
    """Return a value before and after; None if it does not change or is removed."""
    old, new = (look_up(values, parse_path(path)) for values in (before, after))
    return None if old == new or new is ABSENT else (old, new)


def _find_replace_paths(step: Step, properties: Sequence[PropertyDiff]) -> tuple[str, ...]:
    """Return the paths that force a replacement; none if it was requested."""
    if step.urn.kind:
        return tuple(diff.path for diff in properties if diff.effect == Effect.REPLACE.value)
    return tuple(path for path in dict.fromkeys(step.replace_reasons) if path != "id")


def _read_known(refresh: Refresh | None) -> dict[str, Any]:
    """Return the values in the state of the properties that have drifted, by path."""
    if refresh is None or refresh.after is None:
        return {}
    properties = compare(refresh.urn.token, refresh.before.known, refresh.after.known)
    return {diff.path: diff.old for diff in properties}


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
    if step.moves:
        return "moves to the native plugin" if step.urn.is_native else "moves to the dynamic provider"
    if properties:
        return ""
    if step.old is not None and step.old.init_errors:
        return "tried again, for it failed the last time"
    return "nothing that counts differs"


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
    token, before, after = refresh.urn.token, refresh.before, refresh.after
    if after is None:
        return []
    if token is not None:
        properties = compare(token, before.known, after.known)
        # The revision is reported with the deployment.
        return [diff for diff in properties if diff.path == "status"] if token.kind == ROLLOUT else properties
    return compare(None, before.inputs, after.inputs) or compare(None, before.outputs, after.outputs)


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
