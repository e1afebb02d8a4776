"""Notes about objects that are being made, so that the next run continues one that was interrupted.

A process that is killed between the service's work and the engine's state leaves an object that no state has, and
the service returns neither who made an object nor which files a release holds. A note on this machine does. It is
removed once the state has the object. Losing it loses no object: then `press:adopt` decides.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

__all__ = ["Intent", "Intents", "Record", "digest"]

Record = dict[str, str]
"""What is noted about an object: digests, and what is not secret."""

KEPT = 30 * 24 * 3600
"""Seconds after which a note is removed."""


def digest(value: Any) -> str:
    """Return a digest of a value, 64 hexadecimal digits; the order of keys is no difference."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=repr).encode()).hexdigest()


class Intents:
    """The notes of this machine, one small file each. Files that cannot be read or written count as none.

    Args:
        folder: where they are kept, made when needed; None: in this process only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._noted: dict[str, str] | None = None

    def find(self, *key: str | None) -> Intent:
        """Return the note about one object, whether there is one or not."""
        return Intent(self, key)

    def is_empty(self) -> bool:
        """Return whether there is no note at all."""
        return not self._all()

    def read(self, name: str) -> str | None:
        """Read a note."""
        return self._all().get(name)

    def write(self, name: str, content: str) -> None:
        """Write a note, whole or not at all."""
        self._all()[name] = content
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self._folder, prefix=".")
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(content)
            Path(path).replace(self._folder / name)

    def remove(self, name: str) -> None:
        """Remove a note."""
        if self._all().pop(name, None) is not None and self._folder is not None:
            with suppress(OSError):
                (self._folder / name).unlink()

    def _all(self) -> dict[str, str]:
        """Return all notes, read once: the other processes of this machine have other objects."""
        if self._noted is None:
            self._noted = {} if self._folder is None else dict(_read(self._folder))
        return self._noted


class Intent:
    """The note about one object that is to be made."""

    def __init__(self, intents: Intents, key: tuple[str | None, ...]) -> None:
        self._intents, self._key = intents, key

    def note(self, record: Record) -> None:
        """Note that the object is about to be made, and what it is to be."""
        self._intents.write(self._name, json.dumps(record))

    def recall(self) -> Record | None:
        """Return what was noted, unless the object was in a state that was seen since; None where nothing was."""
        with suppress(ValueError):
            record = json.loads(self._intents.read(self._name) or "")
            return record if isinstance(record, dict) else None
        return None

    def holds(self, content: str) -> bool:
        """Return whether an object of this content was about to be made, and is in no state that was seen since."""
        record = self.recall()
        return record is not None and record.get("content") == content

    def forget_made(self, id: str) -> None:
        """Remove the note if it is about the object with this id: the state has it, or it is gone."""
        if not self._intents.is_empty() and (self.recall() or {}).get("id") == id:
            self.forget()

    def forget(self) -> None:
        """Remove the note: the object is in the state, or was not made."""
        if not self._intents.is_empty():
            self._intents.remove(self._name)

    @cached_property
    def _name(self) -> str:
        return digest(self._key)


def _read(folder: Path) -> list[tuple[str, str]]:
    notes = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError, ValueError):
                if time.time() - path.stat().st_mtime > KEPT:
                    path.unlink()
                elif not path.name.startswith("."):
                    notes.append((path.name, path.read_text(encoding="ascii")))
    return notes
