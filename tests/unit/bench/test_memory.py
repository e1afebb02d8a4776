"""How the bench looks at the memory of an engine and of what it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.memory import PROVIDERS, watch

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system has no /proc")

MIB = 2**20
LARGE = f"import sys; held = b'x' * (200 * {MIB}); print(flush=True); sys.stdin.read()"
STARTER = f"""
import subprocess, sys
subprocess.run(["true"])
child = subprocess.Popen([sys.executable, "-c", {LARGE!r}, "{PROVIDERS[0]}"], stdin=sys.stdin)
child.wait()
"""


def test_the_engine_and_its_provider_are_told_apart() -> None:
    """A process that the engine started counts for the provider, and not for the engine."""
    command = [sys.executable, "-c", STARTER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with watch(process.pid) as peak:
            assert process.stdout.readline()  # By now it holds what it will hold.
        process.communicate()

    assert 0 < peak.engine < 100
    assert 200 <= peak.provider < 300


def test_a_process_that_ended_is_no_mistake() -> None:
    """A look that comes too late finds nothing, and the watch goes on."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()

    with watch(process.pid) as peak:
        pass

    assert (peak.engine, peak.provider) == (0, 0)
