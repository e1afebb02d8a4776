"""The errors of an artifact folder.

The tree::

    ArtifactError (ValueError)
    ├── FolderMissing          the folder is not there, or no folder was named
    ├── NotAFolder             there is a file under its name
    ├── UnreadableFile         a file or folder inside may not be read
    ├── BadName                a name that an archive cannot carry to every machine
    ├── LinkEscapes            a symbolic link leads out of the folder
    ├── LinkLoop               a symbolic link leads back to a folder around it
    ├── LinkDangling           a symbolic link leads nowhere
    ├── SpecialFile            a pipe, socket or device
    ├── TooLarge               the archive is larger than the service takes
    ├── ChangedWhilePacking    a file changed or vanished while it was packed
    ├── IgnoreFileMissing      an ignore file that was named is not there
    ├── IgnoreFileMisplaced    an ignore file is not at the top of the folder
    └── IgnoreFileInvalid      an ignore file cannot be read as rules

Every message names the path, what is wrong with it, and what to do.
"""
# ruff: noqa: N818 - the names say what is wrong; the root of the tree says that they are errors.

from __future__ import annotations

from typing import ClassVar, Literal


class ArtifactError(ValueError):
    """The folder cannot become an artifact.

    ``field`` is the wrong argument, ``"path"`` or ``"ignore_files"``: a caller appends it to the artifact's own path.
    """

    field: ClassVar[Literal["path", "ignore_files"]] = "path"


class FolderMissing(ArtifactError):
    """The folder is not there, or its name is empty."""


class NotAFolder(ArtifactError):
    """The path leads to something that is not a folder."""


class UnreadableFile(ArtifactError):
    """The operating system refuses to read a file or a folder that belongs to the artifact."""


class BadName(ArtifactError):
    """A file name is not UTF-8, or holds a backslash or a line break."""


class LinkEscapes(ArtifactError):
    """A symbolic link leads out of the artifact folder, so that its content depends on the machine."""


class LinkLoop(ArtifactError):
    """A symbolic link leads to itself or to a folder that holds it, so that the tree has no end."""


class LinkDangling(ArtifactError):
    """A symbolic link leads to nothing. The service's own client leaves it out silently."""


class SpecialFile(ArtifactError):
    """A pipe, a socket or a device. The service's own client leaves it out silently."""


class TooLarge(ArtifactError):
    """The compressed archive is over the limit. Raised before anything is sent."""


class ChangedWhilePacking(ArtifactError):
    """A file changed or vanished between the listing, the hashing and the packing."""


class IgnoreFileMissing(ArtifactError):
    """A file named in ``ignore_files`` is not there."""

    field = "ignore_files"


class IgnoreFileMisplaced(ArtifactError):
    """An ignore file, once its links are followed, is not at the top level of the artifact folder."""

    field = "ignore_files"


class IgnoreFileInvalid(ArtifactError):
    """An ignore file is not a readable UTF-8 text, or one of its lines is not a rule."""

    field = "ignore_files"
