"""The changed files of an artifact as a tree of folders."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.report.model import Files

__all__ = ["Folder", "build_tree", "count_left_out"]

MOST = 500
"""Files in a tree, at most; the rest is counted."""

DEEPEST = 20
"""Folders within one another, at most; what lies deeper is shown with its path."""


@dataclass
class Folder:
    """A folder with changed files in it.

    Args:
        name: its path from the folder above; folders that hold nothing but one folder are one with it.
    """

    name: str
    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)
    """Sign (`+`, `~` or `-`) and name of each file."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of files below it by sign."""
        signs = [sign for sign, _ in self.files]
        below = [folder.counts for folder in self.folders.values()]
        return {sign: signs.count(sign) + sum(counts.get(sign, 0) for counts in below) for sign in "+~-"}


def build_tree(files: Files) -> Folder:
    """Return the folder that has the changed files, sorted by name."""
    root = Folder("")
    for path, sign in sorted(islice(_list_signed(files), MOST)):
        *names, name = path.split("/")
        folder = root
        for depth, part in enumerate(names):
            if depth == DEEPEST:
                name = "/".join([*names[depth:], name])
                break
            folder = folder.folders.setdefault(part, Folder(part))
        folder.files.append((sign, name))
    return _join(root, is_root=True)


def count_left_out(files: Files) -> int:
    """Return how many files the tree leaves out."""
    return max(len(files.added) + len(files.changed) + len(files.removed) - MOST, 0)


def _list_signed(files: Files) -> Iterator[tuple[str, str]]:
    for sign, paths in (("+", files.added), ("~", files.changed), ("-", files.removed)):
        yield from ((path, sign) for path in paths)


def _join(folder: Folder, *, is_root: bool = False) -> Folder:
    """Make one of each folder that holds nothing but another one, and that one."""
    folders = [_join(inner) for inner in folder.folders.values()]
    if not is_root and len(folders) == 1 and not folder.files:
        (only,) = folders
        return Folder(f"{folder.name}/{only.name}", only.folders, only.files)
    return Folder(folder.name, {inner.name: inner for inner in folders}, folder.files)
