"""The endpoints of the pages: HTML, the style sheet, the script, and the stream of changes."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from pulumi_press.emulator.control.control_plane import PREFIX, guard
from pulumi_press.emulator.middleware import Path
from pulumi_press.emulator.pages.changes import EventStream
from pulumi_press.emulator.pages.contents import (
    MissingError,
    read_calls,
    read_deployment,
    read_file,
    read_overview,
    read_spec,
)
from pulumi_press.emulator.pages.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from pulumi_press.emulator.backend.backend import Backend
    from pulumi_press.emulator.control.control_plane import Handler
    from pulumi_press.emulator.control.request_log import RequestLog
    from pulumi_press.emulator.pages.changes import Changes

    Read = Callable[..., dict[str, Any]]

__all__ = ["Pages"]

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOT_FOUND: Final = 404
FILES: Final = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


class Pages:
    """The pages of one local Press.

    Args:
        backend: its objects.
        log: the log of its requests.
        changes: tells open pages of changes.
    """

    def __init__(self, backend: Backend, log: RequestLog, changes: Changes) -> None:
        self._backend = backend
        self._log = log
        self._changes = changes

    def paths(self) -> list[Path]:
        """Return their paths for the application."""
        pages: dict[str, tuple[str, Read]] = {
            "/": ("overview.html", read_overview),
            f"{PREFIX}calls": ("calls.html", read_calls),
            f"{PREFIX}specs/{{id}}": ("spec.html", read_spec),
            f"{PREFIX}deployments/{{id}}": ("deployment.html", read_deployment),
            f"{PREFIX}artifacts/{{id}}/file": ("file.html", read_file),
        }
        return [
            *(Path(path, self._show(name, read)) for path, (name, read) in pages.items()),
            *(Path(f"{PREFIX}{name}", _serve(name, kind)) for name, kind in FILES.items()),
            Path(f"{PREFIX}changes", guard({"GET": self._stream})),
        ]

    def _show(self, name: str, read: Read) -> Handler:
        """Return the endpoint of a page with this template."""

        async def respond(request: Request) -> Response:
            query, ids = dict(request.query_params), request.path_params.values()
            # What changes during the look is shown by the next one, so the version is taken before it.
            frame = {"version": self._changes.version, "query": query, "link": partial(_link, query)}
            try:
                content = await self._backend.run(lambda: self._look(read, query, *ids))
            except MissingError as error:
                return await _respond("missing.html", {**frame, "now": "", "message": str(error)}, NOT_FOUND)
            return await _respond(name, {**frame, **content})

        return respond

    def _look(self, read: Read, query: Mapping[str, str], *ids: str) -> dict[str, Any]:
        self._advance()
        with self._backend.store.transaction():
            return {"now": self._backend.clock.timestamp(), **read(self._backend.context, self._log, query, *ids)}

    async def _stream(self, _: Request) -> Response:
        async def advance() -> None:
            await self._backend.run(self._advance)

        return EventStream(self._changes, advance)

    def _advance(self) -> None:
        with self._backend.store.transaction():
            self._backend.rollouts.advance()


async def _respond(name: str, content: Mapping[str, Any], status: int = 200) -> Response:
    # In a thread: a long difference must not keep calls of the API waiting.
    page = await asyncio.to_thread(render, name, content)
    return HTMLResponse(page, status, headers=HEADERS)


def _link(query: Mapping[str, str], **changes: object) -> str:
    """Return the query of this page with other values; None leaves a key out."""
    return "?" + urlencode({key: value for key, value in {**query, **changes}.items() if value is not None})


def _serve(name: str, kind: str) -> Handler:
    content = resources.files("pulumi_press.emulator.pages").joinpath(f"static/{name}").read_text(encoding="utf-8")

    async def respond(_: Request) -> Response:
        return Response(content, media_type=kind, headers=HEADERS)

    return respond
