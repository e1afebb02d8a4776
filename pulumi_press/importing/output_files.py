"""The files that the commands write: complete or not at all, and existing ones only with `--force`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.output import STDOUT, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["STDOUT", "CommandError", "move_path", "refuse_existing", "write_file"]


class CommandError(Exception):
    """A command cannot do its work; the message says why, and what to do."""


def move_path(path: str, folder: Path) -> str:
    """Return a path relative to the working folder as one relative to another folder, with `/` on every system."""
    return path if Path(path).is_absolute() else Path(os.path.relpath(path, folder)).as_posix()


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Raise an error for existing files, before any work is done.

    Raises:
        CommandError: a file exists and `force` is not set.
    """
    existing = [str(path) for path in paths if path != STDOUT and path.exists()]
    if existing and not force:
        raise CommandError(
            f"{' and '.join(existing)} would be overwritten: choose another file, or add --force to replace it"
        )


def write_file(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file completely or not at all.

    Args:
        path: the file, or `STDOUT`.
        text: its content.
        private: whether only its owner can read it.

    Raises:
        CommandError: the file cannot be written.
    """
    try:
        write_text(path, text, private=private)
    except OSError as error:
        place = "standard output" if path == STDOUT else path
        raise CommandError(f"{place} cannot be written: {error.strerror}") from None
