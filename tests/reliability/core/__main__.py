"""The fast harness, from the command line: `python -m tests.reliability.core --steps 2000 --seed 1`."""

from __future__ import annotations

import argparse
import random
import sys
import time
from typing import get_args

from tests.reliability.core.machine import run
from tests.reliability.core.world import Way

STEPS = 2000


def main() -> int:
    """Make random steps, print the table, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(description="Random programs and faults, without the real engine.")
    parser.add_argument("--steps", type=int, default=STEPS, help="how many random steps; default %(default)s")
    parser.add_argument("--seed", type=int, help="what everything random follows from; default: another one each time")
    parser.add_argument("--shrink", action="store_true", help="make a run that breaks a promise as short as can be")
    ways = get_args(Way)
    parser.add_argument("--way", choices=ways, default=ways[0], help="what serves; default %(default)s")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    begun = time.monotonic()
    figures = run(given.steps, seed, shrink=given.shrink, way=given.way)
    for story in figures.stories:
        print(story, end="\n\n")  # noqa: T201
    print(figures)  # noqa: T201
    print(f"{time.monotonic() - begun:.0f} s; again with --way {given.way} --steps {given.steps} --seed {seed}")  # noqa: T201
    return 1 if figures.stories else 0


if __name__ == "__main__":
    sys.exit(main())
