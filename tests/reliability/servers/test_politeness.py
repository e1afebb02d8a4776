"""How often a service is asked: while it fails, when it says when to come back, and while it takes its time."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import PressError
from pulumi_press.client.retry import RetryBudget
from tests.reliability.politeness import (
    Failing,
    Politeness,
    Polling,
    TurningAway,
    measure_failing,
    measure_polling,
    measure_turning_away,
    tabulate,
)
from tests.reliability.servers.runner import TOKEN, Time
from tests.reliability.servers.wire import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from pulumi_press.client.retry import Clock

SEED = 20_250_601


class Waits:
    """A clock that keeps how long somebody waited, and draws from a seed."""

    def __init__(self) -> None:
        self.time, self.waits = Time(), list[float]()
        self._chance = random.Random(SEED)  # noqa: S311  # It hides nothing.

    def wait(self, stop: Event, seconds: float) -> bool:
        """Wait."""
        self.waits.append(seconds)
        return self.time.wait(stop, seconds)

    @property
    def clock(self) -> Clock:
        """What a client takes."""
        return replace(self.time.clock, wait=self.wait, random=self._chance.random)


@pytest.fixture
def waits() -> Waits:
    """A clock that keeps the waits."""
    return Waits()


@pytest.fixture
def server() -> Iterator[Server]:
    """A service that answers 503."""
    with Server(lambda _: (bytes(Answer(503, b"{}")),)) as running:
        yield running


@pytest.fixture
def client(server: Server, waits: Waits) -> Iterator[Client]:
    """A client whose budget is large."""
    with Client(server.url, TOKEN, clock=waits.clock, budget=RetryBudget(10_000)) as made:
        yield made


def ask(client: Client) -> PressError:
    """Ask in vain."""
    with pytest.raises(PressError) as caught:
        client.describe_spec("s")
    return caught.value


def test_one_operation_asks_a_failing_service_four_times() -> None:
    """That is all it gets in a minute."""
    figures = measure_failing(1, SEED)

    assert (figures.requests, figures.most_tries) == (4, 4)


@pytest.mark.parametrize("operations", [64, 300])
def test_a_process_has_one_budget_of_second_tries(operations: int) -> None:
    """However many operations and clients fail at once, there are 200 second tries, and no call has more than four."""
    figures = measure_failing(operations, SEED)

    assert operations < figures.requests <= operations + 200
    assert figures.most_tries <= 4


def test_a_service_that_says_when_is_not_asked_before() -> None:
    """With `Retry-After: 30`, nobody is back within half a minute, and few in the first minute."""
    figures = measure_failing(64, SEED, {"retry_after": "30"})

    assert figures.requests == 128
    assert figures.most_tries <= 4


def test_a_service_that_turns_one_away_is_left_alone_by_all() -> None:
    """What was under way on ten connections is turned away; everything else of the process waits until then."""
    figures = measure_turning_away(300, 30.0, SEED)

    assert 1 <= figures.early <= 10
    assert figures.requests == 300 + figures.early
    assert figures.most_tries == 2


def test_a_deployment_is_looked_at_once_a_second_at_most() -> None:
    """Two looks at one deployment are a second apart, however many are waited for, and the looks become fewer."""
    figures = measure_polling(24, 600.0, SEED)

    assert figures.shortest >= 1.0
    assert figures.requests < 24 * 60


def test_waits_are_spread_over_all_that_is_allowed(client: Client, waits: Waits) -> None:
    """Full jitter: the wait before each try is anything from nothing to 1, 2 and 4 seconds, each as likely."""
    for _ in range(400):
        ask(client)

    for attempts, most in enumerate((1.0, 2.0, 4.0)):
        drawn = waits.waits[attempts::3]
        tenths = Counter(int(wait / most * 10) for wait in drawn)
        assert len(drawn) == 400
        assert set(tenths) == set(range(10))
        assert all(15 <= count <= 65 for count in tenths.values())
        assert abs(sum(drawn) / len(drawn) - most / 2) < most / 20


@pytest.mark.parametrize(
    ("header", "least"), [("2", 2.0), ("120", 120.0), ("Tue, 14 Nov 2023 22:14:20 GMT", 20.0), ("0", 0.0)]
)
def test_retry_after_is_the_least_that_is_waited(
    server: Server, client: Client, waits: Waits, header: str, least: float
) -> None:
    """Seconds and dates are obeyed, with up to a second more, so that not everybody comes at once."""
    waits.time.now = 40.0  # The date is twenty seconds later.
    server.respond = lambda _: (bytes(Answer(429, b"{}").bearing(retry_after=header)),)

    ask(client)

    assert least <= waits.waits[0] < least + 1
    assert len(server.asked) <= 4


@pytest.mark.parametrize("header", ["300", "86400", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_service_that_wants_more_time_than_there_is_is_left(
    server: Server, client: Client, waits: Waits, header: str
) -> None:
    """No wait is begun that would end after the deadline, and no request is sent before the time."""
    server.respond = lambda _: (bytes(Answer(503, b"{}").bearing(retry_after=header)),)

    error = ask(client)

    assert (len(server.asked), waits.waits) == (1, [])
    assert "the service asks to wait" in str(error)


def test_a_call_ends_at_its_deadline(server: Server, client: Client, waits: Waits) -> None:
    """Tries that take their time are fewer: after five minutes there is no other."""

    def answer(_: Any) -> Iterator[bytes]:
        waits.time.now += 140
        yield bytes(Answer(503, b"{}"))

    server.respond, began = answer, waits.time.now

    assert "a request has 300 s in all" in str(ask(client))
    assert len(server.asked) == 3
    assert waits.time.now - began < 300 + 140


def test_too_much_is_a_violation() -> None:
    """The table tells of figures that are beyond the bounds, and of no others."""
    good = Politeness(
        [Failing(64, 64, 264, 200, 4)], [TurningAway(64, 30.0, 10, 74, 2)], [Polling(24, 600.0, 1000, 1.0)]
    )
    bad = Politeness(
        [Failing(64, 64, 265, 200, 5)], [TurningAway(64, 30.0, 11, 75, 2)], [Polling(24, 600.0, 1000, 0.9)]
    )

    assert tabulate(good, SEED).violations == []
    assert len(tabulate(bad, SEED).violations) == 5
