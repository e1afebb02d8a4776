"""What came of each tenant, and the table that sums it up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_press.report import StackReport

__all__ = ["Outcome", "draw_table"]

NOTHING = "-"


@dataclass(frozen=True)
class Outcome:
    """What came of one tenant."""

    tenant: str
    status: str
    """What the deployment's status is now, or what became of the operation."""
    seconds: float = 0.0
    report: StackReport | None = None
    """What the engine did, or would do, in the words of Press; None: it did not come to that."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Outputs of the program."""
    failure: tuple[str, ...] = ()
    """Why it failed and what to do, line by line; empty: all went well."""

    def describe_changes(self) -> str:
        """Count the changes, such as `1 release, 1 revision`, without those that failed."""
        changes = self.report.changes if self.report else ()
        counts = Counter(change.outcome.value for change in changes if not change.failed)
        return ", ".join(f"{count} {what}" for what, count in counts.items()) or "none"


def draw_table(outcomes: Iterable[Outcome]) -> str:
    """Draw the summary: a line for each tenant under a line of titles."""
    titles = ("tenant", "spec", "release", "deployment", "revision", "status", "changes", "seconds")
    rows = [titles, *(_cells(outcome) for outcome in outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cells(outcome: Outcome) -> tuple[str, ...]:
    spec, release, deployment, revision = (
        _word(outcome.outputs.get(name)) for name in ("spec", "release", "deployment", "revision")
    )
    changes = outcome.describe_changes()
    return outcome.tenant, spec, release, deployment, revision, outcome.status, changes, f"{outcome.seconds:.1f}"


def _word(value: Any) -> str:
    """Write a number without a fraction: the engine has no whole numbers. A failed update leaves empty texts."""
    if value in (None, ""):
        return NOTHING
    return f"{value:g}" if isinstance(value, float) else str(value)
