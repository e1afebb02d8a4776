"""What happens to a resource, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider.fields import Effect
from pulumi_press.report.drift import is_behind
from pulumi_press.report.leaves import FOLLOWS
from pulumi_press.report.paths import ABSENT
from pulumi_press.report.report import Outcome
from pulumi_press.report.words import Given, Line, bare, describe_leaf, given, list_names, list_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_press.report.report import Change, Drift, Files, Leaf, StackReport

__all__ = ["SAID", "count", "describe", "describe_drift", "label", "say", "say_drift"]

UNITS = {
    Outcome.DESTROY: ("destroyed", "destroyed"),
    Outcome.REPLACE: ("replaced", "replaced"),
    Outcome.RELEASE: ("new release", "new releases"),
    Outcome.REVISION: ("new revision", "new revisions"),
    Outcome.ROLLOUT: ("rollout taken up", "rollouts taken up"),
    Outcome.PARAMETERS: ("change of run parameters", "changes of run parameters"),
    Outcome.PATCH: ("changed in place", "changed in place"),
    Outcome.CREATE: ("created", "created"),
    Outcome.NOTE: ("only noted in the state", "only noted in the state"),
    Outcome.OTHER: ("other resource", "other resources"),
}
PLAIN = (Outcome.RELEASE, Outcome.REVISION, Outcome.ROLLOUT, Outcome.PARAMETERS)
"""Outcomes that only one kind of resource has, so that its type needs no mention."""
RUN = "parameters.run."
FOREIGN = "drift"
SAID = (FOLLOWS, FOREIGN)
"""Properties of a deployment that the line of its revision tells in words."""


def count(stack: StackReport) -> list[str]:
    """Count the changes: `1 destroyed`, `2 new releases`."""
    counts = stack.counts
    return [f"{counts[outcome]} {UNITS[outcome][counts[outcome] > 1]}" for outcome in Outcome if counts.get(outcome)]


def label(item: Change | Drift, block: str = "") -> Line:
    """Name a resource with its type, and with its block's name where that is another."""
    kind: str | Given = item.type if item.is_press else given(item.type)
    alias: Line = (" ", given(block)) if block and block != item.name else ()
    return given(item.name), " (", kind, *alias, ")"


def describe(change: Change) -> Line:
    """Name a resource and say what happens to it."""
    subject: Line = (given(change.name),) if change.outcome in PLAIN else label(change, change.block)
    return (*subject, ": ", *say(change))


def say(change: Change) -> Line:
    """Say what happens to a resource."""
    line = SAYINGS[change.outcome](change)
    extras = [words for words in (change.rollout, change.note) if words and words not in line]
    if change.failed:
        extras.append("failed")
    return (*line, *(f"; {words}" for words in extras))


def describe_drift(drift: Drift) -> Line:
    """Name a resource and say what was changed behind the stack."""
    return (*label(drift), ": ", *say_drift(drift))


def say_drift(drift: Drift) -> Line:
    """Say what was changed behind the stack, and what is done about it."""
    words: Line = ("gone",) if drift.gone else _say_found(drift.leaves)
    return (*words, f" ({drift.answer})") if drift.answer else words


def _say_found(leaves: Sequence[Leaf]) -> Line:
    told = {leaf.path: leaf for leaf in leaves if leaf.effect}
    if FOREIGN in told and isinstance(told[FOREIGN].new, str):
        return (given(told[FOREIGN].new),)
    if is_behind(leaves):
        return ("it runs release ", bare(told[FOLLOWS].new), ", which is no longer the latest")
    return ("changed: ", *list_paths(leaves))


def _say_release(change: Change) -> Line:
    return (*_say_pair("release", change.release), *_say_why(change, Effect.RELEASE, Effect.REPLACE))


def _say_revision(change: Change) -> Line:
    words: Line = _say_pair("revision", change.revision) if change.revision else (change.rollout,)
    return (*words, *_say_why(change, Effect.REVISION))


def _say_parameters(change: Change) -> Line:
    patched = _with_effects(change, Effect.PATCH)
    more: Line = ("; changed in place: ", *list_paths(patched)) if patched else ()
    return ("run parameters changed in place: ", *_name_run_parameters(change), *more)


def _say_patch(change: Change) -> Line:
    return ("changed in place: ", *list_paths(_with_effects(change, Effect.PATCH)))


def _say_replace(change: Change) -> Line:
    forcing = [leaf for leaf in change.leaves if leaf.forces]
    if forcing:
        leaf, *others = forcing
        more: Line = (" and of ", *list_paths(others)) if others else ()
        return ("replaced because of ", *describe_leaf(leaf), *more)
    if change.forced_by:
        return ("replaced because of ", *list_names(change.forced_by))
    return ("replaced although none of its properties asks for it",)


def _say_destroy(change: Change) -> Line:
    return ("destroyed with all its releases" if change.type == "BlockSpec" else "destroyed",)


def _say_create(change: Change) -> Line:
    for what, pair in (("release", change.release), ("revision", change.revision)):
        if pair:
            return (f"created, {what} ", bare(pair[1]))
    return ("created",)


def _say_rollout(change: Change) -> Line:
    return (change.rollout, *_say_why(change))


def _say_note(change: Change) -> Line:
    words = change.rollout or change.note or "noted"
    named = change.leaves if change.verb == "update" else ()
    return (words, ": ", *list_paths(named)) if named else (words,)


def _say_other(change: Change) -> Line:
    words = {"create": "created", "update": "changed in place"}.get(change.verb, change.verb)
    return (words, ": ", *list_paths(change.leaves)) if change.verb == "update" and change.leaves else (words,)


SAYINGS: dict[Outcome, Callable[[Change], Line]] = {
    Outcome.DESTROY: _say_destroy,
    Outcome.REPLACE: _say_replace,
    Outcome.RELEASE: _say_release,
    Outcome.REVISION: _say_revision,
    Outcome.PARAMETERS: _say_parameters,
    Outcome.PATCH: _say_patch,
    Outcome.CREATE: _say_create,
    Outcome.ROLLOUT: _say_rollout,
    Outcome.NOTE: _say_note,
    Outcome.OTHER: _say_other,
}


def _say_pair(what: str, values: tuple[Any, Any] | None) -> Line:
    if values is None:
        return (f"new {what}",)
    old, new = values
    return (f"new {what} ", bare(new)) if old is ABSENT else (f"{what} ", bare(old), " -> ", bare(new))


def _say_why(change: Change, *effects: Effect) -> Line:
    """Say why, in brackets: the properties with these effects, the files, then what else changes."""
    if change.verb == "create":
        return ()
    parts: list[Line] = []
    leaves = _with_effects(change, *effects)
    parts += [_say_leaf(leaf) for leaf in leaves if leaf.path in SAID]
    if rest := [leaf for leaf in leaves if leaf.path not in SAID]:
        parts.append(list_paths(rest))
    if change.files:
        parts.append(("artifact ", *_count_files(change.files)))
    if run := _name_run_parameters(change):
        parts.append(("run parameters: ", *run))
    if patched := _with_effects(change, Effect.PATCH):
        parts.append(("changed in place: ", *list_paths(patched)))
    line: list[str | Given] = []
    for part in parts:
        line += ["; " if line else " (", *part]
    return (*line, ")") if line else ()


def _say_leaf(leaf: Leaf) -> Line:
    if leaf.path == FOLLOWS:
        return ("release ", bare(leaf.old), " -> ", bare(leaf.new))
    return (given(leaf.old),) if isinstance(leaf.old, str) else list_paths([leaf])


def _count_files(files: Files) -> Line:
    if files.unlisted:
        return ("in files that are too many to be listed",)
    return (Given(f"+{len(files.added)} ~{len(files.changed)} -{len(files.removed)}"), " files")


def _with_effects(change: Change, *effects: Effect) -> list[Leaf]:
    wanted = {effect.value for effect in effects}
    return [leaf for leaf in change.leaves if leaf.effect in wanted]


def _name_run_parameters(change: Change) -> Line:
    return list_names(leaf.path.removeprefix(RUN) for leaf in _with_effects(change, Effect.PARAMETERS))
