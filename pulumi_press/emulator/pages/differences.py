"""What differs between two releases, or between two revisions, as lines that begin with `+`, `-` or a blank."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.backend.backend import MASK, mask_values
from pulumi_press.emulator.pages.files import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["Difference", "Release", "Revision", "compare_releases", "compare_revisions", "pretty"]

LONGEST = 1_000
"""Texts with more lines are not compared line by line: the time for it grows with the square of the lines."""

FILES = 20
MOST = 3_000
"""Files that are compared line by line, and lines of them, at most; of the others only the names are shown."""

KEPT = 64
"""Texts whose difference is kept: an open page asks for it again after each change of anything."""

UNCHANGED = 3
"""Lines shown around each change."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs: a field, a config, a file.

    Args:
        title: what it is.
        note: what happened to it, in words; may be empty.
        lines: what differs, line by line; may be empty.
    """

    title: str
    note: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """A release to be compared.

    Args:
        shown: as `show_release` gives it.
        content: the zip of its artifact; None: it has none.
    """

    shown: Mapping[str, Any]
    content: bytes | None


@dataclass(frozen=True)
class Revision:
    """A revision to be compared.

    Args:
        shown: as `show_revision` gives it.
        values: values by name of each group of parameters (`run`, `build`), not masked.
        release: its release.
    """

    shown: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    release: Release


def pretty(value: Any) -> str:
    """Return a value as JSON of several lines, in the order of its keys."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def compare_revisions(hidden: Collection[str], old: Revision, new: Revision) -> list[Difference]:
    """Return what differs between two revisions: the values, then the release with all that is in it.

    Args:
        hidden: names of parameters whose values are masked.
        old: the one before.
        new: the one after.
    """
    found = [
        *_compare_field("Notes", old.shown.get("notes"), new.shown.get("notes")),
        *(
            difference
            for group, title in (("run", "Run parameters"), ("build", "Build parameters"))
            for difference in _compare_values(title, *_mask_pair(old.values[group], new.values[group], hidden))
        ),
        *_compare_field("Release", old.shown["version"], new.shown["version"]),
    ]
    return found + compare_releases(old.release, new.release)


def compare_releases(old: Release, new: Release) -> list[Difference]:
    """Return what differs between two releases: notes, config, declared parameters, files."""
    before, after = old.shown, new.shown
    return [
        *_compare_field("Release notes", before.get("notes"), after.get("notes")),
        *_compare_field("Runs on deploy", before["autoRunOnDeploy"], after["autoRunOnDeploy"]),
        *_compare_values("Config", before["config"], after["config"]),
        *_compare_values("Declared parameters", before["parameters"], after["parameters"]),
        *_compare_files(old, new),
    ]


def _mask_pair(
    old: Mapping[str, Any], new: Mapping[str, Any], hidden: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Mask hidden values; those that differ differ in the mask, too."""
    changed = [name for name in hidden if name in old and name in new and old[name] != new[name]]
    other = dict.fromkeys(changed, f"{MASK} (another value)")
    return mask_values(old, hidden), {**mask_values(new, hidden), **other}


def _compare_field(title: str, old: Any, new: Any) -> Iterator[Difference]:
    if old != new:
        lines = [f"- {_write(old)}"] if old is not None else []
        yield Difference(title, lines=(*lines, *([f"+ {_write(new)}"] if new is not None else [])))


def _write(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _compare_values(title: str, old: Any, new: Any) -> Iterator[Difference]:
    if old != new:
        # The order of keys means nothing in JSON.
        before, after = (json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) for value in (old, new))
        yield _compare_texts(title, before, after)


def _compare_texts(title: str, old: str, new: str) -> Difference:
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > LONGEST:
        return Difference(title, f"too long to be compared: {len(before)} lines before, {len(after)} after")
    lines = _list_differences(old, new)
    return Difference(title, "" if lines else "differs in the ends of lines only", lines)


@lru_cache(KEPT)
def _list_differences(old: str, new: str) -> tuple[str, ...]:
    # Without the two header lines and the header of the first hunk; those of the others become dots.
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=UNCHANGED))[3:]
    return tuple("  ..." if line.startswith("@@") else f"{line[0]} {line[1:]}" for line in lines)


def _compare_files(old: Release, new: Release) -> Iterator[Difference]:
    before, after = _files_of(old), _files_of(new)
    compared = lines = 0
    for path in sorted(before.keys() | after.keys()):
        one, other = before.get(path), after.get(path)
        if one is None or other is None:
            yield Difference(path, "file added" if one is None else "file removed")
        elif one["sha256"] != other["sha256"]:
            is_compared = compared < FILES and lines < MOST
            difference = _compare_file(path, old, new) if is_compared else Difference(path, "file changed")
            compared, lines = compared + is_compared, lines + len(difference.lines)
            yield difference


def _files_of(release: Release) -> dict[str, Mapping[str, Any]]:
    artifact = release.shown["artifact"]
    return {file["path"]: file for file in artifact["files"]} if artifact else {}


def _compare_file(path: str, old: Release, new: Release) -> Difference:
    texts = [read_text(release.content or b"", path) for release in (old, new)]
    before, after = texts
    if before is None or after is None:
        return Difference(path, "file changed; it is no text, or too long to be compared")
    return _compare_texts(path, before, after)
