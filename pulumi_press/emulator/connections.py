"""Connections, so that a fault can drop one in the middle of a call, and the journal tell which ones were used."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope

__all__ = ["Connections"]


class Connections:
    """The open connections, by the client's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], tuple[int, asyncio.Transport]] = {}
        self._numbers = count(1)

    def protocol(self) -> type[asyncio.Protocol]:
        """Give uvicorn's own protocol, with each connection noted here while it is open."""
        known, numbers = self._open, self._numbers

        class Noted(HttpToolsProtocol):
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
