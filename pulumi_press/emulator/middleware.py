"""What stands between a connection and the application: limits, host names, request bodies, the header `Date`."""

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
    """A route of Starlette's that ends where its path ends: Starlette's own lets a line break follow."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")


LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""Answered on every loopback address."""

MISDIRECTED = 421
SHOWN_HOST = 80
HOST_PATTERN = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::\d{1,5})?", re.ASCII)


def allowed_hosts(address: str, host: str, further: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Return the host names that are answered, or None: all of them.

    Args:
        address: where the server listens.
        host: how its user wrote that.
        further: other names that its user allows.
    """
    listening = ip_address(address.partition("%")[0])
    mapped = listening.ipv4_mapped if isinstance(listening, IPv6Address) else None
    if not (mapped or listening).is_loopback:
        return None
    named = [f"[{name}]" if ":" in name else name for name in (host, address, *further)]
    return tuple(dict.fromkeys([*LOOPBACK_NAMES, *map(str.lower, named)]))


class HostMiddleware:
    """ASGI middleware that refuses calls to other host names.

    Args:
        app: what answers.
        names: those that are answered, in lower case; None: all.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] | None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
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
            f"The header Host is {shown}; this local Press answers to {', '.join(self._names)}. "
            "Call it by one of these, or start it with --allow-host and the name by which it is to be reached."
        )
        await JSONResponse({"detail": detail}, MISDIRECTED)(scope, receive, send)


DRAIN_LIMIT = 256 * 2**20
"""So many bytes are read and thrown away; after that the connection is closed."""

TIMED_OUT = 408


class DrainMiddleware:
    """ASGI middleware that reads what is left of the body before the answer begins.

    Args:
        app: what answers.
        stall: seconds without a byte after which it no longer waits.
    """

    def __init__(self, app: ASGIApp, stall: float) -> None:
        self._app = app
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        more = scope["type"] == "http"

        async def take() -> Message:
            nonlocal more
            message = await receive()
            more = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def begin(message: Message) -> None:
            # Whoever timed out already will not send the rest now.
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
    """ASGI middleware that dates answers.

    Args:
        app: what answers.
        now: tells the time, in seconds since 1970; None where answers have no date.
    """

    def __init__(self, app: ASGIApp, now: Callable[[], float | None]) -> None:
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""

        async def date(message: Message) -> None:
            if message["type"] == "http.response.start" and (now := self._now()) is not None:
                written = formatdate(now, usegmt=True).encode("ascii")
                message = {**message, "headers": [*message.get("headers", ()), (b"date", written)]}
            await send(message)

        await self._app(scope, receive, date)


HEAD_LIMIT = 64 * 2**10
"""A call with more bytes of request line and headers is refused with 431."""

CHUNK = 16 * 2**10
"""What comes is parsed in pieces of so many bytes, and the limit is checked after each."""

DRAIN_LIMIT = 256 * 2**20
"""So many bytes that come after a refusal are thrown away: a client that is still sending sees no answer."""

LINGER = 5
"""Seconds that a client has to take the refusal and to close the connection."""


class _LimitedProtocol(HttpToolsProtocol):
    """Bounds what is neither body nor the end of a call: its head, its trailers, and what stands between its chunks.

    The parser itself gathers a header until it ends, however long it is.
    """

    _unaccounted = 0
    """Bytes since the last that were of a body, or that ended a head or a call."""
    _thrown_away: int | None = None
    """Bytes since the refusal; None: nothing was refused."""

    def data_received(self, data: bytes) -> None:
        if self._thrown_away is not None:
            self._thrown_away += len(data)
            if self._thrown_away > DRAIN_LIMIT:
                self.transport.abort()
            return
        for start in range(0, len(data), CHUNK):
            if self.transport.is_closing():
                return
            piece = data[start : start + CHUNK]
            self._unaccounted += len(piece)
            super().data_received(piece)
            if self._unaccounted > HEAD_LIMIT:
                self._refuse()
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

    def _refuse(self) -> None:
        if self.cycle and not self.cycle.response_complete:
            # There is a call before or around this one, and an answer would be taken for that one's.
            self.transport.abort()
            return
        self._thrown_away = 0
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
        """Give uvicorn's own protocol, with each connection noted here while it is open, and with a limit on heads."""
        known, numbers = self._open, self._numbers

        class Noted(_LimitedProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn's.
                super().connection_made(transport)
                if self.client:
                    known[self.client] = next(numbers), transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    known.pop(self.client, None)
                super().connection_lost(exc)

        return Noted

    def number(self, scope: Scope) -> int | None:
        """Return the number of the connection that a call came on, from 1; none comes twice. None: it is gone."""
        number, _ = self._open.get(cast("Any", scope["client"]), (None, None))
        return number

    async def drop(self, scope: Scope, receive: Receive, *, flush: bool = False) -> None:
        """Close the connection of a call without a further word.

        Args:
            scope: the call's.
            receive: the call's.
            flush: whether what was written still goes out.
        """
        _, transport = self._open.get(cast("Any", scope["client"]), (None, None))
        if transport is None:
            return
        if flush:
            transport.close()
        else:
            transport.abort()
        # The server takes a call for answered once it knows that the client is gone.
        while (await receive())["type"] != "http.disconnect":
            pass
