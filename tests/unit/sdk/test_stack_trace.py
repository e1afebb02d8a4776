"""The state keeps where the program declared a resource, and not what ran the program."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import pytest

from pulumi_press.sdk.press_resource import INNER_FRAMES, limit_stack_trace


def declare() -> int:
    """Give how many frames Pulumi sees, from the outermost of the program on."""
    with limit_stack_trace():
        return len(traceback.extract_stack())


def run_program(module: str) -> int:
    """Declare something in a module that has been called by another one."""
    names: dict[str, Any] = {"__name__": module}
    exec("def run(call):\n    return call()", names)  # noqa: S102  # A frame of another module is what it is about.
    return int(names["run"](declare))


@pytest.mark.parametrize("module", ["runpy", "pulumi.runtime.stack"])
def test_what_runs_the_program_is_cut_off(module: str) -> None:
    """The calls of the program are kept, with Pulumi's own within them."""
    assert run_program(module) == INNER_FRAMES + 1


def test_nothing_is_left_behind() -> None:
    """Other stacks are shown whole afterwards, and whoever set a limit keeps it."""
    run_program("runpy")
    assert not hasattr(sys, "tracebacklimit")

    sys.tracebacklimit = 50
    try:
        with limit_stack_trace():
            assert sys.tracebacklimit == 50
    finally:
        del sys.tracebacklimit
