"""Describe changes and drift in one line each, with untrusted text marked, so that each format can escape it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pulumi_press.output import escape_hidden
from pulumi_press.provider.fields import Effect
from pulumi_press.report.model import ABSENT, SECRET, Outcome
from pulumi_press.report.properties import FOLLOWS, is_behind
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pulumi_press.report.model import Change, Drift, Files, PropertyDiff, StackReport

__all__ = [
    "DRIFTED",
    "IN_LINE",
    "Line",
    "Untrusted",
    "count",
    "cut",
    "describe",
    "describe_drift",
    "describe_effect",
    "describe_file",
    "describe_finding",
    "describe_property",
    "label",
    "name_effect",
    "show_lines",
    "to_json",
    "to_text",
    "untrusted",
]

AFTER_UP: Final = "[known after up]"
SHORT: Final = 60
"""Characters of a value in a line, at most."""

CONTEXT: Final = 12
"""Characters shown before the first difference of two long values."""


def cut(text: str, width: int) -> str:
    """Return a text, shortened to a width in characters."""
    return text if len(text) <= width else text[: max(width - 3, 0)] + "..."


def to_json(value: Any) -> Any:
    """Return a value as JSON data: unknown as `[known after up]`, absent as None."""
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, Unknown):
        return AFTER_UP
    return None if value is ABSENT else value


def show(value: Any) -> str:
    """Return a value as JSON on one line; `[secret]`, `[known after up]` and `none` are not quoted."""
    if value is ABSENT:
        return "none"
    written = to_json(value)
    if isinstance(value, Unknown) or value == SECRET:
        return str(written)
    return escape_hidden(json.dumps(written, ensure_ascii=False))


def show_pair(old: Any, new: Any, width: int = SHORT) -> tuple[str, str]:
    """Return two values on one line each, shortened around their first difference."""
    before, after = show(old), show(new)
    start = next(_differences(before, after), 0) - CONTEXT
    if start > CONTEXT and max(len(before), len(after)) > width:
        before, after = ("..." + text[start:] for text in (before, after))
    return cut(before, width), cut(after, width)


def _differences(before: str, after: str) -> Iterator[int]:
    yield from (index for index, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    yield min(len(before), len(after))


def show_lines(value: Any) -> list[str]:
    """Return a value as lines: multi-line text as it is, lists and dicts as indented JSON."""
    written = to_json(value)
    if isinstance(written, str) and "\n" in written:
        return [escape_hidden(line) for line in re.split(r"\r?\n", written)]
    if isinstance(written, (dict, list)) and written:
        return [escape_hidden(line) for line in json.dumps(written, ensure_ascii=False, indent=2).splitlines()]
    return [show(value)]


NAME_WIDTH = 100
NAMES = 4
"""Names in a line, at most; the rest is counted."""
ITEMS = 3
"""Added or removed list items in a line, at most; the rest is counted."""
SIGNS = {"+": "added ", "~": "changed ", "-": "removed "}


class Untrusted(NamedTuple):
    """A part of a line that the user or the service supplied: a name, a path, a value."""

    text: str


Line = tuple[str | Untrusted, ...]
"""The parts of a line; a plain string is text of this package."""


def untrusted(text: str) -> Untrusted:
    """Mark a text as untrusted, shortened and escaped to fit one line."""
    return Untrusted(cut(escape_hidden(text), NAME_WIDTH))


def unquoted(value: object) -> Untrusted:
    """Return a version or a number without quotation marks."""
    return untrusted(value if isinstance(value, str) else show(value))


def to_text(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(part.text if isinstance(part, Untrusted) else part for part in line)


def list_paths(properties: Iterable[PropertyDiff]) -> Line:
    """List the paths of properties."""
    return list_names(diff.path for diff in properties)


def list_names(names: Iterable[str]) -> Line:
    """List some names and count the rest."""
    listed = list(names)
    shown = listed if len(listed) <= NAMES else listed[: NAMES - 1]
    line: list[str | Untrusted] = []
    for name in shown:
        line += [", ", untrusted(name)] if line else [untrusted(name)]
    if len(shown) < len(listed):
        line.append(f" and {len(listed) - len(shown)} more")
    return tuple(line)


def describe_property(diff: PropertyDiff) -> Line:
    """Return the old and new value of a property."""
    if diff.old is ABSENT:
        return untrusted(diff.path), ": added ", Untrusted(cut(show(diff.new), SHORT))
    if diff.new is ABSENT:
        return untrusted(diff.path), ": ", Untrusted(cut(show(diff.old), SHORT)), " removed"
    if isinstance(diff.old, list) and isinstance(diff.new, list) and (items := _compare_lists(diff.old, diff.new)):
        return (untrusted(diff.path), ": ", *items)
    old, new = show_pair(diff.old, diff.new)
    if old == new:
        return untrusted(diff.path), ": ", Untrusted(old), " changed"
    return untrusted(diff.path), ": ", Untrusted(old), " -> ", Untrusted(new)


def _compare_lists(old: list[Any], new: list[Any]) -> Line:
    """Return the added and removed items; empty if only the order differs."""
    line: list[str | Untrusted] = []
    for what, items, others in (("added ", new, old), ("removed ", old, new)):
        shown = [Untrusted(cut(show(item), SHORT)) for item in items if item not in others]
        for item in shown[:ITEMS]:
            line += [", " if line else "", what, item]
        if len(shown) > ITEMS:
            line.append(f" and {len(shown) - ITEMS} more")
    return tuple(line)


def describe_file(sign: str, path: str) -> Line:
    """Return what happens to a file: `+` added, `~` changed, `-` removed."""
    return SIGNS[sign], untrusted(path)


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
"""Outcomes of a single kind of resource, where the type is left out."""
RUN = "parameters.run."
DRIFT = "drift"
IN_LINE = (FOLLOWS, DRIFT)
"""Properties of a deployment that the line of its revision explains."""


def count(stack: StackReport) -> list[str]:
    """Return the number of changes by outcome: `1 destroyed`, `2 new releases`."""
    counts = stack.counts
    return [f"{counts[outcome]} {UNITS[outcome][counts[outcome] > 1]}" for outcome in Outcome if counts.get(outcome)]


def label(item: Change | Drift, block: str = "") -> Line:
    """Return the name and type of a resource, and the name of its block if that is different."""
    kind: str | Untrusted = item.type if item.is_press else untrusted(item.type)
    alias: Line = (" ", untrusted(block)) if block and block != item.name else ()
    return untrusted(item.name), " (", kind, *alias, ")"


EFFECTS = {
    Outcome.RELEASE: "new release",
    Outcome.REVISION: "new revision",
    Outcome.PARAMETERS: "run parameters",
    Outcome.NOTE: "state only",
}
"""Outcomes that have another name in front of a change."""
DRIFTED = "drift"
"""What stands in front of drift."""


def name_effect(change: Change) -> str:
    """Return the effect of a change in a word or two."""
    # A resource of another package has no effect of ours, only the operation of the engine.
    return change.verb if change.outcome is Outcome.OTHER else EFFECTS.get(change.outcome, change.outcome.value)


def describe(change: Change) -> Line:
    """Return a resource and what happens to it."""
    subject: Line = (untrusted(change.name),) if change.outcome in PLAIN else label(change, change.block)
    return (*subject, ": ", *describe_effect(change))


def describe_effect(change: Change) -> Line:
    """Return what happens to a resource."""
    line = DESCRIPTIONS[change.outcome](change)
    extras = [text for text in (change.rollout, change.note) if text and text not in line]
    if change.failed:
        extras.append("failed")
    return (*line, *(f"; {text}" for text in extras))


def describe_drift(drift: Drift) -> Line:
    """Return a resource, its drift and what the operation does about it."""
    return (*label(drift), ": ", *describe_finding(drift))


def describe_finding(drift: Drift) -> Line:
    """Return the drift of a resource and what the operation does about it."""
    text: Line = ("gone",) if drift.gone else _describe_found(drift.properties)
    return (*text, f" ({drift.answer})") if drift.answer else text


def _describe_found(properties: Sequence[PropertyDiff]) -> Line:
    by_path = {diff.path: diff for diff in properties if diff.effect}
    if DRIFT in by_path and isinstance(by_path[DRIFT].new, str):
        return (untrusted(by_path[DRIFT].new),)
    if is_behind(properties):
        return ("it runs release ", unquoted(by_path[FOLLOWS].new), ", which is no longer the latest")
    return ("changed: ", *list_paths(properties))


def _describe_release(change: Change) -> Line:
    return (*_describe_pair("release", change.release), *_describe_causes(change, Effect.RELEASE, Effect.REPLACE))


def _describe_revision(change: Change) -> Line:
    text: Line = _describe_pair("revision", change.revision) if change.revision else (change.rollout,)
    return (*text, *_describe_causes(change, Effect.REVISION))


def _describe_parameters(change: Change) -> Line:
    in_place = _with_effects(change, Effect.PATCH)
    more: Line = ("; changed in place: ", *list_paths(in_place)) if in_place else ()
    return ("run parameters changed in place: ", *_name_run_parameters(change), *more)


def _describe_patch(change: Change) -> Line:
    return ("changed in place: ", *list_paths(_with_effects(change, Effect.PATCH)))


def _describe_replace(change: Change) -> Line:
    forcing = [diff for diff in change.properties if diff.forces]
    if forcing:
        diff, *others = forcing
        more: Line = (" and of ", *list_paths(others)) if others else ()
        return ("replaced because of ", *describe_property(diff), *more)
    if change.forced_by:
        return ("replaced because of ", *list_names(change.forced_by))
    return ("replaced although none of its properties asks for it",)


def _describe_destroy(change: Change) -> Line:
    return ("destroyed with all its releases" if change.type == "BlockSpec" else "destroyed",)


def _describe_create(change: Change) -> Line:
    for what, pair in (("release", change.release), ("revision", change.revision)):
        if pair:
            return (f"created, {what} ", unquoted(pair[1]))
    return ("created",)


def _describe_rollout(change: Change) -> Line:
    return (change.rollout, *_describe_causes(change))


def _describe_note(change: Change) -> Line:
    text = change.rollout or change.note or "noted"
    named = change.properties if change.verb == "update" else ()
    return (text, ": ", *list_paths(named)) if named else (text,)


def _describe_other(change: Change) -> Line:
    text = {"create": "created", "update": "changed in place"}.get(change.verb, change.verb)
    return (text, ": ", *list_paths(change.properties)) if change.verb == "update" and change.properties else (text,)


DESCRIPTIONS: dict[Outcome, Callable[[Change], Line]] = {
    Outcome.DESTROY: _describe_destroy,
    Outcome.REPLACE: _describe_replace,
    Outcome.RELEASE: _describe_release,
    Outcome.REVISION: _describe_revision,
    Outcome.PARAMETERS: _describe_parameters,
    Outcome.PATCH: _describe_patch,
    Outcome.CREATE: _describe_create,
    Outcome.ROLLOUT: _describe_rollout,
    Outcome.NOTE: _describe_note,
    Outcome.OTHER: _describe_other,
}


def _describe_pair(what: str, values: tuple[Any, Any] | None) -> Line:
    if values is None:
        return (f"new {what}",)
    old, new = values
    return (f"new {what} ", unquoted(new)) if old is ABSENT else (f"{what} ", unquoted(old), " -> ", unquoted(new))


def _describe_causes(change: Change, *effects: Effect) -> Line:
    """Return the causes in brackets: properties with these effects, files, then what else changes."""
    if change.verb == "create":
        return ()
    parts: list[Line] = []
    properties = _with_effects(change, *effects)
    parts += [_describe_cause(diff) for diff in properties if diff.path in IN_LINE]
    if rest := [diff for diff in properties if diff.path not in IN_LINE]:
        parts.append(list_paths(rest))
    if change.files:
        parts.append(("artifact ", *_count_files(change.files)))
    if run := _name_run_parameters(change):
        parts.append(("run parameters: ", *run))
    if in_place := _with_effects(change, Effect.PATCH):
        parts.append(("changed in place: ", *list_paths(in_place)))
    line: list[str | Untrusted] = []
    for part in parts:
        line += ["; " if line else " (", *part]
    return (*line, ")") if line else ()


def _describe_cause(diff: PropertyDiff) -> Line:
    if diff.path == FOLLOWS:
        return ("release ", unquoted(diff.old), " -> ", unquoted(diff.new))
    return (untrusted(diff.old),) if isinstance(diff.old, str) else list_paths([diff])


def _count_files(files: Files) -> Line:
    if files.unlisted:
        return ("in files that are too many to be listed",)
    return (Untrusted(f"+{len(files.added)} ~{len(files.changed)} -{len(files.removed)}"), " files")


def _with_effects(change: Change, *effects: Effect) -> list[PropertyDiff]:
    wanted = {effect.value for effect in effects}
    return [diff for diff in change.properties if diff.effect in wanted]


def _name_run_parameters(change: Change) -> Line:
    return list_names(diff.path.removeprefix(RUN) for diff in _with_effects(change, Effect.PARAMETERS))
