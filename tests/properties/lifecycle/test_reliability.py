"""Random programs amid random faults keep every promise; the long form is `python -m tests.reliability.core`."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.reliability.core.machine import run
from tests.reliability.core.world import Way
from tests.reliability.oracle import Promise

STEPS = 300
SEED = 1


@pytest.mark.parametrize("way", get_args(Way))
def test_promises_are_kept_amid_random_faults(way: Way) -> None:
    """Every promise is put to the test, and none is broken."""
    figures = run(STEPS, SEED, way=way)

    assert figures.stories == []
    assert figures.table.violations == []
    assert figures.steps >= STEPS
    assert set(figures.table.cases) == set(Promise)
