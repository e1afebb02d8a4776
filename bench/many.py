"""What many deployments that are waited for at once do to each other: `python -m bench.many`.

Makes 300 deployments that take 20 s each with `pulumi up --parallel 64`, with the dynamic provider and with the native
plugin, and the same with a service that turns one request away amid it (429, `Retry-After: 5`). Prints, as a table: how
long it took; the longest time between two looks at one deployment; how late its end was seen, at most; what memory the
provider's process held at most by a third of the time, and by the end; the most connections at once; and the requests
that came within the five seconds after the 429, which were under way then. It takes about ten minutes.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.life import UP
from bench.memory import find_peak, find_providers, repeat
from bench.project import make_project, start_press

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.cost import Side
    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.control.faults import FaultRule

__all__ = ["Waiting", "find_gaps", "main"]

SIDES: dict[Side, str] = {"ours": "dynamic", "native": "native"}
DEPLOYMENTS, SECONDS, PARALLEL = 300, 20.0, 64
RETRY_AFTER = 5.0
PERIOD = 0.1
"""Seconds between two looks at the provider's process."""
PATH = "/v1/blocks/deployments/"
TOO_MANY = 429
ESTABLISHED = "01"
HEADINGS = (
    "way",
    "seconds",
    "looks",
    "longest gap",
    "latest seen",
    "memory by a third",
    "by the end",
    "connections",
    "requests in the 5 s after a 429",
)


@dataclass(frozen=True)
class Waiting:
    """How the deployments of one command were waited for."""

    looks: int
    gap: float
    """Seconds between two looks at one deployment, at most."""
    lateness: float
    """Seconds from the end of a rollout, or from the first look where that came later, to the look that saw it."""
    early: int | None
    """Requests in the seconds after a 429 in which none was wanted; None where there was no 429."""


@dataclass
class Watch:
    """What was seen of the provider's process."""

    memory: list[float] = field(default_factory=list)
    """The most that it held until each look, in MiB."""
    connections: int = 0
    """The most at once."""


def find_gaps(calls: Sequence[dict[str, Any]], ends: dict[str, float]) -> Waiting:
    """Find how the deployments were waited for.

    Args:
        calls: the log of requests.
        ends: when the rollout of each deployment ends, by id.
    """
    looks: dict[str, list[float]] = {identity: [] for identity in ends}
    for call in calls:
        identity = call["path"].removeprefix(PATH)
        if call["method"] == "GET" and identity in looks:
            looks[identity].append(_read_time(call["time"]))
    gaps = [later - earlier for moments in looks.values() for earlier, later in pairwise(moments)]
    late = [moments[-1] - max(ends[identity], moments[0]) for identity, moments in looks.items()]
    refused = next((_read_time(call["time"]) for call in calls if call["status"] == TOO_MANY), None)
    early = None
    if refused is not None:
        early = sum(refused < _read_time(call["time"]) < refused + RETRY_AFTER for call in calls)
    return Waiting(sum(map(len, looks.values())), max(gaps, default=0.0), max(late), early)


def measure(side: Side, press: LocalPress, options: argparse.Namespace, *, turns_away: bool) -> str:
    """Run `up`, and give a row of the table."""
    amid: FaultRule = {
        "match": {"method": "GET"},
        "skip": 2 * options.deployments,
        "times": 1,
        "then": {"status": TOO_MANY, "headers": {"Retry-After": f"{RETRY_AFTER:g}"}},
    }
    press.reset()
    with make_project(side, press, BENCH_SPECS="1", BENCH_DEPLOYMENTS=str(options.deployments)) as project:
        if turns_away:
            press.faults(amid)
        with _watch(press) as seen:
            cost = project.run(*UP, "--parallel", str(options.parallel))
        deployments = press.state()["deployments"]
        ends = {one["id"]: _read_time(one["metadata"]["createdAt"]) + options.seconds for one in deployments}
        waiting = find_gaps(press.requests(), ends)
    third = seen.memory[len(seen.memory) // 3]
    columns = (
        f"{SIDES[side]}{', a 429' if turns_away else ''}",
        f"{cost.seconds:.0f}",
        f"{waiting.looks:,}",
        f"{waiting.gap:.1f} s",
        f"{waiting.lateness:.1f} s",
        f"{third:.0f} MiB",
        f"{seen.memory[-1]:.0f} MiB",
        f"{seen.connections}",
        "" if waiting.early is None else f"{waiting.early}",
    )
    return _write_row(columns)


@contextmanager
def _watch(press: LocalPress) -> Iterator[Watch]:
    """Look at the provider's process, from the first look that finds it."""
    seen = Watch()
    port = f":{int(press.url.rpartition(':')[2]):04X}"

    def look() -> None:
        held = [find_peak(pid) for pid in find_providers(os.getpid())]
        if held:
            seen.memory.append(max(held))
        seen.connections = max(seen.connections, _count_connections(port))

    with repeat(look, PERIOD):
        yield seen


def _count_connections(port: str) -> int:
    """Count the connections of this machine to a port of it."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(row[2].endswith(port) and row[3] == ESTABLISHED for row in rows)


def _read_time(written: str) -> float:
    return datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp()


def _write_row(columns: Sequence[str]) -> str:
    return f"| {' | '.join(columns)} |"


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.many", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deployments", type=int, default=DEPLOYMENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="what each takes (default: %(default)g)")
    parser.add_argument("--parallel", type=int, default=PARALLEL)
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    options = parser.parse_args()
    # As in `python -m bench`: what is run in the background ignores interruptions, and the engine sends one at the end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    begun = time.monotonic()
    print(_write_row(HEADINGS), _write_row(["---", *["---:"] * (len(HEADINGS) - 1)]), sep="\n", flush=True)
    with start_press(f"seconds:{options.seconds:g}") as press:
        for turns_away in (False, True):
            for side in options.sides:
                print(measure(side, press, options, turns_away=turns_away), flush=True)
    print(f"measured in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
