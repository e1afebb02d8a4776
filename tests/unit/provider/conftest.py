"""A local Press, surroundings in which nothing really waits, and what the engine does with a resource."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.retry import Clock, RetryBudget
from pulumi_press.emulator import start
from pulumi_press.plugin.codec import Codec
from pulumi_press.provider.context import Context, ProcessCache
from pulumi_press.provider.create_once import Intents
from tests.support.contexts import make_context, make_settings
from tests.support.managed import Managed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.provider.base import Resource
    from pulumi_press.provider.values import Values

ASSUMED: dict[str, object] = {"artifact_when_building": "optional"}
"""What the local Press assumes in all tests: most are not about artifacts, whatever their config builds."""

WORKFLOW = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}


@dataclass(frozen=True)
class Line:
    """A line that was told."""

    message: str
    warning: bool
    ephemeral: bool


@dataclass
class Voice:
    """Keeps what is told."""

    lines: list[Line] = field(default_factory=list)

    def __call__(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Keep a line."""
        self.lines.append(Line(message, warning, ephemeral))

    @property
    def warnings(self) -> list[str]:
        """The warnings."""
        return [line.message for line in self.lines if line.warning]

    @property
    def news(self) -> list[str]:
        """The lines that are neither warnings nor passing."""
        return [line.message for line in self.lines if not line.warning and not line.ephemeral]


@dataclass
class Time:
    """Time that passes only when somebody waits."""

    seconds: float = 0.0
    on_pause: Callable[[float], object] = lambda _: None
    """Called at each pause."""

    def now(self) -> float:
        """Tell the seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> bool:
        """Let time pass; nobody was stopped."""
        self.seconds += seconds
        self.on_pause(seconds)
        return False


@dataclass
class World:
    """A local Press, a client of it, and the surroundings of the operations on it."""

    press: LocalPress
    client: Client
    time: Time = field(default_factory=Time)
    told: Voice = field(default_factory=Voice)
    stop: Event = field(default_factory=Event)
    cache: ProcessCache = field(default_factory=ProcessCache)
    intents: Intents = field(default_factory=Intents)
    _seen: int = 0
    _count: int = 0
    _caches: list[ProcessCache] = field(default_factory=list)

    def restart(self) -> None:
        """Forget what a process keeps in mind, as if a new one went on; the machine keeps its notes."""
        for cache in (self.cache, *self._caches):
            for kept in vars(cache).values():
                kept.clear()

    def context(self, *, client: Client | None = None, **settings: Any) -> Context:
        """Make surroundings with these settings."""
        given = make_settings(self.press.url, self.press.token, **settings)
        return make_context(
            client or self.client,
            given,
            log=self.told,
            cache=self.cache,
            intents=self.intents,
            cancelled=self.stop,
            now=self.time.now,
            sleep=self.time.sleep,
        )

    def manage(self, resource: Resource, *, client: Client | None = None, **settings: Any) -> Managed:
        """Take a new resource into care."""
        self._count += 1
        # What two resources of one program do to each other has tests of its own: here they are of two.
        cache = replace(self.cache, owners={})
        self._caches.append(cache)
        context = replace(self.context(client=client, **settings), urn=f"urn::{self._count}", cache=cache)
        return Managed(Codec(resource), context)

    def calls(self) -> list[dict[str, Any]]:
        """Give the calls of the API since this was asked the last time."""
        calls = self.press.requests(after=self._seen)
        self._seen = calls[-1]["sequence"] if calls else self._seen
        return calls

    def sent(self) -> list[str]:
        """Give the calls since the last time as `METHOD path`."""
        return [f"{call['method']} {call['path']}" for call in self.calls()]

    def writes(self) -> list[str]:
        """Give the calls since the last time that were no GET."""
        return [call for call in self.sent() if not call.startswith("GET")]

    def publish(
        self, name: str = "etl", *versions: str, config: Values | None = None, parameters: Values | None = None
    ) -> str:
        """Publish a spec behind the provider's back, with a release for each version; give its id."""
        first, *rest = versions or ("1.0.0",)
        content = config or WORKFLOW
        body = {
            "version": 1,
            "kind": "workflow" if "steps" in content else "service",
            "metadata": {"name": name, "summary": "Made by a test"},
            "release": {"version": first},
            "config": content,
        }
        spec_id = str(self.client.create_spec(body, parameters=parameters)["id"])
        for version in rest:
            self.client.create_spec_release(
                spec_id, {"release": {"version": version}, "config": content}, parameters=parameters
            )
        return spec_id


@pytest.fixture(scope="session")
def local_press() -> Iterator[LocalPress]:
    """One local Press for all tests that do not need it to be special."""
    with start(assume=ASSUMED) as running:
        yield running


@pytest.fixture
def make_world() -> Iterator[Callable[[LocalPress], World]]:
    """Make a world around a local Press."""
    with ExitStack() as stack:

        def make(press: LocalPress) -> World:
            unhurried = Clock(wait=lambda event, _: event.is_set())
            client = Client(press.url, press.token, clock=unhurried, budget=RetryBudget())
            return World(press, stack.enter_context(client))

        yield make


@pytest.fixture
def world(local_press: LocalPress, make_world: Callable[[LocalPress], World]) -> World:
    """A world whose Press is empty and assumes the usual."""
    local_press.reset()
    return make_world(local_press)


@pytest.fixture
def special_world(make_world: Callable[[LocalPress], World]) -> Iterator[Callable[..., World]]:
    """Make a world whose Press assumes something special, or takes its time."""
    with ExitStack() as stack:

        def make(rollout: str = "at-once", **assume: object) -> World:
            return make_world(stack.enter_context(start(rollout=rollout, assume={**ASSUMED, **assume})))

        yield make
