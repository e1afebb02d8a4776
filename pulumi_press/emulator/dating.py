"""The header `Date` of every answer: by the clock of the local Press, so that it fits the times of its objects."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Dating"]


class Dating:
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
