"""All harnesses in one run, and their figures in one table: `make reliability`, or `python -m tests.reliability`.

In that order: every operation before every bad server, random programs and faults on the lifecycles, as the dynamic
provider and as the native plugin serve them, a failing and a slow service, and the real engine, with checkpoints and
without: something broken at each call of a stack's life, then random programs. A run that was ended goes on where it
was, with the same seed and the same code.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from bench.notes import digest_code
from tests.reliability.core.world import Way
from tests.reliability.kept import Kept
from tests.reliability.parts import ask_often, try_core, try_engine, try_servers
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.parts import Part

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STEPS = 3000
PROGRAMS = 40
WORKERS = 2
SHOWN = 3
"""So many histories of broken runs are printed in full."""


def main() -> int:
    """Run everything, print the table, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description="Put every promise to the test.")
    parser.add_argument("--seed", type=int, help="what everything random follows from; default: another one each time")
    parser.add_argument("--steps", type=int, default=STEPS, help="random steps on the core, in each way; %(default)s")
    parser.add_argument("--programs", type=int, default=PROGRAMS, help="random programs; default %(default)s")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes at once; default %(default)s")
    parser.add_argument("--fresh", action="store_true", help="forget what a run that was ended has tried")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    begun = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {line}", flush=True)  # noqa: T201

    table, stories = Table(seed), list[str]()
    unfinished = ROOT / "build" / "reliability" / f"unfinished-{seed}"
    if given.fresh:
        unfinished.unlink(missing_ok=True)
    kept = Kept(unfinished, digest_code(ROOT / "pulumi_press", HERE))
    tell(f"seed {seed}; {len(kept)} outcomes of a run that was ended")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(given.workers, mp_context=spawn) as pool:
        works: dict[str, Callable[[], Part]] = {
            "servers": partial(try_servers, seed),
            **{f"core, {way}, {given.steps} steps": partial(try_core, given.steps, seed, way) for way in get_args(Way)},
            "politeness": partial(ask_often, seed),
        }
        # Each is begun at once, unless a run that was ended has done it.
        parts = {name: pool.submit(work) for name, work in works.items() if name not in kept}
        for name in works:
            words, found, told = kept.once(name, lambda: parts[name].result())  # noqa: B023, PLW0108
            table.add(found)
            stories += told
            tell(words)
    words, found, told = try_engine(given.programs, seed, given.workers, tell, kept)
    table.add(found)
    stories += told
    tell(words)
    for story in stories[:SHOWN]:
        print(f"\n=== {story}")  # noqa: T201
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    kept.finish()
    print(f"\n{table}\n{minutes} min {seconds} s; again with: make reliability SEED={seed}")  # noqa: T201
    return 1 if table.violations or stories else 0


if __name__ == "__main__":
    sys.exit(main())
