"""Hearing a client out: its whole body is read before it is answered.

A client that is still sending when the connection is closed does not see the answer, such as a 413.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Draining"]

MOST = 256 * 2**20
"""So many bytes are read and thrown away; after that the connection is closed."""

TIMED_OUT = 408


class Draining:
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
                while more and drained < MOST:
                    try:
                        piece = await asyncio.wait_for(take(), self._stall)
                    except (TimeoutError, asyncio.TimeoutError):
                        break
                    drained += len(piece.get("body", b""))
            await send(message)

        await self._app(scope, take, begin)
