"""One file of an artifact, read in blocks and never held as a whole."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.artifact.errors import ChangedWhilePacking, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1 << 20
"""Bytes of a file in memory at a time."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to the artifact.

    ``path`` is its name there, ``location`` its name on this machine, ``size`` in bytes.
    """

    path: str
    location: str
    size: int
    executable: bool


def is_executable(status: os.stat_result) -> bool:
    """Whether the owner may execute the file. The umask decides the bits of group and others, so they do not count."""
    return bool(status.st_mode & stat.S_IXUSR)


def read(file: File) -> Iterator[memoryview]:
    """Yield the content of a file in blocks; each is valid until the next one is asked for.

    Raises:
        ChangedWhilePacking: the file is gone, or no longer has the size or the mode it was listed with.
        UnreadableFile: the operating system refuses.
    """
    rest = file.size
    block = memoryview(bytearray(min(rest + 1, BLOCK)))
    try:
        with open(file.location, "rb", buffering=0) as stream:  # noqa: PTH123 - building a Path costs as much as opening a file.
            if is_executable(os.fstat(stream.fileno())) != file.executable:
                raise changed(file.location)
            while rest >= 0 and (count := stream.readinto(block)):
                rest -= count
                yield block[:count]
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise changed(file.location) from None
    except OSError as error:
        raise unreadable(file.location, error) from None
    if rest:
        raise changed(file.location)


def changed(location: str) -> ChangedWhilePacking:
    """Return the error for a file or folder that is not what it was a moment ago."""
    return ChangedWhilePacking(
        f"{location!r} changed or vanished while the artifact was being packed. "
        "Let whatever writes there finish, or name it in an ignore file; then run again."
    )


def unreadable(location: str, error: OSError) -> UnreadableFile:
    """Return the error for a file or folder that may not be read."""
    return UnreadableFile(
        f"{location!r} cannot be read ({error.strerror}). "
        "Give this user the right to read it, or name it in an ignore file."
    )
