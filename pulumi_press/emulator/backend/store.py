"""What a local Press stores: objects in SQLite, the time of its clock, and the count of its ids."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import stat
import time
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone
from importlib import resources
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FORMAT", "Clock", "IdGenerator", "StateError", "Store", "timestamp"]

APPLICATION = 0x50524553
"""Marks a SQLite file as a local Press's (the letters PRES)."""

FORMAT = 2
"""Version of the file format."""

DATABASE = "press.sqlite3"
LOCK = "lock"
PRIVATE = 0o600
"""Mode of the files in a state folder: what is stored has secrets."""


FIXED_START = 1577901600.0
"""2020-01-01T18:00:00Z, as in the examples of the client's documentation."""

CLOCK_KEY = "clock"
COUNT_KEY = "ids"


class StateError(Exception):
    """The state folder cannot be used; the message says why and what to do."""


class Store:
    """The objects of a local Press, in an SQLite database.

    A transaction that has ended is on disk: a process that is killed loses nothing that it has responded to. Without a
    folder SQLite uses an unnamed temporary file, which is deleted with the process and does not fill the memory.

    Args:
        folder: where the database is; created if it does not exist. None: nothing is kept after the process ends.

    Raises:
        StateError: another process uses the folder, or the database has another format.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = _lock_folder(folder) if folder else None
        try:
            if folder:
                # SQLite gives the files beside the database the mode of the database.
                os.close(os.open(folder / DATABASE, os.O_RDWR | os.O_CREAT, PRIVATE))
            # One thread at a time uses the connection, but not always the one that opened it.
            self.db = sqlite3.connect(
                folder / DATABASE if folder else "", check_same_thread=False, isolation_level=None
            )
        except OSError as error:
            self._unlock()
            raise StateError(f"the state folder {folder} cannot be used: {error.strerror}") from None
        except BaseException:
            self._unlock()
            raise
        try:
            self.db.row_factory = sqlite3.Row
            self._prepare(folder)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction, rolled back if the block raises, or if `keep` is false."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT" if keep else "ROLLBACK")

    def clear(self) -> None:
        """Delete every object, and every value that `remember` stored."""
        for table in ("rollouts", "statuses", "revisions", "deployments", "releases", "artifacts", "specs", "meta"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own)

    def recall(self, key: str) -> str | None:
        """Return the value that `remember` stored under a key."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else None

    def remember(self, key: str, value: str) -> None:
        """Store a small value under a key, within a transaction."""
        self.db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def count(self) -> dict[str, int]:
        """Return the number of objects of each kind."""
        tables = {"specs": "specs WHERE deleted = 0"} | {
            name: name for name in ("releases", "deployments", "revisions")
        }
        return {
            name: int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  (as above)
            for name, table in tables.items()
        }

    def insert(self, table: str, **values: Any) -> None:
        """Add a row."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608  (as above)

    def update(self, table: str, row_id: str, **values: Any) -> None:
        """Change the row with this id."""
        changes = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*values.values(), row_id))  # noqa: S608  (as above)

    def close(self) -> None:
        """Close the database, and release the folder."""
        self.db.close()
        self._unlock()

    def _prepare(self, folder: Path | None) -> None:
        if folder:
            self._check_format(folder)
            _make_private(folder)
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = FULL")
        else:
            self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA foreign_keys = ON")
        if self._pragma("user_version") == 0:
            tables = resources.files("pulumi_press.emulator.backend").joinpath("tables.sql").read_text(encoding="utf-8")
            script = f"BEGIN; {tables} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT;"
            self.db.executescript(script)

    def _check_format(self, folder: Path) -> None:
        try:
            application, version = self._pragma("application_id"), self._pragma("user_version")
            tables = int(self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise StateError(f"{folder / DATABASE} cannot be read ({error}); use another folder") from None
        if not tables and not application:
            return
        if application != APPLICATION:
            raise StateError(f"{folder / DATABASE} is not the state of a local Press; use another folder")
        if version != FORMAT:
            raise StateError(
                f"{folder / DATABASE} has format {version}, and this local Press reads format {FORMAT}; "
                "use another folder, or the version of pulumi-press that wrote it"
            )

    def _pragma(self, name: str) -> int:
        return int(self.db.execute(f"PRAGMA {name}").fetchone()[0])

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()


def _lock_folder(folder: Path) -> IO[str]:
    """Lock the folder for as long as the returned file is open; the system releases the lock when the process ends."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = open(folder / LOCK, "a+", encoding="utf-8", opener=_open_private)  # noqa: SIM115  (it is kept open)
    except OSError as error:
        raise StateError(f"the state folder {folder} cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise StateError(
            f"another local Press (process {holder}) uses the state folder {folder}; stop it first"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _make_private(folder: Path) -> None:
    """Make files of an earlier process unreadable for other users."""
    for name in (LOCK, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        file = folder / name
        try:
            if file.exists() and stat.S_IMODE(file.stat().st_mode) != PRIVATE:
                file.chmod(PRIVATE)
        except OSError as error:
            raise StateError(
                f"{file} cannot be made private to its owner: {error.strerror}; use another folder"
            ) from None


class Clock:
    """Real time, which the control plane can advance and freeze.

    Args:
        is_fixed: whether it begins frozen at `FIXED_START`, so that every run has the same times.
    """

    def __init__(self, *, is_fixed: bool = False) -> None:
        self._is_fixed = is_fixed
        self._offset: float = 0
        self._frozen_at: float | None = None
        self.reset()

    @property
    def is_frozen(self) -> bool:
        """Whether only `advance` moves it."""
        return self._frozen_at is not None

    def now(self) -> float:
        """Return the virtual time, in seconds since 1970."""
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def timestamp(self) -> str:
        """Return the virtual time as the API writes it."""
        return timestamp(self.now())

    def advance(self, seconds: float) -> None:
        """Move it ahead."""
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds

    def tick(self, store: Store) -> str:
        """Return the time of a call that begins, within a transaction.

        A clock that is fixed and frozen advances by one second for each call, so that calls differ in their times.
        """
        if self._is_fixed and self.is_frozen:
            self.advance(1)
            self.save(store)
        return self.timestamp()

    def freeze(self) -> None:
        """Stop it until `unfreeze`."""
        self._frozen_at = self.now()

    def unfreeze(self) -> None:
        """Let it run on from where it stopped."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None

    def reset(self) -> None:
        """Set it as it was at the beginning."""
        self._offset, self._frozen_at = 0, FIXED_START if self._is_fixed else None

    def save(self, store: Store) -> None:
        """Store it, within a transaction."""
        store.remember(CLOCK_KEY, json.dumps({"offset": self._offset, "frozen_at": self._frozen_at}))

    def restore(self, store: Store) -> None:
        """Set it as it was stored, if it was."""
        saved = store.recall(CLOCK_KEY)
        if saved:
            values = json.loads(saved)
            self._offset, self._frozen_at = values["offset"], values["frozen_at"]

    def describe(self) -> dict[str, Any]:
        """Return what the control plane shows."""
        ahead = round(self.now() - time.time(), 3)
        return {"now": self.timestamp(), "frozen": self.is_frozen, "ahead": ahead}


def timestamp(seconds: float) -> str:
    """Return a time as the API writes it: `2020-01-01T18:00:00.000Z`.

    Args:
        seconds: since 1970.
    """
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class IdGenerator:
    """Generates the ids of new objects.

    The count of the ids so far is stored with the objects: a call that is rejected, or that only validates, uses none,
    and a restart continues the count.

    Args:
        store: where the count is stored.
        number: the ids are derived from it and from the count; None: they are random.
    """

    def __init__(self, store: Store, number: int | None) -> None:
        self._store = store
        self._number = number

    def new(self) -> str:
        """Return an id that no object has, within a transaction."""
        if self._number is None:
            return str(uuid.uuid4())
        count = int(self._store.recall(COUNT_KEY) or 0) + 1
        self._store.remember(COUNT_KEY, str(count))
        digest = hashlib.sha256(f"{self._number}/{count}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))
