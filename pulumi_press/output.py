"""Writing text: to a file, whole or not at all, and to standard output and error, on any encoding."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.printable import escape_hidden, shorten

if TYPE_CHECKING:
    from typing import TextIO

__all__ = [
    "STDOUT",
    "log",
    "log_step",
    "print_text",
    "silence_closed_pipes",
    "write_text",
]

STDOUT = Path("-")
"""Stands for printing a text instead of writing it to a file."""


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file; nobody ever sees half of it.

    Args:
        path: the file, or `STDOUT`.
        text: what it is to hold.
        private: whether only its owner may read it.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    if path == STDOUT:
        print_text(text)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        if not private:
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


_LONGEST_LINE = 2000  # characters: a name of the service's may have any number


def log(command: str, message: str) -> None:
    """Write a line about a command's work to standard error, with what cannot be seen as an escape.

    Args:
        command: name of the sub-command.
        message: one line.
    """
    # Nobody can be told that the line cannot be written.
    with suppress(OSError):
        _write(sys.stderr, f"{shorten(escape_hidden(f'pulumi-press {command}: {message}'), _LONGEST_LINE)}\n")


def log_step(command: str) -> None:
    """Write a command that comes next to standard error, so that it can be copied."""
    with suppress(OSError):
        _write(sys.stderr, f"  {escape_hidden(command)}\n")


def print_text(text: str) -> None:
    """Write a text to standard output.

    To a terminal it goes in the terminal's encoding, with escapes for what that cannot say. Whatever else reads it gets
    UTF-8, as a file would: a program and a page are written in it.

    A reader that goes away has what it wanted: the rest is dropped.

    Raises:
        OSError: it cannot be written.
    """
    _write(sys.stdout, text)


def silence_closed_pipes() -> None:
    """Write out what is left for standard output and error, so that the interpreter has no complaint at its end."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        _flush(stream)


def _flush(stream: TextIO) -> None:
    try:
        stream.flush()
    except (OSError, ValueError):
        _disconnect(stream)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # The process was started without it.
        return
    try:
        buffer = getattr(stream, "buffer", None)
        if buffer is None:  # What a program put in its place.
            stream.write(text)
        else:
            stream.flush()
            encoding = stream.encoding if stream.isatty() or stream is sys.stderr else "utf-8"
            buffer.write(text.replace("\n", os.linesep).encode(encoding, errors="backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        _disconnect(stream)
    except OSError:
        # What could not be written must not be tried again when the process ends.
        _disconnect(stream)
        raise


def _disconnect(stream: TextIO) -> None:
    """Let nothing more go to a stream's reader, nor fail because of it."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
