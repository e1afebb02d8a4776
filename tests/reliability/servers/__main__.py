"""Every operation before every bad server: `python -m tests.reliability.servers [SEED]` prints the figures."""

from __future__ import annotations

import sys

from tests.reliability.servers.campaign import run
from tests.reliability.servers.stage import open_stage


def main(seed: int) -> int:
    """Try all, print the table, and give the exit code: 1 if a promise was broken."""
    with open_stage() as stage:
        table = run(stage, seed)
    print(table)  # noqa: T201  # It is what it is for.
    return 1 if table.violations else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1))
