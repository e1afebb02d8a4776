"""A real HTTP server on the loopback address that says, to each request, just the bytes it is told to say."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Answer", "Asked", "Closed", "Reset", "Server"]

PATIENCE = 20  # seconds; a client that leaves a connection open must not hang a run.


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    target: str
    """Path and query."""
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """An answer as a service means it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    @property
    def json(self) -> Any:
        """The body; None where it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def holding(self, value: Any) -> Answer:
        """Give the same answer with another body."""
        return replace(self, body=json.dumps(value).encode())

    def bearing(self, **headers: str) -> Answer:
        """Give the same answer with more headers; `retry_after` becomes `Retry-After`."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    @property
    def head(self) -> bytes:
        """Status line and headers, up to the empty line."""
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def __bytes__(self) -> bytes:
        """The whole, as it travels."""
        return bytes(self.bearing(content_length=str(len(self.body))).head) + self.body


class Closed(Exception):  # noqa: N818  # Not an error: the connection is to be closed.
    """Close the connection."""


class Reset(Closed):
    """Break the connection, so that the other side gets an error instead of an end."""


class _Handler(socketserver.BaseRequestHandler):
    """Serves one connection until somebody closes it."""

    request: socket.socket

    def handle(self) -> None:
        server = cast("Server", self.server)
        self.request.settimeout(PATIENCE)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = self.request.makefile("rb")
        try:
            while (asked := _read(file)) is not None:
                server.asked.append(asked)
                for piece in server.respond(asked):
                    self.request.sendall(piece)
        except Reset:
            with suppress(OSError):
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (Closed, OSError):
            pass
        finally:
            file.close()


def _read(file: Any) -> Asked | None:
    first = file.readline().decode("latin-1").split()
    if not first:
        return None
    headers = {}
    while line := file.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(first[0], first[1], headers, file.read(int(headers.get("content-length", 0))))


class Server(socketserver.ThreadingTCPServer):
    """The server. Its threads are joined on close, so that no socket outlives it.

    Args:
        respond: gives the pieces of the answer to a request; may be replaced at any time.
    """

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128  # With the usual five, some of many connections at once would wait for a second.

    def __init__(self, respond: Callable[[Asked], Iterable[bytes]]) -> None:
        self.respond = respond
        self.asked: list[Asked] = []
        """What it was asked so far."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Do not print what a client did to its connection."""

    def __exit__(self, *_: object) -> None:
        """Stop, and wait for all threads."""
        self.shutdown()
        self._thread.join()
        self.server_close()
