"""Two runs at once make one engine, and a run that dies does not stand in the way."""

import contextlib
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.engine_tool.conftest import Gate, Machine


def test_second_run_waits_and_takes_what_the_first_one_made(machine: "Machine", gate: "Gate") -> None:
    """While one run builds, another one says that it waits; Go is then called for one engine only."""
    first = machine.start()
    gate.wait_for_visitor()
    second = machine.start()
    assert second.stderr is not None
    said = [second.stderr.readline() for _ in range(2)]

    gate.open()

    outputs = [run.communicate(timeout=60)[0] for run in (first, second)]
    assert said[1] == "engine: another run is making the engine; waiting for it\n"
    assert outputs[0].endswith("/bin\n")
    assert outputs[1] == outputs[0]
    assert sum(" go build " in call for call in machine.read_calls()) == 2


def test_terminated_run_stops_go_and_leaves_nothing(machine: "Machine", gate: "Gate") -> None:
    """Whoever stops a long build is told that nothing was kept, and that is so."""
    run = machine.start()
    go = gate.wait_for_visitor()

    run.send_signal(signal.SIGTERM)

    out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (130, "")
    assert err.endswith("Interrupted: nothing was kept.\n")
    assert machine.list_cache() == []
    wait_until_gone(go)


def wait_until_gone(process: int) -> None:
    """Wait until a process is no more: one that was killed stays until the system has taken it away."""
    deadline = time.monotonic() + 30
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.kill(process, 0)
            threading.Event().wait(0.01)
        pytest.fail(f"process {process} is still there")


def test_lock_of_a_killed_run_is_free(machine: "Machine", gate: "Gate") -> None:
    """A run that was killed in the middle of a build does not keep the next one from building."""
    killed = machine.start()
    gate.wait_for_visitor()
    killed.kill()
    killed.communicate(timeout=60)
    gate.remove()

    code, out, _ = machine.run()

    assert (code, out) == (0, f"{machine.cache}/{machine.list_cache()[0]}/bin\n")
