"""What stands in a report, in which order; how it is written is each format's own business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.plugin.kinds import KINDS
from pulumi_press.report.descriptions import SAID, count, describe, describe_drift
from pulumi_press.report.drift import SETTLED
from pulumi_press.report.listings import Listing, list_change, list_drift
from pulumi_press.report.report import Outcome
from pulumi_press.report.values import cut
from pulumi_press.report.words import Given, Line, describe_file, describe_leaf, given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.report.report import Change, Drift, Leaf, Message, StackReport

__all__ = ["TEXT_WIDTH", "Item", "Section", "list_all", "read_sections", "read_title", "read_verdict"]

LEAVES = 8
FILES = 20
"""So many properties and files are listed below a line; the rest is counted."""

TEXT_WIDTH = 2_000
"""So many characters of a line of a message are shown."""

TITLES = {
    Outcome.DESTROY: "Destroyed or replaced",
    Outcome.REPLACE: "Destroyed or replaced",
    Outcome.RELEASE: "Releases",
    Outcome.REVISION: "Revisions",
    Outcome.ROLLOUT: "Rollouts",
    Outcome.PARAMETERS: "Run parameters",
    Outcome.PATCH: "Changed in place",
    Outcome.CREATE: "Created",
    Outcome.NOTE: "Only noted in the state",
}
DRIFT = "Drift"
OTHERS = "Other resources"
MESSAGES = {"error": "Errors", "warning": "Warnings"}


@dataclass(frozen=True)
class Item:
    """A line, and what stands below it."""

    line: Line
    details: tuple[Line, ...] = ()
    text: str = ""
    """A text of several lines that comes from outside, below both."""


@dataclass(frozen=True)
class Section:
    """A heading, and what stands below it."""

    title: str
    items: tuple[Item, ...]


def read_title(stack: StackReport) -> Line:
    """Name the operation and the stack."""
    what = "Update" if stack.is_update else "Preview"
    return (what, " of ", Given(stack.name)) if stack.name else (what,)


def read_verdict(stack: StackReport) -> tuple[str, str]:
    """Sum up: what counts most, and the rest."""
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
    """Give the sections of a stack's report, the most important first."""
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
    """Give the full diff."""
    return [
        *map(list_change, stack.changes),
        *(list_drift(drift) for drift in stack.drift if drift.answer not in SETTLED),
    ]


def _read_change(change: Change) -> Item:
    details: list[Line] = []
    if change.verb in ("update", "replace"):
        leaves = [leaf for leaf in change.leaves if not _is_said(change, leaf)]
        details += map(describe_leaf, leaves[:LEAVES])
        if len(leaves) > LEAVES:
            details.append((f"and {len(leaves) - LEAVES} more",))
    details += _list_files(change)
    return Item(describe(change), tuple(details))


def _is_said(change: Change, leaf: Leaf) -> bool:
    """Tell whether the line itself says all of a property."""
    if change.outcome is Outcome.REPLACE:
        return leaf.forces
    return change.outcome is Outcome.REVISION and leaf.path in SAID


def _list_files(change: Change) -> Iterator[Line]:
    files = change.files
    signed = [
        *(("+", path) for path in files.added),
        *(("~", path) for path in files.changed),
        *(("-", path) for path in files.removed),
    ]
    yield from (describe_file(sign, path) for sign, path in signed[:FILES])
    if len(signed) > FILES:
        yield (f"and {len(signed) - FILES} more files",)


def _read_message(message: Message) -> Item:
    kind = message.type if message.type in KINDS else given(message.type)
    subject: Line = (given(message.name), " (", kind, ")") if message.name else ("the program",)
    if "\n" in message.text:
        return Item(subject, text=message.text)
    return Item((*subject, ": ", Given(cut(message.text, TEXT_WIDTH))))


def _read_drift(drift: Drift) -> Item:
    # The change that puts it back tells the values.
    leaves = drift.leaves if drift.answer not in SETTLED else ()
    details = [describe_leaf(leaf) for leaf in leaves[:LEAVES]]
    if len(leaves) > LEAVES:
        details.append((f"and {len(leaves) - LEAVES} more",))
    return Item(describe_drift(drift), tuple(details))
