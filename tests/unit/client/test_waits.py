"""How long a call waits and tries, and what ends it before that."""

from __future__ import annotations

import gzip
import itertools
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import ConnectError, Interrupted, ServerError, Timeout, TooManyRequests
from pulumi_press.client.retry import Clock, RetryBudget, RetryPolicy, Timeouts

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press, Time


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ("7", [7.5]),
        ("0", [0.5]),
        ("Tue, 14 Nov 2023 22:30:20 GMT", [20.5]),
        ("Tue, 14 Nov 2023 22:30:20 -0000", [20.5]),
        ("Tue, 14 Nov 2023 21:00:00 GMT", [0.5]),
        ("soon", [0.5]),
        ("-1", [0.5]),
        ("", [0.5]),
    ],
)
def test_retry_after_is_obeyed(client: Client, press: Press, time: Time, header: str, waits: list[float]) -> None:
    """Seconds and HTTP dates are the least that is waited; what cannot be read is passed over."""
    press.answers(503, {}, retry_after=header)
    client.describe_spec("s")

    assert waits == time.waits


@pytest.mark.parametrize("header", ["300", "99999999999999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_past_the_deadline_is_not_begun(client: Client, press: Press, time: Time, header: str) -> None:
    """A service that asks for more time than the call has is told of at once."""
    press.answers(429, {"detail": "later"}, retry_after=header)

    with pytest.raises(TooManyRequests, match="a request has 300 s in all, and the service asks to wait") as caught:
        client.describe_spec("s")

    assert time.waits == []
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 300


def test_the_deadline_covers_all_tries(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """No try begins after the deadline, however many are left."""
    for _ in range(9):
        press.answers(503, {})
    client = connect(press.url, retry=RetryPolicy(attempts=9, deadline=4, base=2, cap=100))

    with pytest.raises(ServerError, match=r"\(3 attempts; a request has 4 s in all\)"):
        client.describe_spec("s")

    assert time.waits == [1.0, 2.0]


@pytest.mark.parametrize(
    "beginning",
    [
        b"H",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nX: y",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999\r\n\r\n" + gzip.compress(b"{", mtime=0)[:10],
    ],
)
def test_an_answer_that_never_ends_is_cut_off(
    connect: Callable[..., Client], press: Press, time: Time, beginning: bytes
) -> None:
    """An answer that drips in past the deadline is a timeout, wherever in it the client is."""

    def drip(connection: socket.socket) -> None:
        time.now += 301
        connection.sendall(beginning)
        connection.recv(1)  # Until the client hangs up.

    press.script.append(drip)

    with pytest.raises(Timeout, match="no complete response within 300 s"):
        connect(press.url).describe_spec("s")


@dataclass(frozen=True)
class Zip:
    """A packed artifact."""

    path: Path


def test_an_upload_that_never_ends_is_cut_off(
    connect: Callable[..., Client], press: Press, time: Time, tmp_path: Path
) -> None:
    """A form that is still being sent at the deadline is given up, and it is known that it was not taken."""
    archive = tmp_path / "large.zip"
    archive.write_bytes(bytes(2**20))
    ticks = itertools.count(0, 40)  # seconds from one look at the clock to the next
    client = connect(press.url, clock=replace(time.clock, monotonic=lambda: float(next(ticks))))

    with pytest.raises(ConnectError, match="not sent within 300 s") as caught:
        client.create_spec({}, Zip(archive))

    assert not caught.value.outcome_unknown


def test_an_empty_budget_leaves_the_first_try(connect: Callable[..., Client], press: Press) -> None:
    """Second tries of all clients share one budget; once it is spent every call is tried once."""
    budget = RetryBudget(2)
    for _ in range(5):
        press.answers(503, {})
    first, second = (connect(press.url, budget=budget) for _ in range(2))

    with pytest.raises(
        ServerError, match=r"\(3 attempts; no other attempt, since too many requests of this process failed\)"
    ):
        first.describe_spec("s")
    with pytest.raises(ServerError, match=r"\(no other attempt"):
        second.describe_spec("s")

    assert len(press.received) == 4


def test_success_fills_the_budget_again(connect: Callable[..., Client], press: Press) -> None:
    """Each call that succeeds allows one more second try."""
    client = connect(press.url, budget=RetryBudget(1))
    press.answers(503, {}).answers(200, {}).answers(503, {}).answers(200, {})

    assert [client.get_parameters("d"), client.get_parameters("d")] == [{}, {}]


def test_a_stop_ends_a_wait(connect: Callable[..., Client], press: Press, time: Time) -> None:
    """A stop during a wait ends the call at once, and says what it was waiting for."""
    stop = threading.Event()
    time.when_waiting = stop.set
    press.answers(503, {})

    with pytest.raises(Interrupted, match=r"PATCH .* was interrupted: asked to stop while waiting .*503") as caught:
        connect(press.url, stop=stop).update_spec_metadata("s", {})

    assert caught.value.outcome_unknown
    assert len(press.received) == 1


def test_a_real_wait_ends_at_a_stop(connect: Callable[..., Client], press: Press) -> None:
    """With the real clock, too: a stop set by another thread ends a wait of minutes."""
    stop = threading.Event()
    press.answers(429, {}, retry_after="250")
    timer = threading.Timer(0.05, stop.set)
    timer.start()

    with pytest.raises(Interrupted) as caught:
        connect(press.url, stop=stop, clock=Clock()).create_deployment({})
    timer.join()

    assert not caught.value.outcome_unknown


def test_nothing_is_sent_after_a_stop(connect: Callable[..., Client], press: Press) -> None:
    """A call that begins after the stop never leaves."""
    stop = threading.Event()
    stop.set()

    with pytest.raises(Interrupted) as caught:
        connect(press.url, stop=stop).create_deployment({})

    assert not caught.value.outcome_unknown
    assert press.received == []


def test_a_stop_does_not_lose_an_answer_under_way(connect: Callable[..., Client], press: Press) -> None:
    """The id of what was just created is read although the stop came before the answer."""
    stop = threading.Event()
    press.does(stop.set)

    assert connect(press.url, stop=stop).create_deployment({})["id"] == "an-id"


@pytest.mark.parametrize(
    "options",
    [{"attempts": 0}, {"attempts": 1.5}, {"deadline": 0}, {"deadline": float("inf")}, {"base": -1}, {"cap": True}],
)
def test_a_policy_that_never_tries_or_never_ends_is_refused(options: dict[str, Any]) -> None:
    """Numbers that make no policy are an error where they are given."""
    with pytest.raises(ValueError, match=r"must be a (whole )?number"):
        RetryPolicy(**options)
    with pytest.raises(ValueError, match="read timeout"):
        Timeouts(read=float("nan"))
