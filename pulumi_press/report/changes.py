"""From steps of the engine to changes in the words of the domain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.fields import Effect
from pulumi_press.report.leaves import compare, compare_files, is_artifact, list_leaves
from pulumi_press.report.outcomes import judge, summarize
from pulumi_press.report.paths import ABSENT, look_up, parse_path
from pulumi_press.report.report import Change, Files, Leaf, Outcome
from pulumi_press.report.rollouts import ROLLOUT, fold_rollouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_press.provider.values import Values
    from pulumi_press.report.steps import Refresh, State, Step

__all__ = ["find_changes"]

SPECS = ("BlockSpec", "BlockSpecRelease")
VERSION = "release.version"
NUMBER = "revision_number"
TOLD = (VERSION, NUMBER)
"""What the line of a change tells by itself."""


def find_changes(steps: Iterable[Step], refreshes: Mapping[str, Refresh], *, failed: bool) -> list[Change]:
    """Find what happens to each resource; a rollout is told as part of its deployment.

    Args:
        steps: what the engine does.
        refreshes: what it found before, by URN.
        failed: whether it stopped early, so that steps may be missing.
    """
    groups: dict[str, list[Step]] = {}
    for step in steps:
        if not step.urn.is_scenery and not step.is_component:
            groups.setdefault(step.urn.text, []).append(step)
    changes = [_read_change(group, refreshes.get(urn)) for urn, group in groups.items()]
    rollouts = {change.urn: summarize(groups[change.urn])[0] for change in changes if change.type == ROLLOUT}
    return fold_rollouts(changes, rollouts, failed=failed)


def _read_change(group: Sequence[Step], refresh: Refresh | None) -> Change:
    step, verb = summarize(group)
    before, after = _inputs(step.old), _inputs(step.new)
    kind = step.urn.kind
    differs = step.old is not None and step.new is not None and verb not in ("create", "delete", "forget")
    leaves = compare(kind, before, after, step.diff) if differs else list_leaves(after)
    files = compare_files(before, after) if differs and kind in SPECS else Files()
    outcome, note = judge(step, verb, leaves)
    revision = _pair(before, after, NUMBER) if kind == "BlockDeployment" and verb != "delete" else None
    if differs and verb == "update" and revision:
        # Run parameters that a revision must carry are no change in place.
        outcome = Outcome.REVISION
    known = _known_before(kind, refresh)
    forced = _find_forcing(step, leaves) if verb == "replace" else ()
    name = look_up(after or before, ("metadata", "name"))
    return Change(
        urn=step.urn.text,
        name=step.urn.name,
        type=kind or step.urn.type,
        is_press=kind is not None,
        outcome=outcome,
        verb=verb,
        block=name if kind and isinstance(name, str) else "",
        leaves=tuple(
            replace(leaf, forces=leaf.path in forced, drifted=known.get(leaf.path, leaf) == leaf.new)
            for leaf in leaves
            if not (files and is_artifact(leaf.path)) and not (differs and kind and leaf.path in TOLD)
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
    """Give a value before and after; None where it stays, or is in neither."""
    old, new = (look_up(values, parse_path(path)) for values in (before, after))
    return None if old == new or new is ABSENT else (old, new)


def _find_forcing(step: Step, leaves: Sequence[Leaf]) -> tuple[str, ...]:
    """Name the properties that force a replacement; none of them where somebody asked for it."""
    if step.urn.kind:
        return tuple(leaf.path for leaf in leaves if leaf.effect == Effect.REPLACE.value)
    return tuple(path for path in dict.fromkeys(step.forced_by) if path != "id")


def _known_before(kind: str | None, refresh: Refresh | None) -> dict[str, Any]:
    """Give what the stack knew of the properties that were changed behind it, by path."""
    if refresh is None or refresh.after is None:
        return {}
    return {leaf.path: leaf.old for leaf in compare(kind, _inputs(refresh.before), _inputs(refresh.after))}
