"""The files that the commands write: whole or not at all, and none replaced unless it is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.output import STDOUT, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["STDOUT", "CommandError", "move_path", "refuse_existing", "write_file"]


class CommandError(Exception):
    """A block or file cannot be taken over; the message says what to do."""


def move_path(path: str, folder: Path) -> str:
    """Write a path from the working folder as one from another folder, in the way that is right on every machine."""
    return path if Path(path).is_absolute() else Path(os.path.relpath(path, folder)).as_posix()


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse files that are there, before any work is done.

    Raises:
        CommandError: one is there and `force` is not given.
    """
    there = [str(path) for path in paths if path != STDOUT and path.exists()]
    if there and not force:
        raise CommandError(
            f"{' and '.join(there)} would be overwritten: name another file, or say --force to replace it"
        )


def write_file(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file; nobody ever sees half of it.

    Args:
        path: the file, or `STDOUT`.
        text: what it is to hold.
        private: whether only its owner may read it.

    Raises:
        CommandError: it cannot be written.
    """
    try:
        write_text(path, text, private=private)
    except OSError as error:
        place = "standard output" if path == STDOUT else path
        raise CommandError(f"{place} cannot be written: {error.strerror}") from None
