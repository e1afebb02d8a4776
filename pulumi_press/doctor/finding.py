"""What a check found, and what to do about it."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Finding", "Level", "problem", "unchecked", "warning"]

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
