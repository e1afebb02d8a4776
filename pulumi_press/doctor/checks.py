"""What every check uses: its finding, and the output of another program."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Finding", "Level", "Output", "problem", "run_program", "unchecked", "warning"]

Level = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    """What one check found."""

    check: str
    """What was checked, such as `engine`."""
    found: str
    """What was found, in a clause; never a secret."""
    level: Level = "ok"
    """A problem keeps programs from working; a warning may."""
    advice: str = ""
    """What to do, in a clause."""


def warning(check: str, found: str, advice: str) -> Finding:
    """Return a finding that may keep programs from working."""
    return Finding(check, found, "warning", advice)


def problem(check: str, found: str, advice: str) -> Finding:
    """Return a finding that keeps programs from working."""
    return Finding(check, found, "problem", advice)


def unchecked(check: str, because: str) -> Finding:
    """Return the finding of a check that could not be made."""
    return warning(check, f"not checked, because {because}", "fix that first")


PATIENCE = 20
"""Seconds after which a program is stopped."""


class Output(NamedTuple):
    """The output of a program."""

    text: str
    """What it printed, if it succeeded."""
    failure: str
    """Why it failed, in one line; empty if it succeeded."""


def run_program(command: Sequence[str], folder: Path | None = None) -> Output:
    """Return the output of a program, run without input."""
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
        return Output("", f"it did not end within {PATIENCE} s")
    except OSError as error:
        return Output("", error.strerror or type(error).__name__)
    if done.returncode != 0:
        return Output("", _last_line(done.stderr) or f"it ended with exit code {done.returncode}")
    return Output(done.stdout, "")


def _last_line(text: str) -> str:
    """Return the last line that is not blank: that of the error, in Python and in Pulumi."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else ""
