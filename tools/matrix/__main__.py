"""Runs the package on every supported Python, SDK and engine, and prints how it went: `python -m tools.matrix`."""

from __future__ import annotations

import argparse
import sys

from tools.matrix.cells import Cell, list_cells
from tools.matrix.engines import find_engines
from tools.matrix.pythons import find_pythons
from tools.matrix.runs import Outcome, run
from tools.matrix.table import render, write_page


def main() -> int:
    """Run the matrix; return 1 if anything in it failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the oldest of everything, and the newest of everything")
    parser.add_argument("--publish", action="store_true", help="write the table into docs/index.md if all went well")
    arguments = parser.parse_args()
    cells = list_cells(find_pythons(), find_engines(newest=not arguments.short), short=arguments.short)
    outcomes: dict[Cell, Outcome] = {}
    for number, cell in enumerate(cells, 1):
        outcomes[cell] = outcome = run(cell)
        print(f"{number} of {len(cells)}: {cell}: {outcome}", file=sys.stderr, flush=True)
        if not outcome.ok:
            print(outcome.text, file=sys.stderr, flush=True)
    table = render(outcomes)
    print(table)
    if not all(outcome.ok for outcome in outcomes.values()):
        return 1
    if arguments.publish and not arguments.short:
        write_page(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
