"""What every check uses: its finding, and the output of another program."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "Answer",
    "Finding",
    "Level",
    "ask",
    "problem",
    "unchecked",
    "warning",
]

Level = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    """What one check found."""

    check: str
    """What was looked at, such as `engine`."""
    found: str
    """What is there, in a clause; never a secret."""
    level: Level = "ok"
    """A problem keeps programs from working; a warning may."""
    advice: str = ""
    """What to do, in a clause."""


def warning(check: str, found: str, advice: str) -> Finding:
    """Tell of something that may keep programs from working."""
    return Finding(check, found, "warning", advice)


def problem(check: str, found: str, advice: str) -> Finding:
    """Tell of something that keeps programs from working."""
    return Finding(check, found, "problem", advice)


def unchecked(check: str, because: str) -> Finding:
    """Tell that something could not be looked at."""
    return warning(check, f"not checked, because {because}", "mend that first")


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
    """Return the last line that says something: the one with the error, in Python and in Pulumi."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else ""
