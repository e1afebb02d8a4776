"""Connections: a fault can drop one in the middle of a call, the journal tells them apart, and heads have a limit."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope

__all__ = ["Connections"]


HEAD_LIMIT = 64 * 2**10
"""A call with more bytes of request line and headers is refused with 431."""

PIECE = 16 * 2**10
"""What comes is parsed in pieces of so many bytes, and the limit is checked after each."""

DRAINED = 256 * 2**20
"""So many bytes that come after a refusal are thrown away: a client that is still sending sees no answer."""

LINGER = 5
"""Seconds that a client has to take the refusal and to close the connection."""


class _Limited(HttpToolsProtocol):
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
            if self._thrown_away > DRAINED:
                self.transport.abort()
            return
        for start in range(0, len(data), PIECE):
            if self.transport.is_closing():
                return
            piece = data[start : start + PIECE]
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

        class Noted(_Limited):
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
        """Give the number of the connection that a call came on, from 1; none comes twice. None: it is gone."""
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
