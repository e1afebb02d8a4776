"""The life of a stack, measured row by row: preview, up, up without a change, update of all, refresh, destroy."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bench.cost import ROWS, Life, middle
from bench.project import make_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.cost import Cost, Side
    from pulumi_press.emulator import LocalPress

__all__ = ["UP", "live", "turn"]

UP = ("up", "--yes", "--skip-preview")
COMMANDS = (("preview",), UP, UP, UP, ("refresh", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview"))
EDITED_FROM = ROWS.index("update")
IDLE = ("preview", "no change", "refresh")
"""What leaves all as it was, and can be done again."""


def live(
    sides: Sequence[Side], count: int, latency_ms: int, presses: Mapping[Side, LocalPress], rounds: int = 1
) -> list[Life]:
    """Measure one life of a stack of so many specs for each side, at services that wait before they answer.

    The lives go on side by side, row by row, so that a machine that gets slower does so for all of them. What leaves
    all as it was is done in several rounds, and the row is their median.
    """
    for press in presses.values():
        press.reset()
        if latency_ms:
            press.faults({"then": {"delay": latency_ms / 1000}})
    rows: dict[Side, dict[str, Cost]] = {side: {} for side in sides}
    sizes: dict[Side, int] = {}
    with ExitStack() as stack:
        projects = {
            side: stack.enter_context(make_project(side, presses[side], BENCH_SPECS=str(count))) for side in sides
        }
        for number, (row, command) in enumerate(zip(ROWS, COMMANDS, strict=True)):
            edit = {"BENCH_EDIT": "also on Sundays"} if number >= EDITED_FROM else {}
            costs: dict[Side, list[Cost]] = {side: [] for side in sides}
            for again in range(rounds if row in IDLE else 1):
                for side in turn(sides, number + again):
                    costs[side].append(projects[side].run(*command, **edit))
            for side in sides:
                rows[side][row] = middle(costs[side])
                if row == "create":
                    sizes[side] = projects[side].state_size()
    return [Life(side, count, latency_ms, rows[side], sizes[side] / count) for side in sides]


def turn(sides: Sequence[Side], number: int) -> Sequence[Side]:
    """Let another side begin each time, so that none always comes first or last."""
    first = number % len(sides)
    return (*sides[first:], *sides[:first])
