"""What ends is seen soon: within a tenth of what it took, and no object is looked at twice within a second."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import Conflict, NotFound
from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.awaited import AwaitedDeploymentResource
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import ProviderError, RolloutError
from pulumi_press.provider.revision import create_revision
from pulumi_press.provider.values import put
from pulumi_press.provider.waiting import await_revision, delete_and_wait
from tests.support.contexts import make_context, make_settings
from tests.unit.provider.conftest import Time

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.context import Context
    from tests.unit.provider.conftest import World

DEPLOYMENT: dict[str, Any] = {"metadata": {"name": "etl-prod"}, "spec": {"release": {"version": "1.0.0"}}}
SLOWEST = 0.5
"""Seconds that an answer takes, at most."""
EXACT = 1e-6


@dataclass
class Slow:
    """A service that takes its time to answer, and whose deployment is ready, idle or gone at a certain moment."""

    ends: float
    chance: random.Random
    time: Time = field(default_factory=Time)
    looks: list[tuple[float, float]] = field(default_factory=list)
    """When each look began, and when its answer was there."""
    made: int = 0

    @property
    def lateness(self) -> float:
        """Seconds from the end until the caller knew, and went on."""
        return self.time.seconds - self.ends

    @property
    def allowed(self) -> float:
        """Seconds that may pass until then: a tenth, or a second behind the answer before; and the look itself."""
        return max(1.0 + SLOWEST, self.ends / 10) + SLOWEST + EXACT

    @property
    def context(self) -> Context:
        """Surroundings on its time."""
        client: Any = self
        return make_context(client, make_settings("", "token"), now=self.time.now, sleep=self.time.sleep)

    def describe_deployment(self, deployment_id: str) -> dict[str, Any]:
        """Say whether the revision is live."""
        status = "deployed" if self.look() else "deploying"
        revision = {"revision": 1, "status": status}
        return {"id": deployment_id, "metadata": {"status": status}, "latestRevision": revision}

    def create_deployment_revision(self, deployment_id: str, body: Any) -> dict[str, Any]:
        """Make a revision once the one before is live."""
        del deployment_id, body
        if self.time.seconds < self.ends:
            raise Conflict("busy")
        self.made += 1
        return {"revision": 2}

    def find(self) -> dict[str, Any]:
        """Say whether it is still there."""
        if self.look():
            raise NotFound("gone")
        return {"metadata": {"status": "deleting"}}

    def look(self) -> bool:
        """Take a moment to answer whether the end was reached in the middle of it."""
        began, half = self.time.seconds, self.chance.uniform(0, SLOWEST / 2)
        is_over = began + half >= self.ends
        self.time.seconds += 2 * half
        self.looks.append((began, self.time.seconds))
        return is_over


def wait_for_revision(slow: Slow, limit: float = 7200) -> None:
    """Wait for a rollout."""
    assert await_revision("d", 1, "timeouts.create", limit, slow.context) == "deployed"


def wait_for_deletion(slow: Slow, limit: float = 7200) -> None:
    """Wait for a deletion."""
    delete_and_wait(lambda: None, slow.find, slow.context, what="d", id="d", timeout=limit, argument="timeouts.delete")


def wait_until_idle(slow: Slow, limit: float = 7200) -> None:
    """Wait for the revision before."""
    inputs = {"metadata": {"name": "d"}, "timeouts": {"update": f"{limit:.0f}s"}}
    create_revision("d", {"revision_number": 1}, inputs, [], slow.context)
    assert slow.made == 1


WAITS = [wait_for_revision, wait_for_deletion, wait_until_idle]


@pytest.mark.parametrize("wait", WAITS)
def test_end_is_seen_within_a_tenth_of_what_it_took(wait: Callable[[Slow], None]) -> None:
    """Whatever it takes, from 2 seconds to 20 minutes; and looks are at least a second apart."""
    chance = random.Random(20261130)  # noqa: S311  # It hides nothing.
    for _ in range(1000):
        slow = Slow(chance.uniform(2, 1200), chance)

        wait(slow)

        assert slow.lateness <= slow.allowed, slow
        assert min(later - earlier for (earlier, _), (later, _) in pairwise(slow.looks)) >= 1.0 - EXACT, slow


@pytest.mark.parametrize("wait", WAITS)
def test_last_look_is_at_the_limit(wait: Callable[[Slow, float], None]) -> None:
    """What has not ended by the limit is looked at then, or where that is within a second of a look, soon after."""
    chance = random.Random(20261130)  # noqa: S311  # It hides nothing.
    for _ in range(200):
        slow, limit = Slow(10_000, chance), chance.randint(2, 1200)

        with pytest.raises((RolloutError, ProviderError), match="still"):
            wait(slow, limit)

        (before, answered), (last, _) = slow.looks[-2:]
        assert limit - EXACT <= last <= max(limit, answered + 1) + EXACT, (before, last, limit)


@pytest.mark.parametrize("wait", WAITS)
def test_what_ends_right_before_the_limit_is_a_success(wait: Callable[[Slow, float], None]) -> None:
    """The last look is the one that counts."""
    chance = random.Random(20261130)  # noqa: S311  # It hides nothing.
    for limit in (5, 90, 1200):
        wait(Slow(limit - 0.01, chance), limit)


@pytest.mark.parametrize("resource", [RolloutResource, AwaitedDeploymentResource])
@pytest.mark.parametrize("seconds", [2, 15, 300, 1199.5])
def test_rollout_by_the_clock_is_seen_in_both_ways(resource: Any, seconds: float, timed: World) -> None:
    """Against a local Press whose clock is the one that passes while somebody waits."""
    timed.time.on_pause = timed.press.advance
    timed.press.outcomes({"status": "deployed", "rollout": f"seconds:{seconds}"})
    program = put(DEPLOYMENT, "spec.id", timed.publish("etl"))
    if resource is AwaitedDeploymentResource:
        timed.manage(AwaitedDeploymentResource()).up(program)
    else:
        deployment = timed.manage(DeploymentResource())
        deployment.up(program)
        timed.manage(RolloutResource()).up({"deployment_id": deployment.id, "revision": 1})

    assert seconds <= timed.time.seconds <= seconds + max(1, seconds / 10)
    assert timed.press.state()["deployments"][0]["liveRevision"] == 1


@pytest.fixture
def timed(world: World) -> World:
    """A world whose Press has a clock that stands still."""
    world.press.freeze()
    return world
