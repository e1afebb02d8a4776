"""What a report means to the step of a pipeline that made it: an exit code."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pulumi_press.report.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection

    from pulumi_press.report.report import Report

__all__ = ["CHANGES", "DESTRUCTIVE", "FAILED", "NOTHING", "FailOn", "exit_code"]

NOTHING = 0
FAILED = 1
CHANGES = 2
DESTRUCTIVE = 3


class FailOn(str, Enum):
    """What may make a pipeline fail."""

    DESTROY = "destroy"
    """Something is destroyed, and nothing takes its place."""
    REPLACE = "replace"
    """Something is destroyed, and another takes its place."""
    CHANGE = "change"
    """Anything changes."""
    DRIFT = "drift"
    """Something was changed behind the stack's back."""


def exit_code(report: Report, fail_on: Collection[FailOn] = ()) -> int:
    """Give the exit code that a report asks for.

    Args:
        report: the report.
        fail_on: what counts; everything by default.

    Returns:
        1 where an operation failed. Else, of what counts, 3 where something is destroyed or replaced, 2 where something
        changes or was changed behind the stack, 0 otherwise.

    Example:
        ```python
        sys.exit(exit_code(report, [FailOn.DESTROY, FailOn.REPLACE]))
        ```
    """
    if report.failed:
        return FAILED
    counted = set(fail_on) or set(FailOn)
    outcomes = report.outcomes
    destructive = (FailOn.DESTROY, Outcome.DESTROY), (FailOn.REPLACE, Outcome.REPLACE)
    if any(kind in counted and outcomes.get(outcome) for kind, outcome in destructive):
        return DESTRUCTIVE
    if (FailOn.CHANGE in counted and outcomes) or (FailOn.DRIFT in counted and report.has_drift):
        return CHANGES
    return NOTHING
