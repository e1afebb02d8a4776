"""Runs of the real engine that write the state once, at the end, and are killed before that."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways
from tests.reliability.engine.processes import end_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

pytestmark = both_ways

COUNT, SHORT = 100, 20
SKIPPED = {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"}
FOR_EVER = 3600.0

SPECS = """
for number in range({count}):
    press.BlockSpec(
        f"orders-{{number}}",
        kind="service",
        metadata={{"name": f"orders-{{number}}", "summary": "Orders"}},
        config={{"imageDetails": {{"id": 1}}}},
    )
"""

MOST = 2
"""Requests for an object that is taken up, or made after a look for it."""


@pytest.fixture
def count(pytestconfig: pytest.Config) -> int:
    """How many specs the stack has; a short run has fewer."""
    return SHORT if pytestconfig.getoption("scenarios") == "short" else COUNT


def kill_after(stack: Stack, made: int) -> None:
    """Run `up` until so many specs are made, and end the engine and all that it started without a word."""
    stack.press.faults({"match": {"method": "POST"}, "skip": made, "then": {"delay": FOR_EVER}})
    up = subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"],  # noqa: S607  # The one that was found.
        cwd=stack.folder,
        env=stack.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while len(stack.press.state()["specs"]) < made or not is_one_waiting(stack):
        assert up.poll() is None
        time.sleep(0.05)
    os.kill(up.pid, signal.SIGKILL)
    end_session(up.pid)
    up.wait()
    stack.press.clear_faults()


def is_one_waiting(stack: Stack) -> bool:
    """Say whether a spec is asked for, and the service has not answered yet."""
    return any(call["method"] == "POST" and call["status"] is None for call in stack.press.requests())


def test_all_is_taken_up_and_told_in_one_line(make_stack: Callable[..., Stack], count: int) -> None:
    """The state is empty after that; the next `up` finds each spec with two requests, and makes the others."""
    stack, made = make_stack(**SKIPPED), count * 9 // 10
    stack.write(SPECS.format(count=count))
    kill_after(stack, made)
    assert stack.export().get("resources", []) == []
    assert len(stack.press.state()["specs"]) == made
    stack.succeed("cancel", "--yes")
    stack.forget()

    printed = stack.up()

    told = [line.strip() for line in printed.partition("Diagnostics:")[2].splitlines() if "interrupted run" in line]
    assert told == [f"took up {made} objects of an interrupted run"]
    assert len(stack.calls()) <= MOST * count
    names = sorted(spec["metadata"]["name"] for spec in stack.press.state()["specs"])
    assert names == sorted(f"orders-{number}" for number in range(count))
    assert stack.preview() == {}
