"""The wire between the provider and the local Press: a proxy at which something happens at the n-th call."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Strike", "Wire", "wired"]

PATIENCE = 60
"""Seconds that a call may take."""

OF_THE_API = "/v1/"
HOP_BY_HOP = {"connection", "content-length", "server", "transfer-encoding"}


@dataclass
class Strike:
    """What happens at one call.

    Args:
        at: the number of the call, from 1, counted from the moment that this is laid down.
        moment: whether the service has done its work by then.
        act: what happens; the call waits for it.
        passes: whether the call goes on as if nothing had happened; else its connection is closed without an answer.
        of_changes: whether calls that only read are left out of the count.
    """

    at: int
    moment: Literal["before", "after"]
    act: Callable[[], object] = lambda: None
    passes: bool = False
    of_changes: bool = False
    call: str = ""
    """The call that it happened at, once it has."""


@dataclass
class Wire:
    """A proxy's memory.

    Args:
        upstream: address of the local Press.
    """

    upstream: str
    url: str = ""
    calls: list[dict[str, str]] = field(default_factory=list)
    """All calls, oldest first: `method`, `path`, `requestId`."""
    strike: Strike | None = None
    counted: int = 0
    running: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def lay(self, strike: Strike | None) -> None:
        """Lay a strike down, and count from now on."""
        with self.changed:
            self.strike, self.counted = strike, 0

    def await_silence(self) -> None:
        """Wait until no call is under way."""
        with self.changed:
            if not self.changed.wait_for(lambda: not self.running, PATIENCE):
                raise TimeoutError("a call does not end")

    def enter(self, method: str, path: str, request_id: str) -> Strike | None:
        """Take note of a call; give the strike that is due at it."""
        with self.changed:
            self.running += 1
            if path.startswith(OF_THE_API):
                self.calls.append({"method": method, "path": path, "requestId": request_id})
                self.counted += not (self.strike and self.strike.of_changes and method == "GET")
                if self.strike and not self.strike.call and self.counted == self.strike.at:
                    self.strike.call = f"{method} {path}"
                    return self.strike
        return None

    def leave(self) -> None:
        """Take note that a call is over."""
        with self.changed:
            self.running -= 1
            self.changed.notify_all()


@contextmanager
def wired(upstream: str) -> Iterator[Wire]:
    """Run a proxy on 127.0.0.1 in front of a local Press."""
    wire = Wire(upstream)

    class Handler(_Handler):
        passing = wire

    with _Server(("127.0.0.1", 0), Handler) as server:
        wire.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05), name="wire", daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # Many operations may be under way at once.
    block_on_close = False  # A kept connection is closed by its client, or with the process.


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    passing: Wire

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # Its name is the base class's.
        """Say nothing: the wire itself remembers the calls."""

    def handle(self) -> None:
        """Serve a connection; that its other side is gone is no mistake here."""
        with suppress(OSError):
            super().handle()

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        strike = self.passing.enter(self.command, path, self.headers.get("x-peak-requestId") or "")
        try:
            if strike and strike.moment == "before":
                strike.act()
                if not strike.passes:
                    self._drop()
                    return
            status, headers, content = self._forward(body)
            if strike and strike.moment == "after":
                strike.act()
                if not strike.passes:
                    self._drop()
                    return
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (HTTPException, ConnectionError):
            self._drop()
        finally:
            self.passing.leave()

    do_GET = do_POST = do_PATCH = do_DELETE = _pass  # noqa: N815  # The base class looks for these names.

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        address = urlsplit(self.passing.upstream)
        connection = HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            kept = [item for item in answer.getheaders() if item[0].lower() not in HOP_BY_HOP]
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)
