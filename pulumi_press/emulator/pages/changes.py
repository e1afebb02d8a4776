"""Tell open pages that something changed, by server-sent events."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Changes", "ChangesMiddleware", "EventStream"]


class Changes:
    """Counts the changes of what the pages show, and wakes those that wait for the next one.

    Only the server's event loop may call it.

    Args:
        count_steps: returns how many steps rollouts have taken: by time they go on without a call.
    """

    def __init__(self, count_steps: Callable[[], int]) -> None:
        # After a restart the count begins again: a page of the process before must not be taken for a current one.
        self._start = secrets.token_hex(4)
        self._count = 0
        self._count_steps = count_steps
        self._next = asyncio.Event()
        self.has_ended = False
        """Whether the server stops, so that no stream may go on."""

    @property
    def version(self) -> str:
        """What tells one content of the pages from another."""
        return f"{self._start}-{self._count}-{self._count_steps()}"

    def note(self) -> None:
        """Count a change."""
        self._count += 1
        self._wake()

    def end(self) -> None:
        """End all streams."""
        self.has_ended = True
        self._wake()

    async def wait(self) -> None:
        """Wait until something changes, or the streams end."""
        await self._next.wait()

    def _wake(self) -> None:
        self._next.set()
        self._next = asyncio.Event()


READS = ("GET", "HEAD")


class ChangesMiddleware:
    """ASGI middleware that counts a change after each call of the API, and after each write of the control plane.

    A read of the API counts too: it is one of the calls that the pages show.

    Args:
        app: the next application.
        changes: counts them.
        is_own: returns whether a path belongs to the control plane or the pages.
    """

    def __init__(self, app: ASGIApp, changes: Changes, is_own: Callable[[str], bool]) -> None:
        self._app = app
        self._changes = changes
        self._is_own = is_own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request."""
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http" and not (scope["method"] in READS and self._is_own(scope["path"])):
                self._changes.note()


PAUSE = 0.2
"""Seconds between two events at least: a page that is asked for many times in a second would slow the API down."""

TICK = 0.5
"""Seconds between two looks whether a step of a rollout by time is due."""

LONGEST = 300
"""Seconds after which a stream ends, so that a client that is gone without a word is forgotten; others come back."""

RETRY = 1000
"""Milliseconds after which a browser connects again."""


class EventStream(Response):
    """The response with an event for each change: its data is the version of the content.

    Args:
        changes: tells of changes.
        advance: takes the steps of rollouts that are due.
    """

    def __init__(self, changes: Changes, advance: Callable[[], Awaitable[None]]) -> None:
        super().__init__(media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._changes = changes
        self._advance = advance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the client is gone, the server stops, or the time is up."""

        async def write(text: str, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            gone = asyncio.ensure_future(_wait_until_gone(receive))
            try:
                await write(f"retry: {RETRY}\n\n")
                await self._write_events(write, gone)
            finally:
                gone.cancel()
        await write("", more=False)

    async def _write_events(self, write: Callable[[str], Awaitable[None]], gone: asyncio.Future[None]) -> None:
        loop = asyncio.get_running_loop()
        end, sent = loop.time() + LONGEST, ""
        while not (gone.done() or self._changes.has_ended or loop.time() > end):
            if sent != self._changes.version:
                sent = self._changes.version
                await write(f"data: {sent}\n\n")
                await asyncio.wait({gone}, timeout=PAUSE)
            else:
                await _wait_for_either(gone, self._changes.wait(), TICK)
                await self._advance()


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait_for_either(one: asyncio.Future[Any], other: Any, seconds: float) -> None:
    waiting = asyncio.ensure_future(other)
    try:
        await asyncio.wait({one, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
