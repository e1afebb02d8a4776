"""Lines in which what comes from outside is marked as such, so that each format can write it in a safe way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.printable import escape_hidden
from pulumi_press.report.paths import ABSENT
from pulumi_press.report.values import SHORT, cut, show, show_pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.report.report import Leaf

__all__ = ["Given", "Line", "bare", "describe_file", "describe_leaf", "given", "list_names", "list_paths", "to_text"]

NAME_WIDTH = 100
NAMES = 4
"""So many names stand in a line; the rest is counted."""
ITEMS = 3
"""So many items of a list that came or went stand in a line."""
SIGNS = {"+": "added ", "~": "changed ", "-": "removed "}


class Given(NamedTuple):
    """A part of a line that comes from outside: a name, a path, a value."""

    text: str


Line = tuple[str | Given, ...]
"""A line, part by part."""


def given(text: str) -> Given:
    """Mark a text as one from outside, and bring it into a form for one line."""
    return Given(cut(escape_hidden(text), NAME_WIDTH))


def bare(value: object) -> Given:
    """Write a version or a number, without quotation marks."""
    return given(value if isinstance(value, str) else show(value))


def to_text(line: Line) -> str:
    """Write a line without any marks."""
    return "".join(part.text if isinstance(part, Given) else part for part in line)


def list_paths(leaves: Iterable[Leaf]) -> Line:
    """Name properties by their paths."""
    return list_names(leaf.path for leaf in leaves)


def list_names(names: Iterable[str]) -> Line:
    """Name some things, and count the others."""
    listed = list(names)
    shown = listed if len(listed) <= NAMES else listed[: NAMES - 1]
    line: list[str | Given] = []
    for name in shown:
        line += [", ", given(name)] if line else [given(name)]
    if len(shown) < len(listed):
        line.append(f" and {len(listed) - len(shown)} more")
    return tuple(line)


def describe_leaf(leaf: Leaf) -> Line:
    """Say what a property was and what it will be."""
    if leaf.old is ABSENT:
        return given(leaf.path), ": added ", Given(cut(show(leaf.new), SHORT))
    if leaf.new is ABSENT:
        return given(leaf.path), ": ", Given(cut(show(leaf.old), SHORT)), " removed"
    if isinstance(leaf.old, list) and isinstance(leaf.new, list) and (items := _compare_lists(leaf.old, leaf.new)):
        return (given(leaf.path), ": ", *items)
    old, new = show_pair(leaf.old, leaf.new)
    if old == new:
        return given(leaf.path), ": ", Given(old), " changed"
    return given(leaf.path), ": ", Given(old), " -> ", Given(new)


def _compare_lists(old: list[Any], new: list[Any]) -> Line:
    """Say which items came and went; nothing where only their order differs."""
    line: list[str | Given] = []
    for what, items, others in (("added ", new, old), ("removed ", old, new)):
        shown = [Given(cut(show(item), SHORT)) for item in items if item not in others]
        for item in shown[:ITEMS]:
            line += [", " if line else "", what, item]
        if len(shown) > ITEMS:
            line.append(f" and {len(shown) - ITEMS} more")
    return tuple(line)


def describe_file(sign: str, path: str) -> Line:
    """Say what happens to a file: `+` it is added, `~` changed, `-` removed."""
    return SIGNS[sign], given(path)
