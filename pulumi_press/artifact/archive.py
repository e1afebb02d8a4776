"""The zip of an artifact: the same bytes for the same content, on disk and never in memory.

Entries are sorted by name, dated 1980-01-01, and have mode 0755 or 0644. Every folder around a file has an entry of its
own, as the service wants; empty folders have none. Names are UTF-8, content is deflated at zlib's default level.

On one machine the same content gives the same bytes. Another build of zlib (zlib-ng, say) may compress differently, and
that is why changes are detected by the manifest's digest of names and contents, never by these bytes.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import stat
import tempfile
import weakref
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.artifact.content import changed, read
from pulumi_press.artifact.errors import TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import BinaryIO

    from typing_extensions import Self

    from pulumi_press.artifact.content import Entry, File, Manifest

MAX_SIZE = 10 * 2**20
"""Bytes that an archive may have: what the service's own client (peak-sdk 1.29) allows."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can hold.
_UNIX = 3
_MSDOS_FOLDER = 0x10  # Some programs read this instead of the mode.
_ENTRY_OVERHEAD = 30 + 46  # Bytes of an entry besides its content and its name, which is stored twice.
MOST_FILES = MAX_SIZE // (_ENTRY_OVERHEAD + 2)
"""No archive has more entries, even if their names have one letter each and nothing is in them."""

_BEST_RATIO = 1032  # Deflate cannot do better.
_MANY = 5


class Archive:
    """A zip in a temporary file that only this user can read, deleted at the end of the ``with`` block.

    ``path`` is the file, ``size`` its bytes, ``digest`` the digest of the manifest that it holds.
    """

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.digest = digest
        self._delete = weakref.finalize(self, path.unlink, missing_ok=True)

    @property
    def size(self) -> int:
        """Bytes of the zip."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Delete the file; calling it again does nothing. The file is also deleted with the object."""
        self._delete()

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Delete the file."""
        self.close()


def pack(root: str, files: Sequence[File], manifest: Manifest) -> Archive:
    """Write the zip of a manifest, reading its files once more; ``files`` are the manifest's entries, in its order.

    Raises:
        ChangedWhilePacking: a file is no longer what the manifest says.
        TooLarge: the zip would be over ``MAX_SIZE``.
        UnreadableFile: the operating system refuses to read a file.
    """
    handle, name = tempfile.mkstemp(prefix="press-artifact-", suffix=".zip")
    archive = Archive(Path(name), manifest.digest)
    try:
        with os.fdopen(handle, "wb") as output:
            _write(output, root, files, manifest)
    except BaseException:
        archive.close()
        raise
    return archive


def check_least_size(root: str, files: Sequence[File]) -> None:
    """Refuse what would not fit even with perfect compression, before it is read.

    Raises:
        TooLarge: the smallest possible zip of these files is over ``MAX_SIZE``.
    """
    least = sum(_ENTRY_OVERHEAD + 2 * len(file.path.encode()) + file.size // _BEST_RATIO for file in files)
    if least > MAX_SIZE:
        raise _too_large(root, f"would have {_show(least)} at the very least", files)


@dataclass
class _Gauge:
    """Measures the zip while it is written, so that one that is too large is stopped early."""

    output: BinaryIO
    root: str
    files: Sequence[File]
    done: int = 0

    def add(self, count: int) -> None:
        """Count bytes of content that were packed."""
        self.done += count
        size = self.output.tell()
        if size > MAX_SIZE:
            total = sum(file.size for file in self.files)
            raise _too_large(self.root, f"would have about {_show(size * total // self.done)}", self.files)


def _write(output: BinaryIO, root: str, files: Sequence[File], manifest: Manifest) -> None:
    gauge = _Gauge(output, root, files)
    sources = {file.path: (file, entry) for file, entry in zip(files, manifest.entries, strict=True)}
    with zipfile.ZipFile(output, "w") as archive:
        for name in sorted([*sources, *_folders(sources)]):
            if name in sources:
                _add(archive, *sources[name], gauge)
            else:
                archive.writestr(_describe(name, stat.S_IFDIR | 0o755, _MSDOS_FOLDER), b"")
    if output.tell() > MAX_SIZE:
        raise _too_large(root, f"has {_show(output.tell())}", files)


def _add(archive: zipfile.ZipFile, file: File, entry: Entry, gauge: _Gauge) -> None:
    info = _describe(entry.path, stat.S_IFREG | (0o755 if entry.executable else 0o644))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.file_size = entry.size
    content = hashlib.sha256()
    with archive.open(info, "w") as member:
        for block in read(file):
            content.update(block)
            member.write(block)
            gauge.add(len(block))
    if content.hexdigest() != entry.sha256:
        raise changed(file.location)


def _folders(paths: Iterable[str]) -> set[str]:
    """Return the folders around files, each with a slash at its end."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and f"{folder}/" not in folders:
            folders.add(f"{folder}/")
            folder = folder.rpartition("/")[0]
    return folders


def _describe(name: str, mode: int, attributes: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = _UNIX
    info.external_attr = mode << 16 | attributes
    return info


def _too_large(root: str, size: str, files: Sequence[File]) -> TooLarge:
    largest = heapq.nlargest(_MANY, files, key=lambda file: file.size)
    listed = ", ".join(f"{file.path} ({_show(file.size)})" for file in largest)
    return TooLarge(
        f"The archive of the artifact folder {root!r} {size}, and {_show(MAX_SIZE)} is the limit. It holds "
        f"{len(files):,} files of {_show(sum(file.size for file in files))} before compression; the largest: {listed}. "
        "Name what the block does not need in an ignore file, or let the block fetch it when it runs."
    )


def _show(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size / 2**10:,.1f} KiB"
