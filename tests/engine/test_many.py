"""Many rollouts at once on the real engine: each is looked at, whatever the others do, on few connections."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.session import CONNECTIONS
from pulumi_press.emulator import start
from tests.engine.conftest import both_ways, deploy_often

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.control.faults import FaultRule
    from tests.engine.conftest import Stack

pytestmark = both_ways

COUNT = 70
"""More than a pool of a usual size would serve."""
LOOKS = 3
"""So often each rollout must have been looked at while all of them wait."""

HOPELESS = 30
"""If one was looked at so often and others were not, these wait for it."""

PROGRAM = deploy_often(COUNT)

TURN_AWAY: FaultRule = {
    "match": {"method": "GET"},
    "skip": COUNT + COUNT // 2,
    "times": 1,
    "then": {"status": 429, "headers": {"Retry-After": "1"}},
}
"""Amid the waiting, one look is turned away, and with it all others are for a second."""


@pytest.fixture
def slow() -> Iterator[LocalPress]:
    """A local Press whose rollouts are over when the test lets time go by."""
    with start(rollout="seconds:36000") as press:
        yield press


@pytest.fixture
def many(make_stack: Callable[..., Stack], slow: LocalPress) -> Stack:
    """A stack whose program has many deployments."""
    stack = make_stack(PRESS_ENDPOINT=slow.url, PEAK_AUTH_TOKEN=slow.token)
    stack.write(PROGRAM)
    return stack


def test_no_rollout_waits_for_another(many: Stack, slow: LocalPress) -> None:
    """All are looked at again and again while none of them ends, a 429 amid it included; then all of them end."""
    slow.faults(TURN_AWAY)
    with start_up(many) as up:
        wait_for_looks(up, slow)
        slow.advance(2 * 36000)
        printed, _ = up.communicate()

    assert up.returncode == 0, printed
    calls = slow.requests()
    assert [call["status"] for call in calls].count(429) == 1
    assert len({call["connection"] for call in calls}) <= CONNECTIONS
    assert {one["metadata"]["status"] for one in slow.state()["deployments"]} == {"deployed"}
    assert many.preview() == {}


def test_interruption_reaches_them_all(many: Stack, slow: LocalPress) -> None:
    """Ctrl-C ends all waits, between two looks or amid one, however many hold a call of the provider."""
    with start_up(many) as up:
        wait_for_looks(up, slow)
        up.send_signal(signal.SIGINT)
        printed, _ = up.communicate()

    assert up.returncode != 0
    assert printed.count("interrupted; what was sent") + printed.count("interrupted: asked to stop") >= COUNT, printed


def start_up(stack: Stack) -> subprocess.Popen[str]:
    """Start an `up` that may wait for all deployments at once."""
    return subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--parallel", str(COUNT), "--color", "never"],  # noqa: S607
        cwd=stack.folder,
        env=stack.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_looks(up: subprocess.Popen[str], press: LocalPress) -> None:
    """Wait until each deployment was looked at several times; give up where some of them never are."""
    looks, fewest, seen = Counter[str](), 0, 0
    while fewest < LOOKS:
        assert up.poll() is None, up.communicate()[0]
        for call in press.requests(after=seen):
            seen = call["sequence"]
            if call["method"] == "GET" and "/deployments/" in call["path"]:
                looks[call["path"]] += 1
        fewest = min(looks.values()) if len(looks) == COUNT else 0
        is_hopeless = looks and max(looks.values()) > HOPELESS
        if is_hopeless:
            up.kill()
        assert not is_hopeless, f"{len(looks)} of {COUNT} were looked at, the first of them {HOPELESS} times"
        time.sleep(0.1)
