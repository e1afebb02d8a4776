"""The parts of a whole run, each as a function that a process of its own can call."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reliability import politeness
from tests.reliability.core import machine
from tests.reliability.engine.campaign import Campaign
from tests.reliability.engine.crash_cases import draw_crashes
from tests.reliability.servers import campaign as servers
from tests.reliability.servers.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.core.world import Way
    from tests.reliability.kept import Kept
    from tests.reliability.table import Table

__all__ = ["Part", "ask_often", "try_core", "try_engine", "try_servers"]

Part = tuple[str, "Table", list[str]]
"""What was done, what came of it, and the histories of what went wrong."""


def try_core(steps: int, seed: int, way: Way) -> Part:
    """Make random steps on the lifecycles, through the codec or through the native plugin."""
    figures = machine.run(steps, seed, way=way)
    words = f"core, {way}: {figures.steps:,} random steps in {figures.runs:,} runs; {figures.describe()}"
    return words, figures.table, figures.stories


def try_servers(seed: int) -> Part:
    """Put every operation before every bad server."""
    with open_stage() as stage:
        table = servers.run(stage, seed)
    return f"servers: {max(table.cases.values()):,} bad answers", table, []


def ask_often(seed: int) -> Part:
    """Measure how a failing and a slow service are treated."""
    figures = politeness.measure(seed)
    return f"politeness: {figures}".replace("\n", "\n          "), politeness.tabulate(figures, seed), []


def try_engine(programs: int, seed: int, workers: int, tell: Callable[[str], object], kept: Kept) -> Part:
    """Break each call of a stack's life in each way, and bring random programs up amid crashes."""
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        campaign = Campaign(Path(folder), seed, workers, tell, kept)
        try:
            campaign.try_crashes(draw_crashes(campaign.crashes(), seed))
            campaign.try_programs(range(programs))
        finally:
            campaign.close()
    stories = ["\n".join([outcome.label, *outcome.history, outcome.error]) for outcome in campaign.broken]
    return f"engine: {campaign.describe()}", campaign.table, stories
