"""The life of a stack, measured row by row: preview, up, up without a change, update of all, refresh, destroy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.cost import ROWS, Cost, Life
from bench.project import make_project

if TYPE_CHECKING:
    from bench.cost import Side
    from pulumi_press.emulator import LocalPress

__all__ = ["UP", "live"]

UP = ("up", "--yes", "--skip-preview")
COMMANDS = (("preview",), UP, UP, UP, ("refresh", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview"))
EDITED_FROM = ROWS.index("update")


def live(side: Side, count: int, latency_ms: int, press: LocalPress) -> Life:
    """Measure one life of a stack of so many specs, at a service that waits before it answers."""
    press.reset()
    if latency_ms:
        press.faults({"then": {"delay": latency_ms / 1000}})
    rows: dict[str, Cost] = {}
    size = 0
    with make_project(side, press, BENCH_SPECS=str(count)) as project:
        for number, (row, command) in enumerate(zip(ROWS, COMMANDS, strict=True)):
            edit = {"BENCH_EDIT": "also on Sundays"} if number >= EDITED_FROM else {}
            rows[row] = project.run(*command, **edit)
            if row == "create":
                size = project.state_size()
    return Life(side, count, latency_ms, rows, size / count)
