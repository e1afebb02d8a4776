"""How connections are used: kept alive, shared by threads, limited in number."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.errors import ConnectError, Interrupted, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press, Time


def test_many_calls_use_one_connection(client: Client, press: Press) -> None:
    """Reads, writes, forms and refusals all leave the connection open for the next call."""
    client.describe_spec("s")
    client.create_spec({})
    press.answers(404, {"detail": "no"})
    with pytest.raises(NotFound):
        client.describe_spec("s")
    press.answers(429, raw=b"")
    client.delete_spec("s")
    press.script.append(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
    client.get_parameters("d")
    press.script.append(b"HTTP/1.1 204 No Content\r\n\r\n")
    client.delete_spec("s")
    list(client.list_specs())

    assert [request.connection for request in press.received] == [1] * 8


def test_a_connection_that_was_closed_meanwhile_is_replaced(client: Client, press: Press) -> None:
    """A service that closes idle connections is asked over a new one, even for a create."""
    press.answers(200, connection="close").answers(200, {"id": "a"})
    client.describe_spec("s")

    assert client.create_deployment({}) == {"id": "a"}
    assert press.connections == 2


def test_many_threads_share_ten_connections(client: Client, press: Press) -> None:
    """With 64 threads there are never more than ten connections, and every call gets its own answer."""
    ten = threading.Barrier(10, timeout=10)

    def meet() -> None:
        ten.wait()

    for _ in range(10):  # The first ten requests are only answered once all ten are there.
        press.does(meet)

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda number: client.describe_spec(f"s{number}"), range(256)))

    assert len(answers) == 256
    assert {f"/v1/blocks/specs/s{number}" for number in range(256)} == set(press.targets)
    assert press.connections == 10


@contextmanager
def all_connections_in_use(client: Client, press: Press) -> Iterator[None]:
    """Let ten other threads have calls under way, until the end of the block."""
    busy, done = threading.Barrier(11, timeout=10), threading.Event()

    def hold() -> None:
        busy.wait()
        done.wait(10)

    with ThreadPoolExecutor(10) as pool:
        held = []
        for _ in range(10):
            press.does(hold)
            held.append(pool.submit(client.describe_spec, "s"))
        busy.wait()
        try:
            yield
        finally:
            done.set()
        assert [future.result()["id"] for future in held] == ["an-id"] * 10


@pytest.fixture
def looks() -> Iterator[float]:
    """Times that this test's own thread sees, 100 seconds apart; time stands still for all others."""
    return itertools.count(0.0, 100.0)


def test_waiting_for_a_connection_ends_at_the_deadline(
    connect: Callable[..., Client], press: Press, time: Time, looks: Iterator[float]
) -> None:
    """A call that finds all connections in use does not wait for ever, and then surely never arrived."""
    here = threading.current_thread()
    clock = replace(time.clock, monotonic=lambda: next(looks) if threading.current_thread() is here else 0.0)
    client = connect(press.url, clock=clock)

    with (
        all_connections_in_use(client, press),
        pytest.raises(ConnectError, match="not sent within 300 s") as caught,
    ):
        client.create_deployment({})

    assert not caught.value.outcome_unknown
    assert len(press.received) == 10


def test_waiting_for_a_connection_ends_at_a_stop(
    connect: Callable[..., Client], press: Press, time: Time, looks: Iterator[float]
) -> None:
    """A stop ends the wait for a connection, and the calls that are under way still get their answers."""
    here, stop = threading.current_thread(), threading.Event()

    def now() -> float:
        if threading.current_thread() is here and next(looks) >= 200:
            stop.set()
        return 0.0

    client = connect(press.url, clock=replace(time.clock, monotonic=now), stop=stop)

    with all_connections_in_use(client, press), pytest.raises(Interrupted) as caught:
        client.create_deployment({})

    assert not caught.value.outcome_unknown
    assert len(press.received) == 10


def test_a_closed_client_closes_its_connections_and_can_go_on(client: Client, press: Press) -> None:
    """Closing ends the connections, even those known to an error that somebody still holds."""
    with client:
        press.drops().drops().drops().drops()
        with pytest.raises(Exception, match="the connection broke") as held:
            client.describe_spec("s")
        client.describe_spec("s")
    client.describe_spec("s")

    assert held.value
    assert [request.connection for request in press.received] == [1, 2, 3, 4, 5, 6]
