"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pulumi_press.terminal import print_text

__all__ = ["STDOUT", "write_text"]

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
