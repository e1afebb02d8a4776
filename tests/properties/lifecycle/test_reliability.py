"""Random programs amid random faults keep every promise; the long form is `python -m tests.reliability.core`."""

from __future__ import annotations

from tests.reliability.core.machine import run
from tests.reliability.oracle import Promise

STEPS = 300
SEED = 1


def test_promises_are_kept_amid_random_faults() -> None:
    """Every promise is put to the test, and none is broken."""
    figures = run(STEPS, SEED)

    assert figures.stories == []
    assert figures.table.violations == []
    assert figures.steps >= STEPS
    assert set(figures.table.cases) == set(Promise)
