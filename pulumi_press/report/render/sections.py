"""The sections of a report and the full diff, the same in Markdown and HTML."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.output import escape_hidden
from pulumi_press.plugin.tokens import KINDS
from pulumi_press.report.model import ABSENT, Files, Outcome
from pulumi_press.report.properties import DIGEST, FILES, parse_path
from pulumi_press.report.render.lines import (
    DRIFTED,
    IN_LINE,
    Line,
    Untrusted,
    count,
    cut,
    describe,
    describe_drift,
    describe_file,
    describe_property,
    label,
    name_effect,
    show_lines,
    untrusted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.report.model import Change, Drift, Message, PropertyDiff, StackReport
    from pulumi_press.report.render.lines import Line

__all__ = [
    "TEXT_WIDTH",
    "Item",
    "Listing",
    "Section",
    "list_all",
    "list_files",
    "read_sections",
    "read_title",
    "read_verdict",
]

PROPERTIES = 8
FILES_SHOWN = 20
"""Properties and files listed below a line, at most; the rest is counted."""

TEXT_WIDTH = 2_000
"""Characters of a line of a message, at most."""

TITLES = {
    Outcome.DESTROY: "Destroyed or replaced",
    Outcome.REPLACE: "Destroyed or replaced",
    Outcome.RELEASE: "Releases",
    Outcome.REVISION: "Revisions",
    Outcome.ROLLOUT: "Rollouts",
    Outcome.PARAMETERS: "Run parameters",
    Outcome.PATCH: "Changed in place",
    Outcome.CREATE: "Created",
    Outcome.NOTE: "Changed in the state only",
}
NO_FILES = Files()
DRIFT = "Drift"
OTHERS = "Other resources"
MESSAGES = {"error": "Errors", "warning": "Warnings"}


@dataclass(frozen=True)
class Item:
    """A line with its details."""

    line: Line
    details: tuple[Line, ...] = ()
    text: str = ""
    """Untrusted text of several lines, below the details."""
    files: Files = NO_FILES
    """Files that change in the artifact, below the details."""
    effect: str = ""
    """Effect of a change in a word or two, or `drift`; empty for a message."""
    outcome: Outcome | None = None
    """Outcome of a change."""


@dataclass(frozen=True)
class Section:
    """A heading with its items."""

    title: str
    items: tuple[Item, ...]


def read_title(stack: StackReport) -> Line:
    """Return the operation and the stack."""
    what = "Update" if stack.is_update else "Preview"
    return (what, " of ", Untrusted(stack.name)) if stack.name else (what,)


def read_verdict(stack: StackReport) -> tuple[str, str]:
    """Return the verdict: the most important counts, then the rest."""
    counts = count(stack)
    destructive = sum(outcome.is_destructive for outcome in stack.counts)
    first, rest = counts[:destructive], counts[destructive:]
    if stack.drift:
        rest.append(f"drift in {len(stack.drift)}")
    if stack.unchanged:
        rest.append(f"{stack.unchanged} unchanged")
    if stack.failed:
        errors = sum(message.severity == "error" for message in stack.messages)
        what = "The update failed" if stack.is_update else "The preview failed"
        return f"{what}: {errors} error{'' if errors == 1 else 's'}", ", ".join([*first, *rest])
    if first:
        return "Destructive: " + ", ".join(first), ", ".join(rest)
    if stack.changes:
        return ", ".join(rest[: len(counts)]), ", ".join(rest[len(counts) :])
    return "No changes", ", ".join(rest)


def read_sections(stack: StackReport) -> list[Section]:
    """Return the sections of a stack's report, the most important first."""
    grouped: dict[str, list[Item]] = {}
    order = list(Outcome)
    for change in sorted(stack.changes, key=lambda change: order.index(change.outcome)):
        if change.outcome in TITLES:
            grouped.setdefault(TITLES[change.outcome], []).append(_read_change(change))
    for drift in stack.drift:
        grouped.setdefault(DRIFT, []).append(_read_drift(drift))
    for change in stack.changes:
        if change.outcome not in TITLES:
            grouped.setdefault(OTHERS, []).append(_read_change(change))
    for severity, title in MESSAGES.items():
        for message in stack.messages:
            if message.severity == severity:
                grouped.setdefault(title, []).append(_read_message(message))
    return [Section(title, tuple(items)) for title, items in grouped.items()]


def list_all(stack: StackReport) -> list[Listing]:
    """Return the full diff: the changes, then the drift that no change resolves."""
    return [
        *map(list_change, stack.changes),
        *(list_drift(drift) for drift in stack.drift if not drift.is_resolved),
    ]


def _read_change(change: Change) -> Item:
    details: list[Line] = []
    if change.verb in ("update", "replace"):
        properties = [diff for diff in change.properties if not _is_in_line(change, diff)]
        details += map(describe_property, properties[:PROPERTIES])
        if len(properties) > PROPERTIES:
            details.append((f"and {len(properties) - PROPERTIES} more",))
    return Item(
        describe(change), tuple(details), files=change.files, effect=name_effect(change), outcome=change.outcome
    )


def _is_in_line(change: Change, diff: PropertyDiff) -> bool:
    """Return whether the line itself describes the property."""
    if change.outcome is Outcome.REPLACE:
        return diff.forces
    return change.outcome is Outcome.REVISION and diff.path in IN_LINE


def list_files(files: Files) -> Iterator[Line]:
    """Yield a line for each file, and one for those that are too many."""
    signed = [
        *(("+", path) for path in files.added),
        *(("~", path) for path in files.changed),
        *(("-", path) for path in files.removed),
    ]
    yield from (describe_file(sign, path) for sign, path in signed[:FILES_SHOWN])
    if len(signed) > FILES_SHOWN:
        yield (f"and {len(signed) - FILES_SHOWN} more files",)


def _read_message(message: Message) -> Item:
    kind = message.type if message.type in KINDS else untrusted(message.type)
    subject: Line = (untrusted(message.name), " (", kind, ")") if message.name else ("the program",)
    if "\n" in message.text:
        return Item(subject, text=message.text)
    return Item((*subject, ": ", Untrusted(cut(message.text, TEXT_WIDTH))))


def _read_drift(drift: Drift) -> Item:
    # The change that puts it back lists the values.
    properties = () if drift.is_resolved else drift.properties
    details = [describe_property(diff) for diff in properties[:PROPERTIES]]
    if len(properties) > PROPERTIES:
        details.append((f"and {len(properties) - PROPERTIES} more",))
    return Item(describe_drift(drift), tuple(details), effect=DRIFTED)


LINES = 120
"""Lines of a resource, at most; the rest is counted."""
WIDTH = 200
LONGEST = 400
"""Values of more lines are not compared line by line."""


@dataclass(frozen=True)
class Listing:
    """The diff of a resource; lines start with `+`, `-`, `~` or a blank."""

    title: Line
    lines: tuple[str, ...]


def list_change(change: Change) -> Listing:
    """Return the diff of a change."""
    files, properties = change.files, list(change.properties)
    if change.verb == "create":
        files, properties = _split_files(properties)
    lines = _list_properties(properties)
    lines += [f"+ file {escape_hidden(path)}" for path in files.added]
    lines += [f"~ file {escape_hidden(path)}" for path in files.changed]
    lines += [f"- file {escape_hidden(path)}" for path in files.removed]
    if files.unlisted:
        lines.append(f"{'+' if change.verb == 'create' else '~'} artifact: too many files to list")
    for path, pair in (("release.version", change.release), ("revision_number", change.revision)):
        if pair and change.verb != "create":
            lines += _list_pair(path, *pair)
    return _make((*label(change, change.block), f", {change.verb}"), lines)


def _split_files(properties: list[PropertyDiff]) -> tuple[Files, list[PropertyDiff]]:
    """Return the files of a new artifact, and the properties without their digests, which say nothing to a reader."""
    paths = [parse_path(diff.path) for diff in properties]
    added = {str(keys[2]) for keys in paths if keys[:2] == FILES and len(keys) > len(FILES)}
    unlisted = DIGEST in paths and not any(keys[:2] == FILES for keys in paths)
    rest = [
        diff
        for keys, diff in zip(paths, properties, strict=True)
        if keys != DIGEST and not (keys[:2] == FILES and len(keys) > len(FILES))
    ]
    return Files(added=tuple(sorted(added)), unlisted=unlisted), rest


def list_drift(drift: Drift) -> Listing:
    """Return the diff of a drift."""
    lines = ["- the object no longer exists"] if drift.gone else _list_properties(drift.properties)
    return _make((*label(drift), ", drift"), lines)


def _make(title: Line, lines: list[str]) -> Listing:
    shown = [cut(line, WIDTH) for line in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(f"  and {len(lines) - LINES} more lines")
    return Listing(title, tuple(shown))


def _list_properties(properties: Iterable[PropertyDiff]) -> list[str]:
    return [line for diff in properties for line in _list_pair(diff.path, diff.old, diff.new)]


def _list_pair(path: str, old: object, new: object) -> Iterator[str]:
    name = escape_hidden(path)
    before = [] if old is ABSENT else show_lines(old)
    after = [] if new is ABSENT else show_lines(new)
    if len(before) <= 1 and len(after) <= 1:
        yield from (f"- {name}: {line}" for line in before)
        yield from (f"+ {name}: {line}" for line in after)
        return
    yield f"  {name}:"
    if not before or not after or max(len(before), len(after)) > LONGEST:
        yield from (f"-   {line}" for line in before)
        yield from (f"+   {line}" for line in after)
        return
    # Without the two header lines; hunk headers become dots.
    for line in list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]:
        yield "    ..." if line.startswith("@@") else f"{line[0]}   {line[1:]}"
