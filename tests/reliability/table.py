"""The figures of a harness: for each promise how often it was put to the test, and how often it was broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reliability.oracle import Promise, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Table"]

SHOWN = 20
"""So many violations are printed in full."""


@dataclass
class Table:
    """Counts cases and violations.

    Args:
        seed: what the cases followed from; the same one makes the same cases.
    """

    seed: int
    cases: Counter[Promise] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def count(self, promise: Promise, found: Iterable[str] = (), cases: int = 1) -> list[Violation]:
        """Note that a promise was put to the test, and what was found wrong; give that back."""
        self.cases[promise] += cases
        new = [Violation(promise, what) for what in found]
        self.violations += new
        return new

    def add(self, other: Table) -> None:
        """Take in the figures of another table."""
        self.cases += other.cases
        self.violations += other.violations

    def __str__(self) -> str:
        """The table, a line for each promise, and then what went wrong."""
        broken = Counter(violation.promise for violation in self.violations)
        lines = [f"{'promise':<12}{'cases tried':>12}{'violations':>12}{'seed':>12}"]
        lines += [
            f"{promise.value:<12}{self.cases[promise]:>12,}{broken[promise]:>12,}{self.seed:>12}" for promise in Promise
        ]
        lines += [f"  {violation}" for violation in self.violations[:SHOWN]]
        if len(self.violations) > SHOWN:
            lines.append(f"  and {len(self.violations) - SHOWN} more")
        return "\n".join(lines)
