"""The full diff of a resource, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.printable import escape_hidden
from pulumi_press.report.descriptions import label
from pulumi_press.report.paths import ABSENT
from pulumi_press.report.values import cut, show_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.report.report import Change, Drift, Leaf
    from pulumi_press.report.words import Line

__all__ = ["Listing", "list_change", "list_drift"]

LINES = 120
"""So many lines of a resource are listed; the rest is counted."""
WIDTH = 200
LONGEST = 400
"""Longer values are not compared line by line."""


@dataclass(frozen=True)
class Listing:
    """What is different in a resource, as lines that start with `+`, `-` or a blank."""

    title: Line
    lines: tuple[str, ...]


def list_change(change: Change) -> Listing:
    """List what happens to a resource, property by property."""
    lines = _list_leaves(change.leaves)
    lines += [f"+ file {escape_hidden(path)}" for path in change.files.added]
    lines += [f"~ file {escape_hidden(path)}" for path in change.files.changed]
    lines += [f"- file {escape_hidden(path)}" for path in change.files.removed]
    for path, pair in (("release.version", change.release), ("revision_number", change.revision)):
        if pair and change.verb != "create":
            lines += _list_pair(path, *pair)
    return _make((*label(change, change.block), f", {change.verb}"), lines)


def list_drift(drift: Drift) -> Listing:
    """List what was found, property by property."""
    return _make((*label(drift), ", drift"), ["- the object is gone"] if drift.gone else _list_leaves(drift.leaves))


def _make(title: Line, lines: list[str]) -> Listing:
    shown = [cut(line, WIDTH) for line in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(f"  and {len(lines) - LINES} more lines")
    return Listing(title, tuple(shown))


def _list_leaves(leaves: Iterable[Leaf]) -> list[str]:
    return [line for leaf in leaves for line in _list_pair(leaf.path, leaf.old, leaf.new)]


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
    # Without the two lines that name the files, and those that count lines.
    for line in list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]:
        yield "    ..." if line.startswith("@@") else f"{line[0]}   {line[1:]}"
