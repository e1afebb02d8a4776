"""The figures of a harness: for each promise how often it was put to the test, and how often it was broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reliability.oracle import Promise, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Table"]


@dataclass
class Table:
    """Counts cases and violations.

    Args:
        seed: what the cases followed from; the same one makes the same cases.
    """

    seed: int
    cases: Counter[Promise] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    parts: dict[str, Table] = field(default_factory=dict)
    """The figures of parts of it, by name."""

    def count(self, promise: Promise, found: Iterable[str] = (), cases: int = 1) -> list[Violation]:
        """Note that a promise was put to the test, and what was found wrong; give that back."""
        self.cases[promise] += cases
        new = [Violation(promise, what) for what in found]
        self.violations += new
        return new

    def add(self, other: Table, part: str = "") -> None:
        """Take in the figures of another table.

        Args:
            other: the other one.
            part: the part of this one that they are of; its figures are shown apart, too.
        """
        self.cases += other.cases
        self.violations += other.violations
        for name, table in ({part: other} if part else other.parts).items():
            self.parts.setdefault(name, Table(self.seed)).add(table)

    def __str__(self) -> str:
        """The table, a line for each promise, and then what went wrong."""
        broken = Counter(violation.promise for violation in self.violations)
        lines = [f"{'promise':<12}{'cases tried':>12}{'violations':>12}{'seed':>12}"]
        lines += [
            f"{promise.value:<12}{self.cases[promise]:>12,}{broken[promise]:>12,}{self.seed:>12}" for promise in Promise
        ]
        if self.parts:
            wide = max(map(len, self.parts)) + 2
            lines.append(
                "".join([f"{'of these':<{wide}}", *(f"{promise.value:>11}" for promise in Promise), " violations"])
            )
            lines += [
                f"{name:<{wide}}"
                + "".join(f"{part.cases[promise]:>11,}" for promise in Promise)
                + f"{len(part.violations):>11,}"
                for name, part in self.parts.items()
            ]
        return "\n".join(lines + [f"  {violation}" for violation in self.violations])
