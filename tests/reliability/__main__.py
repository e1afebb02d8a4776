"""All harnesses in one run, and their figures in one table: `make reliability`, or `python -m tests.reliability`.

In that order: random programs and faults on the lifecycles, every operation before every bad server, a failing and a
slow service, and the real engine: each call of a stack's life broken in each way, then random programs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reliability import politeness
from tests.reliability.core import machine
from tests.reliability.engine.campaign import Campaign
from tests.reliability.servers import campaign as servers
from tests.reliability.servers.stage import open_stage
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 3000
PROGRAMS = 60
WORKERS = 2
SHOWN = 3
"""So many histories of broken runs are printed in full."""


def main() -> int:
    """Run everything, print the table, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description="Put every promise to the test.")
    parser.add_argument("--seed", type=int, help="what everything random follows from; default: another one each time")
    parser.add_argument("--steps", type=int, default=STEPS, help="random steps on the core; default %(default)s")
    parser.add_argument("--programs", type=int, default=PROGRAMS, help="random programs; default %(default)s")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes at once; default %(default)s")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    begun = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {line}", flush=True)  # noqa: T201

    table, stories = Table(seed), list[str]()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(given.workers, mp_context=spawn) as pool:
        parts = [pool.submit(try_servers, seed), pool.submit(try_core, given.steps, seed), pool.submit(ask_often, seed)]
        for part in parts:
            words, found, told = part.result()
            table.add(found)
            stories += told
            tell(words)
    words, found, told = try_engine(given.programs, seed, given.workers, tell)
    table.add(found)
    stories += told
    tell(words)
    for story in stories[:SHOWN]:
        print(f"\n=== {story}")  # noqa: T201
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(f"\n{table}\n{minutes} min {seconds} s; again with: make reliability SEED={seed}")  # noqa: T201
    return 1 if table.violations or stories else 0


Part = tuple[str, Table, list[str]]
"""What was done, what came of it, and the histories of what went wrong."""


def try_core(steps: int, seed: int) -> Part:
    """Make random steps on the lifecycles."""
    figures = machine.run(steps, seed)
    words = f"core: {figures.steps:,} random steps in {figures.runs:,} runs; {figures.describe()}"
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


def try_engine(programs: int, seed: int, workers: int, tell: Callable[[str], object]) -> Part:
    """Break each call of a stack's life in each way, and bring random programs up amid crashes."""
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        campaign = Campaign(Path(folder), seed, workers, tell)
        try:
            campaign.try_crashes(campaign.crashes())
            campaign.try_programs(range(programs))
        finally:
            campaign.close()
    stories = ["\n".join([outcome.label, *outcome.history, outcome.error]) for outcome in campaign.broken]
    return f"engine: {campaign.describe()}", campaign.table, stories


if __name__ == "__main__":
    sys.exit(main())
