"""Ctrl-C on the real engine, while many rollouts wait."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

COUNT = 24

PROGRAM = f"""
spec = press.BlockSpec(
    "api", kind="service", metadata={{"name": "api", "summary": "An API"}}, config={{"imageDetails": {{"id": 1}}}}
)
for number in range({COUNT}):
    press.BlockDeployment(
        f"api-{{number}}",
        metadata={{"name": f"api-{{number}}"}},
        spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    )
"""

PROMISED = 5.0
"""Seconds from Ctrl-C to the end of the command."""


@pytest.fixture
def slow() -> Iterator[LocalPress]:
    """A local Press whose rollouts are over when the test lets time go by."""
    with start(rollout="seconds:3600") as press:
        yield press


def test_interrupted_up_ends_soon_and_is_resumed(make_stack: Callable[..., Stack], slow: LocalPress) -> None:
    """Ctrl-C ends an `up` with 24 waiting rollouts within 5 s; the next one continues and makes nothing anew."""
    stack = make_stack(PRESS_ENDPOINT=slow.url, PEAK_AUTH_TOKEN=slow.token)
    stack.write(PROGRAM)
    with start_up(stack) as up:
        while len(waiting(slow)) < COUNT:
            assert up.poll() is None, up.communicate()[0]
            time.sleep(0.05)
        up.send_signal(signal.SIGINT)
        interrupted = time.monotonic()
        printed, _ = up.communicate()
        took = time.monotonic() - interrupted

    assert up.returncode != 0
    assert printed.count("interrupted; what was sent to the service stays, and the next `pulumi up` continues") >= COUNT
    assert took < PROMISED, printed
    assert "Traceback" not in printed
    assert sum(name.startswith("BlockDeployment:") for name in stack.resources()) == COUNT

    slow.advance(2 * 3600)
    slow.clear_requests()
    stack.up()

    assert {call["method"] for call in slow.requests()} == {"GET"}
    assert sum(name.startswith("Rollout:") for name in stack.resources()) == COUNT
    assert stack.preview() == {}


def test_killed_engine_leaves_no_provider_behind(make_stack: Callable[..., Stack], slow: LocalPress) -> None:
    """A provider whose rollouts wait ends by itself when its engine is killed: nobody else would end it."""
    stack = make_stack(PRESS_ENDPOINT=slow.url, PEAK_AUTH_TOKEN=slow.token)
    stack.write(PROGRAM)
    with start_up(stack, detached=True) as up:
        try:
            while len(waiting(slow)) < COUNT:
                assert up.poll() is None, up.communicate()[0]
                time.sleep(0.05)
            assert providers(up.pid)
            up.kill()
            deadline = time.monotonic() + 60
            while providers(up.pid) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert providers(up.pid) == []
        finally:
            for pid, _ in session(up.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def session(leader: int) -> list[tuple[int, str]]:
    """List the processes of a session, and their commands."""
    command = ["ps", "-o", "pid=,args=", "-s", str(leader)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [(int(pid), command) for pid, _, command in (line.strip().partition(" ") for line in listed.splitlines())]


def providers(leader: int) -> list[str]:
    """List the providers of a session."""
    return [command for _, command in session(leader) if "-m pulumi.dynamic" in command]


def start_up(stack: Stack, *, detached: bool = False) -> subprocess.Popen[str]:
    """Start an `up`, as a shell does in the foreground: the engine hands on what is done with an interruption."""
    return subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--parallel", str(COUNT), "--color", "never"],  # noqa: S607
        cwd=stack.folder,
        env=stack.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=detached,
    )


def waiting(press: LocalPress) -> set[str]:
    """Give the deployments that somebody has looked at."""
    return {call["path"] for call in press.requests() if call["method"] == "GET" and "/deployments/" in call["path"]}
