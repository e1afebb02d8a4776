"""A few crashes and random programs keep every promise; `make reliability` tries all of them, and many more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reliability.engine.campaign import Campaign
from tests.reliability.engine.programs import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 1
LIVES = ("renamed", "failed", "forced", "shared, marked")
EACH = 80
"""Of so many crashes one is tried."""
PROGRAMS = 2


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    """A campaign."""
    made = Campaign(tmp_path, SEED)
    yield made
    made.close()


def test_promises_are_kept_amid_crashes(campaign: Campaign) -> None:
    """Whatever is broken at a call, the next commands put it right, and nothing is lost or there twice."""
    campaign.try_crashes(campaign.crashes(lives=LIVES)[::EACH])

    assert campaign.broken == []
    assert campaign.table.violations == []
    assert campaign.counts["crashes"] >= 5
    assert campaign.counts["missed in crashes"] == 0


def test_promises_are_kept_by_random_programs(campaign: Campaign) -> None:
    """So it is for programs that nobody thought of."""
    campaign.try_programs(range(PROGRAMS))

    assert campaign.broken == []
    assert campaign.table.violations == []
    assert campaign.counts["programs"] == PROGRAMS * len(WAYS)
