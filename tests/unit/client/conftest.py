"""A real HTTP server on the loopback address that answers what a test tells it to, and keeps every byte it was sent."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.retry import Clock, RetryBudget, RetryPolicy, Timeouts

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

TOKEN = "canary-7f3a/9+token"

ANYTHING: dict[str, Any] = {
    "id": "an-id",
    "kind": "workflow",
    "metadata": {"name": "a-name", "status": "deployed"},
    "config": {},
    "revision": 1,
    "release": {"version": "1.0.0"},
    "spec": {"id": "an-id", "release": {"version": "1.0.0"}},
    "latestRelease": {"version": "1.0.0"},
    "latestRevision": {"revision": 1, "blocks": []},
    "pageCount": 1,
    "specs": [],
    "releases": [],
    "deployments": [],
    "revisions": [],
}
"""An answer that fits every call."""


@dataclass(frozen=True)
class Received:
    """One request, as it arrived."""

    connection: int
    method: str
    target: str
    headers: dict[str, str]
    header_names: list[str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass
class Press:
    """The server's script and what it saw."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    script: deque[bytes | Callable[[socket.socket], None]] = field(default_factory=deque)
    greeting: bytes = b""
    """If not empty: what is said on each connection before anything is read from it, before it is closed."""
    early: bytes = b""
    """If not empty: what is answered to the headers of each request, before its connection is closed."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """What was asked for, in order."""
        return [request.target for request in self.received]

    def answers(self, status: int = 200, body: object = ANYTHING, *, raw: bytes | None = None, **headers: str) -> Press:
        """Answer the next request so; `retry_after="1"` becomes the header `Retry-After: 1`."""
        content = json.dumps(body).encode() if raw is None else raw
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}"]
        lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
        self.script.append("\r\n".join([*lines, "", ""]).encode("latin-1") + content)
        return self

    def sends(self, data: bytes) -> Press:
        """Answer the next request with just these bytes, then close the connection."""

        def act(connection: socket.socket) -> None:
            connection.sendall(data)
            raise _Closed

        self.script.append(act)
        return self

    def drops(self) -> Press:
        """Close the connection of the next request once it was read."""
        return self.sends(b"")

    def does(self, action: Callable[[], None]) -> Press:
        """Do something when the next request has been read, then answer as usual."""

        def act(connection: socket.socket) -> None:
            action()
            connection.sendall(_answer(ANYTHING))

        self.script.append(act)
        return self

    def hangs(self) -> Press:
        """Say nothing to the next request until the client gives up."""

        def act(connection: socket.socket) -> None:
            while connection.recv(1024):
                pass
            raise _Closed

        self.script.append(act)
        return self


class _Closed(Exception):  # noqa: N818 - not an error: the script says to close.
    pass


def _answer(body: object) -> bytes:
    content = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content


class _Handler(socketserver.StreamRequestHandler):
    """Reads requests off one connection until the client or the script closes it."""

    timeout = 20  # seconds; a client that leaves a connection open must not hang the tests.

    def handle(self) -> None:
        """Serve one connection."""
        server = cast("_Server", self.server)
        press = server.press
        with server.lock:
            press.connections += 1
            connection = press.connections
        try:
            if press.greeting:
                self.request.sendall(press.greeting)
                return
            while (request := self._read(connection)) is not None:
                with server.lock:
                    press.received.append(request)
                    step = press.script.popleft() if press.script else _answer(ANYTHING)
                if isinstance(step, bytes):
                    self.request.sendall(step)
                else:
                    step(self.request)
        except (_Closed, ConnectionError, ssl.SSLError):
            return

    def _read(self, connection: int) -> Received | None:
        first = self.rfile.readline().decode("latin-1").split()
        if not first:
            return None
        names, headers = [], {}
        while line := self.rfile.readline().strip().decode("latin-1"):
            name, _, value = line.partition(":")
            names.append(name)
            headers[name.lower()] = value.strip()
        if early := cast("_Server", self.server).press.early:
            self.request.sendall(early)
            return None
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Received(connection, first[0], first[1], headers, names, body)


class _Server(socketserver.ThreadingTCPServer):
    """Threads are joined on close, so that no socket outlives its test."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True

    def __init__(self, press: Press, port: int, tls: ssl.SSLContext | None) -> None:
        self.press = press
        self.tls = tls
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        press.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, with a TLS handshake later, in its own thread."""
        connection, address = super().get_request()
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Do not print what a client did to its connection."""

    def stop(self) -> None:
        """Stop listening and wait for all threads."""
        self.shutdown()
        self.thread.join()
        self.server_close()


@dataclass
class Time:
    """A clock that only moves when somebody waits."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)
    chance: float = 0.5
    when_waiting: Callable[[], None] = lambda: None

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Let the time pass at once."""
        self.waits.append(seconds)
        self.now += seconds
        self.when_waiting()
        return stop.is_set()

    @property
    def clock(self) -> Clock:
        """What a client takes."""
        return Clock(lambda: self.now, lambda: 1_700_000_000.0 + self.now, self.wait, lambda: self.chance)


@pytest.fixture
def token() -> str:
    """The token of the client, with signs in it that have several spellings."""
    return TOKEN


@pytest.fixture
def time() -> Time:
    """A clock for the client."""
    return Time()


@pytest.fixture
def closing(start: Callable[..., Press]) -> Iterator[list[Client]]:
    """Clients to close before any server that was started stops."""
    del start  # Named so that it ends after this.
    clients: list[Client] = []
    yield clients
    for client in clients:
        client.close()


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Press]]:
    """Start a server; with a port, at that port."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("PRESS_DEPLOYMENT_ID", raising=False)
    servers: list[_Server] = []

    def starter(port: int = 0, tls: ssl.SSLContext | None = None) -> Press:
        press = Press()
        servers.append(_Server(press, port, tls))
        return press

    yield starter
    for server in servers:
        server.stop()


@pytest.fixture
def connect(closing: list[Client], time: Time) -> Callable[..., Client]:
    """Make a client that never really waits."""

    def connector(endpoint: str, **options: Any) -> Client:
        options = {
            "auth_token": TOKEN,
            "clock": time.clock,
            "budget": RetryBudget(),
            "retry": RetryPolicy(),
            "timeout": Timeouts(connect=5, read=5),
            **options,
        }
        client = Client(endpoint, **options)
        closing.append(client)
        return client

    return connector


@pytest.fixture
def press(start: Callable[..., Press]) -> Press:
    """A server."""
    return start()


@pytest.fixture
def client(connect: Callable[..., Client], press: Press) -> Client:
    """A client of that server."""
    return connect(press.url)
