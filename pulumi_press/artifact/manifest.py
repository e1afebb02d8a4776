"""What an artifact holds: its files by name and content, and one digest of it all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_press.artifact.content import holds_key, is_secret_name, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.artifact.content import File

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
