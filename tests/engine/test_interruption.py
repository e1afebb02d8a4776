"""Ctrl-C and kills on the real engine, while rollouts wait."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from pulumi_press.emulator import start
from pulumi_press.plugin.discovery import NAME
from tests.engine.conftest import both_ways, deploy_often

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

pytestmark = both_ways

COUNT, FEW = 24, 3

PROGRAM = deploy_often(COUNT)

LAST = {False: "Rollout:", True: "BlockDeployment:"}
"""What is there once a deployment is live; by whether the stack is native."""

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
    kept = [item for name, item in stack.resources().items() if name.startswith("BlockDeployment:")]
    assert len(kept) == COUNT
    assert all(bool(item.get("initErrors")) == stack.is_native for item in kept)

    slow.advance(2 * 3600)
    slow.clear_requests()
    stack.up()

    assert {call["method"] for call in slow.requests()} == {"GET"}
    kept = [item for name, item in stack.resources().items() if name.startswith(LAST[stack.is_native])]
    assert len(kept) == COUNT
    assert not any(item.get("initErrors") for item in kept)
    assert stack.preview() == {}


def interrupt_twice(up: subprocess.Popen[str], slow: LocalPress) -> None:
    """End it at once, as somebody does who presses Ctrl-C again."""
    del slow
    up.send_signal(signal.SIGINT)
    assert up.stdout is not None
    next(line for line in up.stdout if "press ^C again" in line)
    up.send_signal(signal.SIGINT)


def kill_engine(up: subprocess.Popen[str], slow: LocalPress) -> None:
    """Kill the engine; what it started must end by itself, for nobody else would end it."""
    del slow
    up.kill()
    deadline = time.monotonic() + 60
    while providers(up.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert providers(up.pid) == []


def kill_provider(up: subprocess.Popen[str], slow: LocalPress) -> None:
    """Kill what serves the resources."""
    del slow
    for pid in providers(up.pid):
        os.kill(pid, signal.SIGKILL)


def kill_program(up: subprocess.Popen[str], slow: LocalPress) -> None:
    """Kill the program; the engine waits for what it has begun."""
    for pid, command in session(up.pid):
        if "pulumi-language-python-exec" in command:
            os.kill(pid, signal.SIGKILL)
    slow.advance(2 * 3600)


@pytest.mark.parametrize(
    "end", [interrupt_twice, kill_engine, kill_provider, kill_program], ids=lambda end: end.__name__
)
def test_whatever_ends_an_up_is_continued_by_the_next(
    make_stack: Callable[..., Stack], slow: LocalPress, end: Callable[[subprocess.Popen[str], LocalPress], None]
) -> None:
    """However an `up` with waiting rollouts ends, the next one makes nothing again, and leaves nothing to do."""
    stack = make_stack(PRESS_ENDPOINT=slow.url, PEAK_AUTH_TOKEN=slow.token)
    stack.write(PROGRAM.replace(f"range({COUNT})", f"range({FEW})"))
    with start_up(stack, detached=True) as up:
        try:
            while len(waiting(slow)) < FEW:
                assert up.poll() is None, up.communicate()[0]
                time.sleep(0.05)
            assert providers(up.pid)
            end(up, slow)
            up.communicate()
        finally:
            for pid, _ in session(up.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    assert up.returncode != 0

    stack.run("cancel", "--yes")  # A killed engine leaves the stack locked.
    made = posts(slow)
    slow.clear_requests()
    with start_up(stack) as up:
        # Only once it waits: a clock that jumps would let what was made seem older than the request for it.
        while up.poll() is None and len(waiting(slow)) < FEW:
            time.sleep(0.05)
        slow.advance(2 * 3600)
        printed, _ = up.communicate()
    assert up.returncode == 0, printed

    made += posts(slow)
    assert made == ["/v1/blocks/specs/", *["/v1/blocks/deployments/"] * FEW]
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert (slow.state()["specs"], slow.state()["deployments"]) == ([], [])


def posts(press: LocalPress) -> list[str]:
    """Give the paths of what was made."""
    return [call["path"] for call in press.requests() if call["method"] == "POST"]


def session(leader: int) -> list[tuple[int, str]]:
    """List the processes of a session, and their commands."""
    command = ["ps", "-ww", "-o", "pid=,args=", "-s", str(leader)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [(int(pid), command) for pid, _, command in (line.strip().partition(" ") for line in listed.splitlines())]


def providers(leader: int) -> list[int]:
    """List the providers of a session."""
    return [pid for pid, command in session(leader) if "-m pulumi.dynamic" in command or NAME in command]


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
