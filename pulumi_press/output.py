"""Text for people: escaped where it is not visible, written to any terminal, or to a file as a whole."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["STDOUT", "escape_hidden", "log", "log_step", "print_text", "shorten", "silence_closed_pipes", "write_text"]

# Characters without a glyph: control, format (some turn text around), halves of pairs, line separators.
_HIDDEN_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def escape_hidden(text: str) -> str:
    """Return a text on one line, with an escape for every character that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escape_character, text))


def shorten(text: str, most: int) -> str:
    """Return a text cut after so many characters, with the number of those left out."""
    return text if len(text) <= most else f"{text[:most]} ... ({len(text) - most} more characters)"


def _escape_character(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")  # noqa: PLR2004


STDOUT = Path("-")
"""Stands for printing a text instead of writing it to a file."""


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file; readers never see half of it.

    Args:
        path: the file, or `STDOUT`.
        text: what it is to hold.
        private: whether only its owner may read it.

    Raises:
        OSError: it cannot be written; the previous content is kept.
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
    # There is no other place to report that the line cannot be written.
    with suppress(OSError):
        _write(sys.stderr, f"{shorten(escape_hidden(f'pulumi-press {command}: {message}'), _LONGEST_LINE)}\n")


def log_step(command: str) -> None:
    """Write a command to standard error, to be copied and run next."""
    with suppress(OSError):
        _write(sys.stderr, f"  {escape_hidden(command)}\n")


def print_text(text: str) -> None:
    """Write a text to standard output.

    A terminal gets it in its own encoding, with escapes for what that lacks; a pipe or a file gets UTF-8.
    If the reader closes the pipe, the rest is dropped.

    Raises:
        OSError: it cannot be written.
    """
    _write(sys.stdout, text)


def silence_closed_pipes() -> None:
    """Flush standard output and error, so that the interpreter reports no error when it ends."""
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
        if buffer is None:  # A replacement without a buffer.
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
    """Discard all further output of a stream."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
