"""Holding the steps of an operation to the engine's own summary: what is missing may be what destroys."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pulumi_press.report.errors import PreviewError
from pulumi_press.report.steps import Telling, as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.report.steps import Urn

__all__ = ["check_steps", "read_summary"]

COUNTED = frozenset({"create", "update", "delete", "replace", "import", "discard"})
"""Operations that the summary counts."""
UNCOUNTED = frozenset(
    {
        "same",  # Not every format tells them.
        "read",  # Counted only where something differs.
        "refresh",  # Counted as what it found.
        "diff",
        # Parts of a replacement, which is counted as one.
        "create-replacement",
        "delete-replaced",
        "discard-replaced",
        "import-replacement",
        "read-replacement",
        # What the engine does for itself.
        "remove-pending-replace",
        "extend-parameterize",
    }
)


def read_summary(value: Any, what: str) -> dict[str, int]:
    """Read how many steps of each operation there are; none where nothing is said.

    Raises:
        PreviewError: it is no such thing.
    """
    summary = as_dict(value, what)
    if not all(type(count) is int for count in summary.values()):
        raise PreviewError(f"is no preview: {what} does not hold whole numbers")
    return summary


def check_steps(steps: Iterable[tuple[str, Urn]], summary: Mapping[str, int]) -> Iterator[Telling]:
    """Check that every operation is known, and that the steps add up to the summary.

    Args:
        steps: operation and URN of each.
        summary: how many of each operation the engine counted.

    Yields:
        An error for what would make the report untrue.
    """
    listed = [(op, urn) for op, urn in steps if not urn.is_default_provider]
    for op in sorted({op for op, _ in listed}.union(summary) - COUNTED - UNCOUNTED):
        urn = next((urn for known, urn in listed if known == op), None)
        text = f"the engine has an operation that this version does not know, {op!r}: update pulumi-press"
        yield Telling("error", text, urn)
    counts = Counter(op for op, _ in listed)
    wrong = [op for op in sorted(COUNTED) if counts[op] != summary.get(op, 0)]
    if wrong:
        said = ", ".join(f"{op} {summary.get(op, 0)} ({counts[op]} listed)" for op in wrong)
        yield Telling(
            "error",
            f"the steps do not add up to the engine's own summary: {said}. What stands here is not all of it: make the "
            "preview again, with an event log (--event-log) if it was in JSON",
        )
