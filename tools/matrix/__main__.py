"""Runs the package on every supported Python, SDK and engine, and prints how it went: `python -m tools.matrix`."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from tools.matrix.cells import Cell, list_cells
from tools.matrix.engines import find_engines
from tools.matrix.pythons import find_pythons
from tools.matrix.runs import Outcome, name_environment, run
from tools.matrix.table import render, write_page


def run_group(cells: list[Cell]) -> dict[Cell, Outcome]:
    """Run some cells one after the other, print how each went, and return the outcomes."""
    outcomes = {}
    for cell in cells:
        outcomes[cell] = outcome = run(cell)
        text = "" if outcome.ok else f"{outcome.text}\n"
        sys.stderr.write(f"{cell}: {outcome}\n{text}")
        sys.stderr.flush()
    return outcomes


def main() -> int:
    """Run the matrix; return 1 if anything in it failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the oldest of everything, and the newest of everything")
    parser.add_argument("--publish", action="store_true", help="write the table into docs/install.md if all went well")
    arguments = parser.parse_args()
    cells = list_cells(find_pythons(), find_engines(newest=not arguments.short), short=arguments.short)
    outcomes: dict[Cell, Outcome] = {}
    # Cells of one environment, which follow each other, run one after the other: each installs into it.
    groups = [list(group) for _, group in groupby(cells, key=name_environment)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome_of in pool.map(run_group, groups):
            outcomes |= outcome_of
    table = render(outcomes)
    print(table)
    if not all(outcome.ok for outcome in outcomes.values()):
        return 1
    if arguments.publish and not arguments.short:
        write_page(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
