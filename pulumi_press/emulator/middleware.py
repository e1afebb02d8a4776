"""Between connection and application: limits on heads, host names, unread bodies, and the header `Date`."""

from __future__ import annotations

import asyncio
import json
import re
from email.utils import formatdate
from ipaddress import IPv6Address, ip_address
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import JSONResponse
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Connections", "DateMiddleware", "DrainMiddleware", "HostMiddleware", "Path", "allowed_hosts"]


class Path(Route):
    """A Starlette route that matches the whole path: Starlette's own also matches a path with a line break after it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")


LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""Accepted on every loopback address."""

MISDIRECTED = 421
SHOWN_HOST = 80
HOST_PATTERN = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::\d{1,5})?", re.ASCII)


def allowed_hosts(address: str, host: str, further: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Return the host names that are accepted, in lower case; None: all.

    Args:
        address: IP address on which the server listens.
        host: the address as the user wrote it.
        further: other names that the user allows.
    """
    listening = ip_address(address.partition("%")[0])
    mapped = listening.ipv4_mapped if isinstance(listening, IPv6Address) else None
    if not (mapped or listening).is_loopback:
        return None
    named = [f"[{name}]" if ":" in name else name for name in (host, address, *further)]
    return tuple(dict.fromkeys([*LOOPBACK_NAMES, *map(str.lower, named)]))


class HostMiddleware:
    """ASGI middleware that rejects requests for other host names.

    A page of another site can make a name of its own resolve to 127.0.0.1. The browser then takes the local Press for
    that site and lets the page call it; only the header `Host` shows the difference.

    Args:
        app: the next application.
        names: those that are accepted, in lower case; None: all.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] | None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request, or reject it with 421."""
        if scope["type"] != "http" or self._names is None:
            await self._app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        known = HOST_PATTERN.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if known and known["name"].lower() in self._names:
            await self._app(scope, receive, send)
            return
        sent = ", ".join(hosts)
        shown = ascii(sent if len(sent) <= SHOWN_HOST else f"{sent[:SHOWN_HOST]}...") if sent else "empty or missing"
        detail = (
            f"The header Host is {shown}; this local Press accepts {', '.join(self._names)}. "
            "Use one of these names, or start it with --allow-host NAME to accept another."
        )
        await JSONResponse({"detail": detail}, MISDIRECTED)(scope, receive, send)


DRAIN_LIMIT = 256 * 2**20
"""Bytes of a rejected request that are read and discarded before the connection is closed. A client that is still
sending when the connection closes does not see the response."""

TIMED_OUT = 408


class DrainMiddleware:
    """ASGI middleware that reads the rest of the request body before the response begins.

    A client that is still sending when the connection closes does not see the response, such as a 413.

    Args:
        app: the next application.
        stall: seconds without a byte after which it stops waiting.
    """

    def __init__(self, app: ASGIApp, stall: float) -> None:
        self._app = app
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request."""
        more = scope["type"] == "http"

        async def take() -> Message:
            nonlocal more
            message = await receive()
            more = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def begin(message: Message) -> None:
            # A client that timed out will not send the rest now.
            if message["type"] == "http.response.start" and message["status"] != TIMED_OUT:
                drained = 0
                while more and drained < DRAIN_LIMIT:
                    try:
                        piece = await asyncio.wait_for(take(), self._stall)
                    except (TimeoutError, asyncio.TimeoutError):
                        break
                    drained += len(piece.get("body", b""))
            await send(message)

        await self._app(scope, take, begin)


class DateMiddleware:
    """ASGI middleware that sets the header `Date` of responses, by the clock that also dates the objects.

    Args:
        app: the next application.
        now: returns the time in seconds since 1970; None leaves the header out.
    """

    def __init__(self, app: ASGIApp, now: Callable[[], float | None]) -> None:
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request."""

        async def date(message: Message) -> None:
            if message["type"] == "http.response.start" and (now := self._now()) is not None:
                written = formatdate(now, usegmt=True).encode("ascii")
                message = {**message, "headers": [*message.get("headers", ()), (b"date", written)]}
            await send(message)

        await self._app(scope, receive, date)


HEAD_LIMIT = 64 * 2**10
"""A request with more bytes of request line and headers is rejected with 431."""

CHUNK = 16 * 2**10
"""Received data is parsed in pieces of this size, and the limit is checked after each."""

LINGER = 5
"""Seconds that a client has to read the 431 and to close the connection."""


class _LimitedProtocol(HttpToolsProtocol):
    """Limits the bytes of a request outside its body: head, trailers, and what separates chunks.

    The parser collects a header until it ends, however long it is.
    """

    _unaccounted = 0
    """Bytes since the last byte of a body, or the last end of a head or of a request."""
    _discarded: int | None = None
    """Bytes since the 431; None: none was sent."""

    def data_received(self, data: bytes) -> None:
        if self._discarded is not None:
            self._discarded += len(data)
            if self._discarded > DRAIN_LIMIT:
                self.transport.abort()
            return
        for start in range(0, len(data), CHUNK):
            if self.transport.is_closing():
                return
            piece = data[start : start + CHUNK]
            self._unaccounted += len(piece)
            super().data_received(piece)
            if self._unaccounted > HEAD_LIMIT:
                self._reject()
                return

    def on_headers_complete(self) -> None:
        self._unaccounted = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unaccounted = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unaccounted = 0
        super().on_message_complete()

    def _reject(self) -> None:
        if self.cycle and not self.cycle.response_complete:
            # Another request is being processed, and a response now would be taken for its response.
            self.transport.abort()
            return
        self._discarded = 0
        detail = f"The request line and the headers have more than {HEAD_LIMIT} bytes together."
        body = json.dumps({"detail": detail}).encode()
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.abort)


class Connections:
    """The open connections, by the client's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], tuple[int, asyncio.Transport]] = {}
        self._numbers = count(1)

    def protocol(self) -> type[asyncio.Protocol]:
        """Return a subclass of uvicorn's protocol that registers each open connection here, and limits heads."""
        known, numbers = self._open, self._numbers

        class Registered(_LimitedProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn's.
                super().connection_made(transport)
                if self.client:
                    known[self.client] = next(numbers), transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    known.pop(self.client, None)
                super().connection_lost(exc)

        return Registered

    def number(self, scope: Scope) -> int | None:
        """Return the number of a request's connection, from 1 and unique; None: it is closed."""
        number, _ = self._open.get(cast("Any", scope["client"]), (None, None))
        return number

    async def drop(self, scope: Scope, receive: Receive, *, flush: bool = False) -> None:
        """Close the connection of a request without a response.

        Args:
            scope: of the request.
            receive: of the request.
            flush: whether what was written is still sent.
        """
        _, transport = self._open.get(cast("Any", scope["client"]), (None, None))
        if transport is None:
            return
        if flush:
            transport.close()
        else:
            transport.abort()
        # The server considers a request done once it has seen the disconnect.
        while (await receive())["type"] != "http.disconnect":
            pass
