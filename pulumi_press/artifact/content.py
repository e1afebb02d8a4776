"""The content of an artifact: the files, their hashes, and the manifest with one digest of all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_press.artifact.errors import ChangedWhilePacking, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

__all__ = []

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an artifact.

    ``path`` has ``/`` between its parts, ``sha256`` is the hex digest of the content, ``size`` is in bytes. ``secret``
    is true if it looks like a file of secrets that no rule keeps explicitly.
    """

    path: str
    sha256: str
    size: int
    executable: bool
    secret: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Manifest:
    """The files of an artifact, sorted by path. Two folders with equal manifests make the same artifact."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, files: Iterable[File]) -> Manifest:
        """Hash files that are sorted by path.

        Raises:
            ChangedWhilePacking, UnreadableFile: see there.
        """
        return cls(tuple(map(_make_entry, files)))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Paths of the files that look like files of secrets."""
        return tuple(entry.path for entry in self.entries if entry.secret)

    @cached_property
    def digest(self) -> str:
        """``sha256:`` and 64 hex digits, of every file's name, content and executable bit, and of nothing else.

        The machine, the place of the folder, file times, the umask and the zip library have no part in it. It is
        compared with digests that earlier versions stored, so the lines hashed here must never change.
        """
        lines = (f"{entry.sha256} {'x' if entry.executable else '-'} {entry.path}\n" for entry in self.entries)
        return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"

    def files(self, limit: int = 200) -> dict[str, str] | None:
        """Return ``{path: mark}`` for a person to compare, or None if there are more files than ``limit``.

        The mark is the first 12 hex digits of the content's SHA-256, followed by ``+x`` if the file is executable.
        """
        if len(self.entries) > limit:
            return None
        return {entry.path: entry.sha256[:_SHORT] + ("+x" if entry.executable else "") for entry in self.entries}


def _make_entry(file: File) -> Entry:
    content = hashlib.sha256()
    has_key = False
    for number, block in enumerate(read(file)):
        content.update(block)
        has_key = has_key or (number == 0 and holds_key(block))
    secret = not file.named and (has_key or is_secret_name(file.path))
    return Entry(file.path, content.hexdigest(), file.size, file.executable, secret)


BLOCK = 1 << 20
"""Bytes of a file in memory at a time."""

Inode = tuple[int, int]
"""Device and number, which identify a file whatever its name is."""


_GONE = {None, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO}
"""How an open fails where something else is now: nothing, a folder, a link, a socket; None: no regular file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to the artifact.

    ``path`` is its name there, ``location`` its name on this machine, ``source`` where it really lies once links are
    followed, ``size`` in bytes. ``named`` is true if a rule keeps it explicitly.
    """

    path: str
    location: str
    source: str
    inode: Inode
    size: int
    executable: bool
    named: bool = False


def is_executable(status: os.stat_result) -> bool:
    """Whether the owner may execute the file. The umask decides the bits of group and others, so they do not count."""
    return bool(status.st_mode & stat.S_IXUSR)


def inode(status: os.stat_result) -> Inode:
    """Return the device and number of a file."""
    return status.st_dev, status.st_ino


def open_regular(path: str) -> tuple[BinaryIO, os.stat_result]:
    """Open a regular file, without following a link at its end and without waiting for a pipe; return its status too.

    Raises:
        OSError: there is none, or there is something else.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OSError("it is not a regular file")
    return open(descriptor, "rb", buffering=0), status  # noqa: PTH123 - a descriptor has no Path; the caller closes it.


def read(file: File) -> Iterator[memoryview]:
    """Yield the content of a file in blocks; each is valid until the next one is requested.

    Raises:
        ChangedWhilePacking: the file is gone, another one is in its place, or it no longer has the size or the mode
            that it was listed with.
        UnreadableFile: the operating system refuses.
    """
    rest = file.size
    block = memoryview(bytearray(min(rest + 1, BLOCK)))
    try:
        stream, status = open_regular(file.source)
        with stream:
            if inode(status) != file.inode or is_executable(status) != file.executable:
                raise changed(file.location)
            while rest >= 0 and (count := stream.readinto(block)):  # type: ignore[attr-defined]  # Unbuffered: it can.
                rest -= count
                yield block[:count]
    except OSError as error:
        if error.errno in _GONE:
            raise changed(file.location) from None
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


_NAME = re.compile(r"(?:.*/)?(?:\.env(?:\.(?!example$|sample$|template$|dist$)[^/]*)?|id_(?:rsa|dsa|ecdsa|ed25519))")
"""Settings of a machine, and keys under the names that SSH gives them. An example of a `.env` is none."""

_KEY = re.compile(rb"^(?:-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-)", re.MULTILINE)


def is_secret_name(path: str) -> bool:
    """Whether a file of this name usually holds secrets."""
    return _NAME.fullmatch(path) is not None


def holds_key(block: memoryview) -> bool:
    """Whether a line of a file's content begins a private key."""
    return _KEY.search(block) is not None
