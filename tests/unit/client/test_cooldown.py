"""A service that says when it wants requests again is left alone until then by all that share it."""

from __future__ import annotations

import threading
import time as real_time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.errors import Interrupted, ServerError, TooManyRequests, status_error
from pulumi_press.client.retry import Clock, Cooldown, RetryBudget, RetryPolicy
from pulumi_press.client.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press, Time

ONCE = RetryPolicy(attempts=1)


def refuse(client: Client) -> None:
    """Send a request that is not sent again."""
    with pytest.raises((TooManyRequests, ServerError)):
        client.describe_spec("refused")


@pytest.mark.parametrize("status", [429, 503])
def test_other_requests_wait_as_long_as_one_was_asked_to(
    connect: Callable[..., Client], press: Press, time: Time, status: int
) -> None:
    """They wait a little longer, are sent once, and need no second try of the budget."""
    press.answers(status, {}, retry_after="7")
    client = connect(press.url, retry=ONCE, budget=RetryBudget(0))
    refuse(client)

    assert client.create_deployment({})["id"] == "an-id"
    assert client.describe_spec("s")["id"] == "an-id"

    assert time.waits == [7.5]
    assert len(press.received) == 3


@pytest.mark.parametrize(("status", "header"), [(500, "7"), (502, "7"), (429, ""), (503, "soon"), (429, "0")])
def test_nobody_waits_for_an_answer_about_one_request(
    connect: Callable[..., Client], press: Press, time: Time, status: int, header: str
) -> None:
    """Other failures, and those that name no time, delay only the request that they answer."""
    press.answers(status, {}, retry_after=header)
    client = connect(press.url, retry=ONCE)
    refuse(client)
    client.describe_spec("s")

    assert time.waits == []


def test_each_comes_back_at_another_moment(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """What waits for the same moment is spread over a second."""
    cooldown = Cooldown()
    for time.chance in (0.0, 0.25, 0.75):
        press.answers(429, {}, retry_after="7")
        client = connect(press.url, retry=ONCE, cooldown=cooldown)
        refuse(client)
        client.describe_spec("s")

    assert time.waits == [7.0, 7.25, 7.75]


def test_wait_is_prolonged_by_a_later_answer(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """What is asked for meanwhile counts, too; what would end earlier changes nothing."""
    cooldown = Cooldown()
    cooldown.note(status_error(429, retry_after=7.0), time.now)
    cooldown.note(status_error(503, retry_after=2.0), time.now)
    answers = [status_error(503, retry_after=20.0)]
    time.when_waiting = lambda: cooldown.note(answers.pop(), time.now) if answers else None

    connect(press.url, cooldown=cooldown).describe_spec("s")

    assert time.waits == [7.5, 20.5]


@pytest.mark.parametrize("status", [429, 503])
def test_wait_past_the_deadline_is_not_begun(
    connect: Callable[..., Client], press: Press, time: Time, status: int
) -> None:
    """A request that could only be sent too late fails at once, unsent, and says what was asked for and by whom."""
    press.answers(status, {}, retry_after="400")
    client = connect(press.url, retry=RetryPolicy(deadline=300))
    refuse(client)

    with pytest.raises(TooManyRequests) as caught:
        client.create_deployment({})

    reason = status_error(status).reason
    assert str(caught.value).partition(" was refused: ")[2] == (
        f"not sent, since the service answered {reason} to another request "
        "(a request has 300 s in all, and the service asks to wait 400 s). Try again later."
    )
    assert (caught.value.attempts, caught.value.outcome_unknown, caught.value.retry_after) == (1, False, 400)
    assert time.waits == []
    assert len(press.received) == 1


def test_stop_ends_the_wait(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """It ends at once, nothing is sent, and the message says why it waited."""
    stop = threading.Event()
    press.answers(429, {}, retry_after="7")
    client = connect(press.url, retry=ONCE, stop=stop)
    refuse(client)
    time.when_waiting = stop.set

    with pytest.raises(Interrupted, match=r"asked to stop while waiting, since the service answered 429 ") as caught:
        client.create_deployment({})

    assert not caught.value.outcome_unknown
    assert len(press.received) == 1


def test_another_client_does_not_wait_unless_it_shares_it(
    connect: Callable[..., Client], press: Press, time: Time
) -> None:
    """Another tenant's requests go on; those of a client with the same cooldown do not."""
    cooldown = Cooldown()
    press.answers(429, {}, retry_after="7")
    refuse(connect(press.url, retry=ONCE, cooldown=cooldown))

    connect(press.url, auth_token="another").describe_spec("s")
    assert time.waits == []

    connect(press.url, cooldown=cooldown).describe_spec("s")
    assert time.waits == [7.5]


def test_what_waited_for_a_connection_waits_on(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """An answer that comes while a request waits for a free connection holds for that request, too."""
    cooldown = Cooldown()
    client = connect(press.url, cooldown=cooldown)

    class Busy(Turns):
        """Connections that become free only when the answer is there."""

        def take(self, look: Callable[[], None]) -> None:
            if not time.waits:
                cooldown.note(status_error(429, retry_after=7.0), time.now)
            super().take(look)

    client._transport._turns = Busy(1)  # noqa: SLF001  # There is no public way to be late for a connection.
    client.describe_spec("s")

    assert time.waits == [7.5]
    assert len(press.received) == 1


def test_nothing_arrives_before_the_time(connect: Callable[..., Client], press: Press) -> None:
    """With the real clock, many threads and a real server: each request arrives, and none before the second is over."""
    arrived: list[float] = []
    press.answers(429, {}, retry_after="1")
    for _ in range(30):
        press.does(lambda: arrived.append(real_time.monotonic()))
    client = connect(press.url, retry=ONCE, clock=Clock())
    began = real_time.monotonic()
    refuse(client)

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(client.describe_spec, [str(number) for number in range(30)]))

    assert len(answers) == len(arrived) == 30
    assert min(arrived) >= began + 1.0
    assert {request.target.rpartition("/")[2] for request in press.received} == {"refused", *map(str, range(30))}
