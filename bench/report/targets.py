"""What the figures must be, and whether they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.cost import ROWS, Cost, Life, find, ratio
from bench.waiting import DEPLOYMENTS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bench.results import Results

__all__ = ["Verdict", "judge"]

LARGE, SMALL = 300, 10
"""Resources at which most targets hold, and those of a small stack."""
AGAINST_NAIVE = {"create": 0.35, "update": 0.25, "destroy": 0.35}
MEMORY_AGAINST_NAIVE = 0.15
AGAINST_FLOOR = 1.15
SMALL_AGAINST_NAIVE = 1.10
WAITING_AGAINST_NAIVE = 0.5
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
    return [*_judge_large(lives), *_judge_small(lives), *_judge_waiting(results), *_judge_traffic(results, lives)]


def _judge_large(lives: list[Life]) -> Iterator[Verdict]:
    ours, naive, floor = (find(lives, side, LARGE, 0) for side in ("ours", "naive", "floor"))
    at = f"{LARGE} resources, 0 ms"
    if ours and naive:
        for row, limit in AGAINST_NAIVE.items():
            measured = ratio(ours.rows[row].seconds, naive.rows[row].seconds)
            yield Verdict(f"{at}: time of {row} against naive", measured, limit)
        measured = ratio(ours.engine_mib, naive.engine_mib)
        yield Verdict(f"{at}: memory of the engine against naive", measured, MEMORY_AGAINST_NAIVE)
    if ours and floor:
        for row in ROWS:
            measured = ratio(ours.rows[row].seconds, floor.rows[row].seconds)
            yield Verdict(f"{at}: time of {row} against the floor", measured, AGAINST_FLOOR)


def _judge_small(lives: list[Life]) -> Iterator[Verdict]:
    for ours, naive in _pairs(lives):
        if ours.count == SMALL:
            row, measured = _worst(ours, naive, lambda cost: cost.seconds)
            at = f"{SMALL} resources, {ours.latency_ms} ms"
            yield Verdict(f"{at}: time of the worst row, {row}, against naive", measured, SMALL_AGAINST_NAIVE)


def _judge_waiting(results: Results) -> Iterator[Verdict]:
    waited = results.waited()
    if {"ours", "naive"} <= waited.keys():
        measured = ratio(waited["ours"].seconds, waited["naive"].seconds)
        what = f"{DEPLOYMENTS} deployments that take {SECONDS:g} s: time of up against naive"
        yield Verdict(what, measured, WAITING_AGAINST_NAIVE)


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
    found = [(life, find(lives, "naive", life.count, life.latency_ms)) for life in lives if life.side == "ours"]
    return [(ours, naive) for ours, naive in found if naive]


def _worst(ours: Life, theirs: Life, figure: Callable[[Cost], float]) -> tuple[str, float]:
    ratios = {row: ratio(figure(ours.rows[row]), figure(theirs.rows[row])) for row in ours.rows}
    row = max(ratios, key=lambda name: ratios[name])
    return row, ratios[row]
