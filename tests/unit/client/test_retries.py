"""Which calls are tried again after what, and what is said when the outcome is not known."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import ConnectError, PressError, ResponseLost, ServerError, Timeout
from pulumi_press.client.retry import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press, Time

REPEATABLE: dict[str, Callable[[Client], Any]] = {
    "GET": lambda c: c.describe_spec("s"),
    "PATCH": lambda c: c.update_spec_metadata("s", {}),
    "DELETE": lambda c: c.delete_spec("s"),
    "POST validate": lambda c: c.create_spec({}, validate=True),
}
CREATES: dict[str, Callable[[Client], Any]] = {
    "create_spec": lambda c: c.create_spec({}),
    "create_spec_release": lambda c: c.create_spec_release("s", {}),
    "create_deployment": lambda c: c.create_deployment({}),
    "create_deployment_revision": lambda c: c.create_deployment_revision("d", {}),
    "redeploy": lambda c: c.redeploy("d"),
    "execute_resources": lambda c: c.execute_resources("d"),
}
WRITES = {name: call for name, call in {**REPEATABLE, **CREATES}.items() if name not in {"GET", "POST validate"}}


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("call", REPEATABLE.values(), ids=REPEATABLE)
def test_what_is_safe_to_repeat_is_repeated_after_a_passing_failure(
    client: Client, press: Press, call: Callable[[Client], Any], status: int
) -> None:
    """GET, PATCH, DELETE and validations are tried again, as the same request with the same request id."""
    press.answers(status, {}).answers(status, {}).answers(200)

    assert call(client)["id"] == "an-id"
    assert len(press.received) == 3
    assert len({(r.method, r.target, r.headers["x-peak-requestid"], r.body) for r in press.received}) == 1


@pytest.mark.parametrize("call", REPEATABLE.values(), ids=REPEATABLE)
def test_what_is_safe_to_repeat_is_repeated_after_a_lost_answer(
    client: Client, press: Press, call: Callable[[Client], Any]
) -> None:
    """A connection that breaks before, or in the middle of, the answer does not end such a call."""
    press.drops().sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").answers(200)

    assert call(client)["id"] == "an-id"
    assert len(press.received) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413, 422, 501, 505])
@pytest.mark.parametrize("call", {**REPEATABLE, **CREATES}.values(), ids=[*REPEATABLE, *CREATES])
def test_a_definite_answer_is_final(client: Client, press: Press, call: Callable[[Client], Any], status: int) -> None:
    """Other statuses are tried once, and leave nothing unknown."""
    press.answers(status, {}, retry_after="1")

    with pytest.raises(PressError) as caught:
        call(client)

    assert (status, 1, False) == (caught.value.status, caught.value.attempts, caught.value.outcome_unknown)
    assert len(press.received) == 1


@pytest.mark.parametrize("call", REPEATABLE.values(), ids=REPEATABLE)
def test_there_are_four_tries_at_most(client: Client, press: Press, time: Time, call: Callable[[Client], Any]) -> None:
    """The waits are drawn between 0 and 1, 2, 4 seconds, and the last failure is the one that is raised."""
    for number in range(5):
        press.answers(503, {"detail": f"busy {number}"})

    with pytest.raises(ServerError, match="busy 3") as caught:
        call(client)

    assert len(press.received) == 4
    assert caught.value.attempts == 4
    assert time.waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("call", CREATES.values(), ids=CREATES)
def test_a_create_is_never_repeated_after_the_service_failed(
    client: Client, press: Press, call: Callable[[Client], Any], status: int
) -> None:
    """The object may exist although the service failed: the caller is told to look."""
    press.answers(status, {}, retry_after="0")

    with pytest.raises(ServerError, match="look before sending it again") as caught:
        call(client)

    assert caught.value.outcome_unknown
    assert len(press.received) == 1


@pytest.mark.parametrize(
    "broken", [b"", b"HTTP/1.1 201 Created\r\nContent-Le", b"HTTP/1.1 201 X\r\nContent-Length: 9\r\n\r\n{"]
)
@pytest.mark.parametrize("call", CREATES.values(), ids=CREATES)
def test_a_create_is_never_repeated_after_its_answer_was_lost(
    client: Client, press: Press, call: Callable[[Client], Any], broken: bytes
) -> None:
    """Once bytes went out, a broken connection leaves the outcome unknown, and the request is not sent again."""
    press.sends(broken)

    with pytest.raises(ResponseLost, match="not known: look before sending it again") as caught:
        call(client)

    assert caught.value.outcome_unknown
    assert len(press.received) == 1


@pytest.mark.parametrize("call", CREATES.values(), ids=CREATES)
def test_a_create_is_never_repeated_after_a_timeout(
    connect: Callable[..., Client], press: Press, call: Callable[[Client], Any]
) -> None:
    """A service that does not answer in time may still do the work."""
    press.hangs()
    client = connect(press.url, timeout=Timeouts(connect=5, read=0.05))

    with pytest.raises(Timeout) as caught:
        call(client)

    assert caught.value.outcome_unknown
    assert len(press.received) == 1


@pytest.mark.parametrize("call", CREATES.values(), ids=CREATES)
def test_a_create_is_repeated_while_it_is_turned_away(
    client: Client, press: Press, call: Callable[[Client], Any]
) -> None:
    """429 says that nothing was done, so the same create is sent again."""
    press.answers(429, {}).answers(429, {}, retry_after="1")

    assert call(client)["id"] == "an-id"
    assert len({(r.method, r.target, r.headers["x-peak-requestid"], r.body) for r in press.received}) == 1
    assert len(press.received) == 3


@pytest.mark.parametrize("call", {**REPEATABLE, **CREATES}.values(), ids=[*REPEATABLE, *CREATES])
def test_any_call_is_repeated_until_somebody_listens(
    connect: Callable[..., Client],
    start: Callable[..., Press],
    time: Time,
    free_port: int,
    call: Callable[[Client], Any],
) -> None:
    """A refused connection proves that nothing arrived; the service that comes up meanwhile gets the request once."""
    started: list[Press] = []

    def open_on_second_wait() -> None:
        if len(time.waits) == 2:
            started.append(start(free_port))

    time.when_waiting = open_on_second_wait
    call(connect(f"http://127.0.0.1:{free_port}"))

    assert time.waits == [0.5, 1.0]
    assert len(started[0].received) == 1


@pytest.mark.parametrize("call", {**REPEATABLE, **CREATES}.values(), ids=[*REPEATABLE, *CREATES])
def test_a_call_that_never_arrived_has_a_known_outcome(
    connect: Callable[..., Client], free_port: int, call: Callable[[Client], Any]
) -> None:
    """Where nobody listens at all, the error says so, and that nothing was done."""
    with pytest.raises(
        ConnectError, match=r"127\.0\.0\.1:\d+ failed: no connection: .*refused \(4 attempts\)"
    ) as caught:
        call(connect(f"http://127.0.0.1:{free_port}"))

    assert (caught.value.attempts, caught.value.status, caught.value.outcome_unknown) == (4, None, False)


def test_an_unknown_host_is_unreachable(connect: Callable[..., Client]) -> None:
    """A name that no server knows is treated as a refused connection."""
    with pytest.raises(
        ConnectError, match=r"GET /v1/blocks/specs/s at press\.invalid failed: no connection: "
    ) as caught:
        connect("http://press.invalid").describe_spec("s")

    assert caught.value.attempts == 4


@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
def test_an_unknown_outcome_stays_unknown_through_later_tries(
    client: Client, press: Press, call: Callable[[Client], Any]
) -> None:
    """If the first try may have done the work, a later refusal does not prove that it did not."""
    press.answers(429, {}).drops().answers(404, {"detail": "gone"})

    with pytest.raises(PressError) as caught:
        call(client)

    assert caught.value.outcome_unknown


@pytest.mark.parametrize("name", ["GET", "POST validate"])
def test_a_call_that_changes_nothing_leaves_nothing_unknown(client: Client, press: Press, name: str) -> None:
    """For a read or a validation there is nothing to look up."""
    for _ in range(4):
        press.drops()

    with pytest.raises(ResponseLost) as caught:
        REPEATABLE[name](client)

    assert not caught.value.outcome_unknown
    assert "look before" not in str(caught.value)
