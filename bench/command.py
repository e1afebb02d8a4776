"""What this package costs, beside providers written by hand (naive) and beside the engine alone (floor).

Prints ratios first, then the figures, and tells of each target whether it was met. A whole run is kept in docs/ as
performance.md, .png and .json; a part of it in build/bench/. What was measured is kept at once: a run that was ended
goes on where it was, unless the code changed meanwhile.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import artifacts, machine, start_up
from bench.cost import SIDES, Cost, Lane, Life
from bench.life import live, turn
from bench.notes import Notes, digest_code
from bench.project import start_press
from bench.report.page import keep, show
from bench.report.targets import HUGE, LARGE, MIDDLING, SMALL, judge
from bench.results import Results
from bench.waiting import SECONDS, deploy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.cost import Side

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
UNFINISHED = ROOT / "build" / "bench" / "unfinished.json"
BENCH = ROOT / "bench"
MEASURED = (ROOT / "pulumi_press", *(BENCH / name for name in SIDES), *BENCH.glob("*.py"))
"""What the figures depend on."""
PARTS = ("lives", "waiting", "artifacts", "start-up")
COUNTS, LATENCIES = (SMALL, MIDDLING, LARGE, HUGE), (0, 100)
RUNS_OF_SHORT, RUNS_OF_JUDGED, RUNS_OF_HUGE, RUNS_OF_WAITING = 9, 3, 2, 3
"""Lives: short ones are more easily disturbed, and long ones take minutes; the others are measured once."""
ROUNDS_OF_JUDGED = 3
"""Of what leaves all as it was, in one long life: it takes seconds, and is as easily disturbed as a short life."""
ROUNDS = 9
"""Of what takes a second or less."""


def main() -> int:
    """Run the bench, and give the exit code: 1 if a target was missed."""
    options = _parse()
    # A shell lets what it runs in the background ignore interruptions, and then the engine, which sends one at the end
    # of each command, waits five seconds for it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended; what was measured is kept"))
    if options.render:
        results, notes = Results.read(options.render), None
    else:
        notes = Notes(UNFINISHED, digest_code(*MEASURED))
        if options.fresh:
            notes.forget()
        begun = time.monotonic()
        results = _measure(options, notes)
        _tell(f"measured in {(time.monotonic() - begun) / 60:.1f} minutes")
    verdicts = judge(results)
    print(show(results, verdicts))
    folder = options.out or (ROOT / "docs" if _is_whole(options) else UNFINISHED.parent)
    keep(results, verdicts, folder)
    if notes:
        notes.finish()
    missed = [verdict for verdict in verdicts if not verdict.met]
    _tell(f"kept in {folder}; {len(verdicts) - len(missed)} of {len(verdicts)} targets met")
    for verdict in missed:
        _tell(f"missed: {verdict.target}: {verdict.measured:.2f}, at most {verdict.limit:g}")
    return 1 if missed else 0


def _parse() -> argparse.Namespace:
    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(","))

    def words(known: Sequence[str]) -> Any:
        def read(text: str) -> tuple[str, ...]:
            chosen = tuple(text.split(","))
            if not set(chosen) <= set(known):
                raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}")
            return chosen

        return read

    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=words(PARTS), default=PARTS, help=f"of {','.join(PARTS)}")
    parser.add_argument("--counts", type=numbers, default=COUNTS, help="resources, such as 10,100,300,1000")
    parser.add_argument("--latencies", type=numbers, default=LATENCIES, help="milliseconds, such as 0,100")
    parser.add_argument("--sides", type=words(SIDES), default=SIDES, help=f"of {','.join(SIDES)}")
    parser.add_argument("--runs", type=int, help="lives of each kind (default: those of the page)")
    parser.add_argument("--out", type=Path, help="folder for the page, the picture and the JSON")
    parser.add_argument("--fresh", action="store_true", help="forget what an unfinished run measured")
    parser.add_argument("--render", type=Path, metavar="JSON", help="measure nothing: write what is in this file anew")
    return parser.parse_args()


def _is_whole(options: argparse.Namespace) -> bool:
    chosen = (options.parts, options.counts, options.latencies, options.sides, options.runs)
    return chosen == (PARTS, COUNTS, LATENCIES, SIDES, None)


def _measure(options: argparse.Namespace, notes: Notes) -> Results:
    chosen = set(options.parts)
    return Results(
        date=f"{datetime.now(timezone.utc):%Y-%m-%d}",
        machine=machine.describe(),
        start_up=notes.once("start-up", lambda: start_up.measure(ROUNDS)) if "start-up" in chosen else [],
        artifacts=notes.once("artifacts", lambda: artifacts.measure(ROUNDS)) if "artifacts" in chosen else [],
        waiting=_wait(options, notes) if "waiting" in chosen else {},
        lives=list(_live(options, notes)) if "lives" in chosen else [],
    )


def _live(options: argparse.Namespace, notes: Notes) -> Iterator[Life]:
    with ExitStack() as stack:
        presses = {
            Lane(side, checkpoints): stack.enter_context(start_press())
            for side in options.sides
            for checkpoints in (True, False)
        }
        for count in options.counts:
            for latency in options.latencies:
                for run in range(options.runs or _runs(count, latency)):
                    lanes = _present(options, count, latency, run)
                    if not lanes:
                        continue
                    rounds = ROUNDS_OF_JUDGED if latency == 0 and count >= LARGE else 1
                    name = f"{count} resources, {latency} ms, run {run + 1}"
                    key = f"{name}, {' and '.join(map(str, lanes))}"
                    measured = notes.once(
                        key,
                        lambda: [life.describe() for life in live(lanes, count, latency, presses, rounds)],  # noqa: B023
                    )
                    for life in map(Life.read, measured):
                        _tell(f"{life.lane}, {name}: {_seconds(life.rows.items())}")
                        yield life


def _runs(count: int, latency: int) -> int:
    if count == SMALL:
        return RUNS_OF_SHORT
    if count == HUGE:
        return RUNS_OF_HUGE
    return RUNS_OF_JUDGED if latency == 0 else 1


def _present(options: argparse.Namespace, count: int, latency: int, run: int) -> list[Lane]:
    """Give the lanes of a run.

    A long life of naive's takes longer than those of the others together, so it has one. To leave checkpoints out
    changes little in a small stack; a huge one takes many minutes with them.
    """
    is_long = count >= LARGE and run > 0 and options.runs is None
    sides = [side for side in options.sides if not (is_long and side == "naive")]
    modes = [True] if count < HUGE else []
    if latency == 0 and count >= MIDDLING:
        modes.append(False)
    return [Lane(side, checkpoints) for checkpoints in modes for side in sides]


def _wait(options: argparse.Namespace, notes: Notes) -> dict[Side, list[Cost]]:
    found: dict[Side, list[Cost]] = {side: [] for side in options.sides}
    with start_press(f"seconds:{SECONDS:g}") as press:
        for run in range(options.runs or RUNS_OF_WAITING):
            for side in turn(options.sides, run):
                name = f"{side}, waiting, run {run + 1}"
                cost = Cost(**notes.once(name, lambda: deploy(side, press).describe()))  # noqa: B023
                _tell(f"{name}: {_seconds([('up', cost)])}")
                found[side].append(cost)
    return found


def _seconds(rows: Iterable[tuple[str, Cost]]) -> str:
    return ", ".join(f"{row} {cost.seconds:.1f} s" for row, cost in rows)


def _tell(line: str) -> None:
    print(f"bench: {line}", file=sys.stderr, flush=True)
