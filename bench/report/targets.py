"""What the figures must be, and whether they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.cost import ROWS, Lane, compare, find, grow, ratio
from bench.waiting import DEPLOYMENTS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.cost import Life
    from bench.results import Results

__all__ = ["HUGE", "LARGE", "MIDDLING", "SMALL", "Verdict", "judge"]

SMALL, MIDDLING, LARGE, HUGE = 10, 100, 300, 1000
"""Resources: most targets hold at a large stack; a huge one lives without checkpoints only."""
AGAINST_NAIVE = {"create": 0.35, "update": 0.25, "destroy": 0.35}
MEMORY_AGAINST_NAIVE = 0.15
AGAINST_FLOOR = 1.15
SMALL_AGAINST_NAIVE = 1.10
WAITING_AGAINST_NAIVE = 0.5
NATIVE_AGAINST_DYNAMIC = 1.10
NATIVE_STATE_AGAINST_DYNAMIC = 0.5
IDLE_AGAINST_FLOOR, BUSY_AGAINST_FLOOR = 0.95, 1.30
"""Without checkpoints: commands that send no request, and those that send one for each resource."""
WITHOUT_AGAINST_WITH = 0.65
GROWTH_AGAINST_FLOOR = 1.0
CONNECTIONS = 9


@dataclass(frozen=True)
class Verdict:
    """Whether a target was met."""

    target: str
    """What is measured, in words."""
    measured: float
    limit: float
    """The most that it may be."""

    @property
    def met(self) -> bool:
        """Whether it is no more than it may be."""
        return self.measured <= self.limit


def judge(results: Results) -> list[Verdict]:
    """Judge every target whose figures were measured."""
    lives = results.merged()
    return [
        *_judge_large(results),
        *_judge_without_checkpoints(results),
        *_judge_small(results),
        *_judge_waiting(results),
        *_judge_traffic(results, lives),
    ]


def _judge_large(results: Results) -> Iterator[Verdict]:
    lives = results.merged()
    ours, naive = (find(lives, side, LARGE, 0) for side in ("ours", "naive"))
    at = f"{LARGE} resources, 0 ms"
    measured = compare(results.lives, "naive", LARGE, 0)
    for row, limit in AGAINST_NAIVE.items() if measured else ():
        yield Verdict(f"{at}: time of {row} against naive", measured[row], limit)
    if ours and naive:
        memory = ratio(ours.engine_mib, naive.engine_mib)
        yield Verdict(f"{at}: memory of the engine against naive", memory, MEMORY_AGAINST_NAIVE)
    for row, times in compare(results.lives, "floor", LARGE, 0).items():
        yield Verdict(f"{at}: time of {row} against the floor", times, AGAINST_FLOOR)
    for row, times in compare(results.lives, "ours", LARGE, 0, one="native").items():
        yield Verdict(f"{at}, native: time of {row} against dynamic", times, NATIVE_AGAINST_DYNAMIC)


def _judge_without_checkpoints(results: Results) -> Iterator[Verdict]:
    ours, floor, native = (Lane(side, checkpoints=False) for side in ("ours", "floor", "native"))
    for count in (LARGE, HUGE):
        at = f"{count:,} resources, 0 ms, without checkpoints"
        for row, times in compare(results.lives, floor, count, 0, one=ours).items():
            limit = IDLE_AGAINST_FLOOR if row in ("preview", "no change") else BUSY_AGAINST_FLOOR
            yield Verdict(f"{at}: time of {row} against the floor", times, limit)
        for row, times in compare(results.lives, ours, count, 0, one=native).items():
            yield Verdict(f"{at}, native: time of {row} against dynamic", times, NATIVE_AGAINST_DYNAMIC)
    measured = compare(results.lives, "ours", LARGE, 0, one=ours)
    for row in ("create", "update", "destroy") if measured else ():
        what = f"{LARGE} resources, 0 ms: time of {row} without checkpoints against with"
        yield Verdict(what, measured[row], WITHOUT_AGAINST_WITH)
    grown, least = (grow(results.merged(), lane, (MIDDLING, LARGE, HUGE), 0) for lane in (ours, floor))
    for row in ROWS if grown and least else ():
        what = f"without checkpoints: growth of a resource's cost in {row} against the floor"
        yield Verdict(what, ratio(grown[row], least[row]), GROWTH_AGAINST_FLOOR)


def _judge_small(results: Results) -> Iterator[Verdict]:
    for latency in sorted({life.latency_ms for life in results.lives}):
        measured = compare(results.lives, "naive", SMALL, latency)
        if measured:
            row = max(measured, key=lambda name: measured[name])
            at = f"{SMALL} resources, {latency} ms"
            yield Verdict(f"{at}: time of the worst row, {row}, against naive", measured[row], SMALL_AGAINST_NAIVE)


def _judge_waiting(results: Results) -> Iterator[Verdict]:
    waited = results.waited()
    if {"ours", "naive"} <= waited.keys():
        measured = ratio(waited["ours"].seconds, waited["naive"].seconds)
        what = f"{DEPLOYMENTS} deployments that take {SECONDS:g} s: time of up against naive"
        yield Verdict(what, measured, WAITING_AGAINST_NAIVE)
    if {"ours", "native"} <= waited.keys():
        measured = ratio(waited["native"].seconds, waited["ours"].seconds)
        what = f"{DEPLOYMENTS} deployments, native: time of up against dynamic"
        yield Verdict(what, measured, NATIVE_AGAINST_DYNAMIC)
        measured = ratio(waited["native"].state_bytes, waited["ours"].state_bytes)
        what = f"{DEPLOYMENTS} deployments, native: state against dynamic"
        yield Verdict(what, measured, NATIVE_STATE_AGAINST_DYNAMIC)


def _judge_traffic(results: Results, lives: list[Life]) -> Iterator[Verdict]:
    waited = results.waited()
    pairs = [(ours.rows[row], naive.rows[row]) for ours, naive in _pairs(lives) for row in ROWS]
    pairs += [(waited["ours"], waited["naive"])] if {"ours", "naive"} <= waited.keys() else []
    if pairs:
        measured = max(ratio(ours.requests, naive.requests) for ours, naive in pairs)
        yield Verdict("requests against naive, the worst row of all", measured, 1.0)
    costs = [cost for life in lives if life.side == "ours" for cost in life.rows.values()]
    costs += [waited["ours"]] if "ours" in waited else []
    if costs:
        measured = max(cost.connections for cost in costs)
        yield Verdict("connections, the worst row of all", measured, CONNECTIONS)


def _pairs(lives: Iterable[Life]) -> list[tuple[Life, Life]]:
    """Give ours and naive's lives that can be compared."""
    lives = list(lives)
    found = [
        (life, find(lives, "naive", life.count, life.latency_ms, checkpoints=life.checkpoints))
        for life in lives
        if life.side == "ours"
    ]
    return [(ours, naive) for ours, naive in found if naive]
