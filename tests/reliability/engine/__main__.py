"""The slow harness, from the command line: `python -m tests.reliability.engine --seed 1`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.engine.campaign import Campaign
from tests.reliability.engine.crash_cases import draw_crashes
from tests.reliability.engine.life import LIVES
from tests.reliability.engine.setups import MODES, WAYS, select_setups

PROGRAMS = 40
WORKERS = 2
SHOWN = 3
"""So many histories of broken cases are printed in full."""


def main() -> int:
    """Try every crash and some random programs, print the table, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(description="Crashes and random programs on the real engine.")
    parser.add_argument("--seed", type=int, help="what random programs follow from; default: another one each time")
    parser.add_argument("--programs", type=int, default=PROGRAMS, help="how many random programs; default %(default)s")
    parser.add_argument(
        "--program", type=int, action="append", help="only the program with this number; may be repeated"
    )
    parser.add_argument(
        "--only", metavar="WORDS", default="", help="only crashes with these words, such as 'main, create'"
    )
    parser.add_argument("--life", choices=LIVES, action="append", help="only crashes of this life; may be repeated")
    parser.add_argument("--way", choices=WAYS, help="only programs that reach the engine so; default: both")
    parser.add_argument("--mode", choices=MODES, help="only an engine that writes the state so; default: both")
    parser.add_argument("--all", action="store_true", help="every crash at each call, not only those that are drawn")
    parser.add_argument("--short", action="store_true", help="only a few crashes and programs")
    parser.add_argument("--workers", type=int, default=WORKERS, help="so many cases at once; default %(default)s")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    begun = time.monotonic()
    setups = select_setups([given.way] if given.way else WAYS, [given.mode] if given.mode else MODES)

    def tell(line: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {line}", flush=True)  # noqa: T201

    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        campaign = Campaign(Path(folder), seed, given.workers, tell)
        try:
            if not given.program:
                crashes = campaign.crashes(given.only, tuple(given.life or LIVES), setups)
                if not (given.all or given.only):
                    crashes = draw_crashes(crashes, seed)
                campaign.try_crashes(crashes[:: max(len(crashes) // 8, 1)] if given.short else crashes)
            if not (given.only or given.life):
                campaign.try_programs(given.program or range(4 if given.short else given.programs), setups)
        finally:
            campaign.close()
    for outcome in campaign.broken[:SHOWN]:
        print(f"\n=== {outcome.label}\n" + "\n".join(outcome.history))  # noqa: T201
    print(f"{campaign.describe()}\n{campaign.table}\n{time.monotonic() - begun:.0f} s; again with --seed {seed}")  # noqa: T201
    return 1 if campaign.broken else 0


if __name__ == "__main__":
    sys.exit(main())
