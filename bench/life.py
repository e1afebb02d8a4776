"""The life of a stack, measured row by row: preview, up, up without a change, update of all, refresh, destroy."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from bench.cost import ROWS, Life, middle
from bench.project import make_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.cost import Cost, Lane
    from pulumi_press.emulator import LocalPress

__all__ = ["UP", "live", "turn"]

UP = ("up", "--yes", "--skip-preview")
COMMANDS = (("preview",), UP, UP, UP, ("refresh", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview"))
EDITED_FROM = ROWS.index("update")
IDLE = ("preview", "no change", "refresh")
"""What leaves all as it was, and can be done again."""


WITHOUT_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"}
"""The environment in which the engine writes the state once, at the end."""


def live(
    lanes: Sequence[Lane], count: int, latency_ms: int, presses: Mapping[Lane, LocalPress], rounds: int = 1
) -> list[Life]:
    """Measure one life of a stack of so many specs in each lane, at services that wait before they answer.

    The lives go on side by side, row by row, so that a machine that gets slower does so for all of them. What leaves
    all as it was is done in several rounds, and the row is their median.
    """
    for lane in lanes:
        presses[lane].reset()
        if latency_ms:
            presses[lane].faults({"then": {"delay": latency_ms / 1000}})
    rows: dict[Lane, dict[str, Cost]] = {lane: {} for lane in lanes}
    sizes: dict[Lane, int] = {}
    with ExitStack() as stack:
        projects = {}
        for lane in lanes:
            variables = {"BENCH_SPECS": str(count), **({} if lane.checkpoints else WITHOUT_CHECKPOINTS)}
            projects[lane] = stack.enter_context(make_project(lane.side, presses[lane], **variables))
        for number, (row, command) in enumerate(zip(ROWS, COMMANDS, strict=True)):
            edit = {"BENCH_EDIT": "also on Sundays"} if number >= EDITED_FROM else {}
            costs: dict[Lane, list[Cost]] = {lane: [] for lane in lanes}
            for again in range(rounds if row in IDLE else 1):
                for lane in turn(lanes, number + again):
                    costs[lane].append(projects[lane].run(*command, **edit))
            for lane in lanes:
                rows[lane][row] = middle(costs[lane])
                if row == "create":
                    sizes[lane] = projects[lane].state_size()
    return [
        Life(lane.side, count, latency_ms, rows[lane], sizes[lane] / count, checkpoints=lane.checkpoints)
        for lane in lanes
    ]


T = TypeVar("T")


def turn(several: Sequence[T], number: int) -> Sequence[T]:
    """Let another one begin each time, so that none always comes first or last."""
    first = number % len(several)
    return (*several[first:], *several[:first])
