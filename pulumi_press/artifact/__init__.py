"""From a folder to an artifact: what belongs to it, one digest of that, and the zip that is sent.

``Folder(path, ignore_files).manifest()`` says what the artifact holds, ``Folder(...).pack()`` makes the zip. What
cannot be packed faithfully is refused with an ``ArtifactError`` that names the path, what is wrong and what to do.
"""

from typing import TYPE_CHECKING

from pulumi_press.late import load_late

if TYPE_CHECKING:
    from pulumi_press.artifact.archive import MAX_SIZE, Archive
    from pulumi_press.artifact.errors import (
        ArtifactError,
        BadName,
        ChangedWhilePacking,
        FolderMissing,
        IgnoreFileInvalid,
        IgnoreFileMisplaced,
        IgnoreFileMissing,
        LinkDangling,
        LinkEscapes,
        LinkLoop,
        NotAFolder,
        SpecialFile,
        TooLarge,
        UnreadableFile,
    )
    from pulumi_press.artifact.folder import Folder
    from pulumi_press.artifact.manifest import Entry, Manifest
    from pulumi_press.artifact.rules import is_ignored_by_default

__all__ = [
    "MAX_SIZE",
    "Archive",
    "ArtifactError",
    "BadName",
    "ChangedWhilePacking",
    "Entry",
    "Folder",
    "FolderMissing",
    "IgnoreFileInvalid",
    "IgnoreFileMisplaced",
    "IgnoreFileMissing",
    "LinkDangling",
    "LinkEscapes",
    "LinkLoop",
    "Manifest",
    "NotAFolder",
    "SpecialFile",
    "TooLarge",
    "UnreadableFile",
    "is_ignored_by_default",
]

_NAMES = {
    "archive": (
        "Archive",
        "MAX_SIZE",
    ),
    "errors": (
        "ArtifactError",
        "BadName",
        "ChangedWhilePacking",
        "FolderMissing",
        "IgnoreFileInvalid",
        "IgnoreFileMisplaced",
        "IgnoreFileMissing",
        "LinkDangling",
        "LinkEscapes",
        "LinkLoop",
        "NotAFolder",
        "SpecialFile",
        "TooLarge",
        "UnreadableFile",
    ),
    "folder": ("Folder",),
    "manifest": (
        "Entry",
        "Manifest",
    ),
    "rules": ("is_ignored_by_default",),
}
"""The public names, by the module that they lie in."""

if not TYPE_CHECKING:  # To a type checker no other name exists.
    __getattr__ = load_late(__name__, _NAMES)
