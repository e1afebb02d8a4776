"""Other programs, asked for a word."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Answer", "ask"]

PATIENCE = 20
"""Seconds after which a program that does not end is given up."""


class Answer(NamedTuple):
    """What a program said."""

    said: str
    """What it printed, if it ended well."""
    failure: str
    """One line on why it did not; empty if it did."""


def ask(command: Sequence[str], folder: Path | None = None) -> Answer:
    """Run a program to its end, without anything to read, and give what it said."""
    try:
        done = subprocess.run(  # noqa: S603  # The commands are our own.
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return Answer("", f"it did not end within {PATIENCE} s")
    except OSError as error:
        return Answer("", error.strerror or type(error).__name__)
    if done.returncode != 0:
        return Answer("", _last_line(done.stderr) or f"it ended with exit code {done.returncode}")
    return Answer(done.stdout, "")


def _last_line(text: str) -> str:
    """Give the last line that says something: the one with the error, in Python and in Pulumi."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else ""
