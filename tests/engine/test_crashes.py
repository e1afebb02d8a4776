"""A few crashes and random programs keep every promise; `make reliability` tries all of them, and many more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.reliability.engine import crowd
from tests.reliability.engine.campaign import Campaign
from tests.reliability.engine.crash import Crash, Victim
from tests.reliability.engine.crash_cases import try_crash
from tests.reliability.engine.life import LIVES, Life, Stage
from tests.reliability.engine.project import find_engine
from tests.reliability.engine.setups import SETUPS, Setup, select_setups
from tests.reliability.engine.snapshots import take_snapshots
from tests.reliability.oracle import Promise
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 1
TRIED = (
    ("checkpoints", ("renamed", "failed", "forced", "shared, marked"), 90),
    ("no-checkpoints", ("failed", "10 blocks"), 60),
)
"""Modes, lives, and of how many crashes one is tried."""
PROGRAMS = 1


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    """A campaign."""
    made = Campaign(tmp_path, SEED)
    yield made
    made.close()


@pytest.mark.parametrize(("mode", "lives", "each"), TRIED)
def test_promises_are_kept_amid_crashes(campaign: Campaign, mode: str, lives: tuple[str, ...], each: int) -> None:
    """Whatever is broken at a call, the next commands put it right, and nothing is lost or there twice."""
    campaign.try_crashes(campaign.crashes(lives=lives, setups=select_setups(modes=[mode]))[::each])

    assert campaign.broken == []
    assert campaign.table.violations == []
    assert campaign.counts["crashes"] >= 5
    assert campaign.counts["missed in crashes"] == 0


def test_promises_are_kept_by_random_programs(campaign: Campaign) -> None:
    """So it is for programs that nobody thought of."""
    campaign.try_programs(range(PROGRAMS))

    assert campaign.broken == []
    assert campaign.table.violations == []
    assert campaign.counts["programs"] == PROGRAMS * len(SETUPS)


def test_what_no_note_or_mark_tells_is_found_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness bites: where a killed run leaves no note, no mark and no state, the next one cannot go on."""
    monkeypatch.setitem(
        LIVES, "forgetful", Life((Stage("create", partial(crowd.declare, specs=2)),), is_forgetful=True)
    )
    folder, engine = tmp_path / "life", find_engine()
    folder.mkdir()
    (snapshot,), _ = take_snapshots("forgetful", folder, engine, Setup(mode="no-checkpoints"))
    table = Table(SEED)

    try_crash(snapshot, Crash(2, "after", Victim.ALL, of_changes=True), tmp_path / "crash", engine, table)

    assert Promise.RESUMES in {violation.promise for violation in table.violations}
