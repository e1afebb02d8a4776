"""Connections, so that a fault can drop one in the middle of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope

__all__ = ["Connections"]


class Connections:
    """The open connections, by the client's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """Give uvicorn's own protocol, with each connection noted here while it is open."""
        known = self._open

        class Noted(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn's.
                super().connection_made(transport)
                if self.client:
                    known[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    known.pop(self.client, None)
                super().connection_lost(exc)

        return Noted

    async def drop(self, scope: Scope, receive: Receive, *, flush: bool = False) -> None:
        """Close the connection of a call without a further word.

        Args:
            scope: the call's.
            receive: the call's.
            flush: whether what was written still goes out.
        """
        transport = self._open.get(cast("Any", scope["client"]))
        if transport is None:
            return
        if flush:
            transport.close()
        else:
            transport.abort()
        # The server takes a call for answered once it knows that the client is gone.
        while (await receive())["type"] != "http.disconnect":
            pass
