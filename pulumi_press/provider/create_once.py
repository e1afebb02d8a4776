"""Creating an object once: note it on this machine, POST, look it up after a lost response."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_press.client.errors import PressError
from pulumi_press.provider.values import Values, get, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pulumi_press.client.transport import ServiceClock
    from pulumi_press.provider.fields import Field

__all__ = [
    "Intent",
    "Intents",
    "Record",
    "create_once",
    "date_record",
    "digest",
    "digest_told",
    "is_refusal",
    "may_tell",
    "was_there_before",
]

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

    def note_change(self, noted: Record, *told: str) -> None:
        """Note what an object that an interrupted run made may tell while it is changed into another program's.

        Args:
            noted: what was noted about it.
            told: digests of what it tells after each step of the change, see `digest_told`.
        """
        all_told = " ".join(dict.fromkeys([*noted["told"].split(), *told]))
        if all_told != noted["told"]:
            self.note({**noted, "told": all_told})

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


SLACK = 120.0
"""Seconds by which the times of an object and of an answer may disagree: clocks of one service differ too."""


def date_record(record: Record, times: ServiceClock) -> Record:
    """Add the time to the note about an object that is about to be requested."""
    return {**record, "at": str(times.now())}


def was_there_before(live: Any, record: Record, times: ServiceClock) -> bool:
    """Return whether a live object is older than the note about its request; where the times are unknown, it is not."""
    try:
        created = datetime.fromisoformat(str(get(live, "metadata.createdAt")).replace("Z", "+00:00"))
        asked = float(record["at"])
    except (KeyError, ValueError):
        return False
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return created.timestamp() < times.at_service(asked) - SLACK


T = TypeVar("T")

LEVELS = 2
"""In a field itself and its direct members, empty may equal absent and the order may be none."""


def create_once(
    intent: Intent,
    record: Record,
    find_own: Callable[[Record], T | None],
    send: Callable[[], T],
    look_up: Callable[[PressError], T],
    *,
    name_id: Callable[[T], str] | None = None,
    is_marked: bool = False,
    may_be_taken: bool = True,
) -> T:
    """Create an object, or find the one that an interrupted run created.

    Args:
        intent: the note about the object.
        record: what to note.
        find_own: finds what an interrupted run made, by what it noted; None where it made nothing, or it was edited
            since.
        send: sends the POST.
        look_up: finds the object after an answer that was lost, or that may say that its name is taken; raises the
            error, or a better one, where it does not find it.
        name_id: returns the id of what was made, which is noted too: a state that has another object, such as the one
            that was to be replaced, says nothing about this one.
        is_marked: whether the object itself says what made it, so that it is looked for without a note too.
        may_be_taken: whether a refusal may mean that the name is taken.
    """
    made, record = _make(intent, record, find_own, send, look_up, is_marked=is_marked, may_be_taken=may_be_taken)
    if name_id is not None:
        intent.note({**record, "id": name_id(made)})
    return made


def _make(
    intent: Intent,
    record: Record,
    find_own: Callable[[Record], T | None],
    send: Callable[[], T],
    look_up: Callable[[PressError], T],
    *,
    is_marked: bool,
    may_be_taken: bool,
) -> tuple[T, Record]:
    """Return the object, and what to note of it."""
    noted = intent.recall()
    if noted is None and is_marked:
        noted = {}
    if noted is not None and (found := find_own(noted)) is not None:
        # The object is as old as the note that it was found by.
        return found, {**record, "at": noted["at"]} if "at" in noted else record
    intent.note(record)
    try:
        return send(), record
    except PressError as error:
        if not error.outcome_unknown:
            intent.forget()
            if not may_be_taken or not is_refusal(error):
                raise
        return look_up(error), record


def is_refusal(error: PressError) -> bool:
    """Return whether an answer may mean that the name or version is taken; the service may use any of these."""
    return error.status in (400, 409, 422)


def may_tell(noted: Record, told: str) -> bool:
    """Return whether an object that tells this is the one that was noted, and nobody edited it since."""
    return told in noted["told"].split()


def digest_told(fields: Iterable[Field], values: Values) -> str:
    """Return a digest of fields in which values that mean the same are the same."""
    return digest([_write_alike(field, field.value(values)) for field in fields])


def _write_alike(field: Field, value: Any, level: int = LEVELS) -> Any:
    if isinstance(value, dict):
        members = {key: _write_alike(field, item, level - 1) for key, item in value.items()}
        return _empty(field, {key: item for key, item in members.items() if item is not None}, level)
    if isinstance(value, list):
        items = [_write_alike(field, item, 0) for item in value]
        return _empty(field, sorted(items, key=repr) if field.unordered and level > 0 else items, level)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _empty(field, value, level)


def _empty(field: Field, value: Any, level: int) -> Any:
    return None if field.empty_is_absent and level > 0 and is_empty(value) else value
