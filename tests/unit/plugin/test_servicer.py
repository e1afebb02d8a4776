"""Private API of the SDK's servicer: what is reached through it, and what happens where it looks different."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.rpc import status_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pulumi_press.plugin import engine, servicer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

URN = "urn:pulumi:test::life::pulumi-python:dynamic/press:BlockSpec::api"


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Stands for the SDK's."""

    def __init__(self) -> None:
        self.serve: Callable[[], str] = servicer.current_urn

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Fail with what `serve` returns."""
        raise servicer.fail(self.serve())

    def Create(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Return what `serve` returns as the id."""
        return provider_pb2.CreateResponse(id=self.serve())

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Return what `serve` returns, with the names that the SDK has."""
        return provider_pb2.DiffResponse(replaces=[self.serve()])

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Do nothing, as the SDK's."""
        return Empty()


@contextmanager
def serving(monitor: Servicer) -> Iterator[tuple[Any, Any]]:
    """Give a server and its client."""
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(monitor, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield server, provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(0)


def test_a_handler_knows_its_call_without_a_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call is served with its own request, on whichever thread, and leaves nothing behind on the thread."""
    monkeypatch.setattr(servicer, "_find_call", lambda: None)
    monitor, both = Servicer(), threading.Barrier(2, timeout=30)

    def serve() -> str:
        both.wait()
        return servicer.current_urn()

    monitor.serve = serve
    with serving(monitor) as (server, client):
        assert server
        servicer.wrap_handlers(threading.Event())
        requests = [provider_pb2.CreateRequest(urn=f"{URN}-{number}", timeout=number) for number in range(6)]
        calls = [client.Create.future(request) for request in requests]
        assert [call.result().id for call in calls] == [request.urn for request in requests]
    assert servicer.current_call() is None


def test_timeout_of_the_call_is_known() -> None:
    """The engine sends seconds, and 0 where nothing is set."""
    monitor = Servicer()
    monitor.serve = lambda: str(servicer.current_timeout())
    with serving(monitor) as (server, client):
        assert server
        servicer.wrap_handlers(threading.Event())
        found = [client.Create(provider_pb2.CreateRequest(urn=URN, timeout=seconds)).id for seconds in (420, 0)]
    assert found == ["420.0", "None"]


def test_the_first_call_is_found_in_the_stack() -> None:
    """Handlers are wrapped while the first call is already being served."""
    monitor, stop = Servicer(), threading.Event()

    def serve() -> str:
        servicer.wrap_handlers(stop)
        return servicer.current_urn()

    monitor.serve = serve
    with serving(monitor) as (server, client):
        assert server
        assert list(client.Diff(provider_pb2.DiffRequest(urn=URN)).replaces) == [URN]
        assert client.Create(provider_pb2.CreateRequest(urn=URN)).id == URN


def test_cancel_sets_the_event_and_is_answered() -> None:
    """An interruption reaches what waits, however often the process was configured."""
    first, second = threading.Event(), threading.Event()
    with serving(Servicer()) as (server, client):
        servicer.wrap_handlers(first)
        (generic,) = server._state.generic_handlers  # noqa: SLF001
        wrapped = dict(generic._method_handlers)  # noqa: SLF001
        servicer.wrap_handlers(second)
        assert generic._method_handlers == wrapped  # noqa: SLF001
        client.Create(provider_pb2.CreateRequest(urn=URN))
        assert not first.is_set()
        assert client.Cancel(Empty()) == Empty()
    assert (first.is_set(), second.is_set()) == (True, False)


@pytest.mark.parametrize("message", ["one line", "two\nlines", "x" * 5000], ids=len)
def test_failure_is_a_status_with_the_message_alone(message: str) -> None:
    """The engine shows the text of the status, and no traceback."""
    monitor = Servicer()
    monitor.serve = lambda: message
    with serving(monitor) as (server, client):
        assert server
        servicer.wrap_handlers(threading.Event())
        with pytest.raises(grpc.RpcError) as caught:
            client.Delete(provider_pb2.DeleteRequest(urn=URN))
    (details,) = [item.value for item in caught.value.trailing_metadata() if item.key == "grpc-status-details-bin"]
    status = status_pb2.Status.FromString(details)
    assert (status.code, status.message) == (2, message)


def test_pool_is_widened() -> None:
    """A few waiting calls do not block the rest."""
    with serving(Servicer()) as (server, _):
        servicer.widen_pool()
        assert server._state.thread_pool._max_workers == engine.THREADS  # noqa: SLF001


class Unlike:
    """A server that is not built as the SDK's is today."""

    def add_insecure_port(self) -> None:
        """Have what a server is known by."""


@pytest.mark.parametrize("local", [None, Unlike()], ids=["no server", "another server"])
def test_without_the_known_server_everything_stays_plain(local: object) -> None:
    """Nothing fails: four threads serve, and an operation ends at its own limit."""
    server, stop = local, threading.Event()

    servicer.widen_pool()
    servicer.wrap_handlers(stop)

    assert server is local
    assert not stop.is_set()


def test_outside_a_call_there_is_nothing() -> None:
    """No URN, no timeout, no line; a failure is the exception with its message."""
    assert servicer.current_call() is None
    assert (servicer.current_urn(), servicer.current_timeout(), servicer.engine_address()) == ("", None, "")
    servicer.log("a line")
    assert str(servicer.fail("a\u202emessage")) == r"a\u202emessage"


def test_a_line_that_cannot_be_logged_fails_nothing() -> None:
    """An engine that is not found must not fail the operation."""
    monitor = Servicer()

    def serve() -> str:
        servicer.log("a line", warning=True)
        return "served"

    monitor.serve = serve
    with serving(monitor) as (server, client):
        assert server
        servicer.wrap_handlers(threading.Event())
        assert client.Create(provider_pb2.CreateRequest(urn=URN)).id == "served"


def test_engine_address_is_the_first_argument_of_the_servicer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a process that was started as the SDK's servicer has one."""
    monkeypatch.setattr(sys, "argv", ["pulumi.dynamic", "127.0.0.1:9"])
    assert servicer.engine_address() == ""

    monkeypatch.setattr(sys.modules["__main__"], "__spec__", type("Spec", (), {"name": "pulumi.dynamic.__main__"}))
    assert servicer.engine_address() == "127.0.0.1:9"
