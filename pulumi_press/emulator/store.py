"""The storage: one SQLite database, one thread, one transaction for each call."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from pulumi_press.emulator.tables import APPLICATION, FORMAT, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["StateError", "Store"]

DATABASE = "press.sqlite3"
LOCK = "lock"
PRIVATE = 0o600
"""Mode of the files in a state folder: what is stored has secrets."""


class StateError(Exception):
    """The state folder cannot be used; the message says why and what to do."""


class Store:
    """Everything that the local Press knows.

    What a transaction wrote is on disk when it ends: a process that is killed loses nothing that was answered.
    Without a folder SQLite keeps a nameless temporary file, which is gone with the process and spares the memory.

    Args:
        folder: keeps the database; made if it is not there. None: forget everything at the end.

    Raises:
        StateError: another process uses the folder, or its format is not this one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = _lock(folder) if folder else None
        try:
            if folder:
                # SQLite gives the files beside the database the mode of the database.
                os.close(os.open(folder / DATABASE, os.O_RDWR | os.O_CREAT, PRIVATE))
            # One thread at a time uses the connection, but not always the one that made it.
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
        """Do several things or none: what raises leaves no trace, and neither does what is not to be kept."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT" if keep else "ROLLBACK")

    def clear(self) -> None:
        """Delete every object, and whatever is remembered."""
        for table in ("rollouts", "statuses", "revisions", "deployments", "releases", "artifacts", "specs", "meta"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own)

    def recall(self, key: str) -> str | None:
        """Give what is remembered under a key."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else None

    def remember(self, key: str, value: str) -> None:
        """Keep something small under a key, within a transaction."""
        self.db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def count(self) -> dict[str, int]:
        """Tell how many objects there are of each kind."""
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
        """Let go of the database and of the folder."""
        self.db.close()
        self._unlock()

    def _prepare(self, folder: Path | None) -> None:
        if folder:
            self._refuse_strangers(folder)
            _make_private(folder)
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = FULL")
        else:
            self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA foreign_keys = ON")
        if self._pragma("user_version") == 0:
            script = f"BEGIN; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT;"
            self.db.executescript(script)

    def _refuse_strangers(self, folder: Path) -> None:
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


def _lock(folder: Path) -> IO[str]:
    """Hold the folder's lock for as long as the file is open; the system lets go of it when the process dies."""
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
            f"another local Press (process {holder}) uses the state folder {folder}; end it first"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _make_private(folder: Path) -> None:
    """See to it that nobody else reads what an earlier process, or its user, left readable."""
    for name in (LOCK, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        file = folder / name
        try:
            if file.exists() and stat.S_IMODE(file.stat().st_mode) != PRIVATE:
                file.chmod(PRIVATE)
        except OSError as error:
            raise StateError(
                f"{file} cannot be made readable for you alone: {error.strerror}; use another folder"
            ) from None
