"""The server: finds the route of a call, reads it, does it, and answers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pulumi_press.emulator import artifacts, rollouts
from pulumi_press.emulator.bodies import GONE, read_json
from pulumi_press.emulator.calls import Call
from pulumi_press.emulator.control import PREFIX, control_paths
from pulumi_press.emulator.dating import Dating
from pulumi_press.emulator.draining import Draining
from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.emulator.faults import Faulting
from pulumi_press.emulator.forms import Upload, read_form, understand
from pulumi_press.emulator.hosts import Hosting
from pulumi_press.emulator.journal import Journaling, describe_parts, entry_of
from pulumi_press.emulator.masking import mask, mask_values
from pulumi_press.emulator.openapi import build_document
from pulumi_press.emulator.page import show_page
from pulumi_press.emulator.paths import Path
from pulumi_press.emulator.routes import ROUTES, SUCCESS, Route
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pulumi_press.emulator.connections import Connections
    from pulumi_press.emulator.forms import Form
    from pulumi_press.emulator.press import Press

__all__ = ["build_app"]

NO_CONTENT = 204
REHEARSED = {"success": True, "message": "Everything is valid; nothing was stored."}
VALIDATE = "validate"
DOCUMENT = "/openapi.json"


def build_app(press: Press, connections: Connections, names: tuple[str, ...] | None) -> ASGIApp:
    """Build the ASGI app of a local Press.

    Args:
        press: what it works on; closed when the app ends.
        connections: those that faults drop, and that the journal tells.
        names: host names that are answered; None: all.
    """

    @asynccontextmanager
    async def close(_: Starlette) -> AsyncIterator[None]:
        yield
        await press.run(press.close)

    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    paths = [Path(path, _Endpoint(press, routes).answer, methods=list(routes)) for path, routes in by_path.items()]
    app = Starlette(
        routes=[*paths, *control_paths(press), Path(DOCUMENT, _show_document(press)), Path("/", show_page(press))],
        exception_handlers={HTTPException: _refuse_http, Refusal: _refuse, Exception: _fail},
        lifespan=close,
    )
    app.router.redirect_slashes = False
    app.router.default = _refuse_unknown
    faulting = Faulting(app, press.faults, connections)
    journaling = Journaling(faulting, press.journal, press.settings.tokens, connections, _is_own)
    is_dated = press.assumptions.answer_date == "clock"
    dating = Dating(Hosting(journaling, names), lambda: press.clock.now() if is_dated else None)
    return Draining(dating, press.settings.stall)


class _Endpoint:
    """Answers the calls of one path."""

    def __init__(self, press: Press, routes: dict[str, Route]) -> None:
        self._press = press
        self._routes = routes

    async def answer(self, request: Request) -> Response:
        """Answer a call whose method is one of the path's."""
        route = self._routes["GET" if request.method == "HEAD" else request.method]
        try:
            return await self._answer(request, route)
        except Mistaken as mistaken:
            body = mistaken.body()
            if self._press.assumptions.error_body == "detail":
                del body["errors"]
            return JSONResponse(body, route.mistake_status(self._press.assumptions))
        except GONE:
            return Response(status_code=400)

    async def _answer(self, request: Request, route: Route) -> Response:
        press = self._press
        tenant = self._authenticate(request, route)
        query: dict[str, list[str]] = {}
        for key, value in request.query_params.multi_items():
            query.setdefault(key, []).append(value)
        rehearses = _read_validate(query, route)
        if not route.listing and query and press.assumptions.unknown_query == "refuse":
            raise Mistaken([CheckFailure(key, "is not a key of this query") for key in query])
        form: Form | None = None
        body: Any = {}
        if route.reads == "form":
            form = await self._read_form(request, route)
        else:
            body = await read_json(request, press.settings.stall, expected=route.reads == "json")
        call = Call(tenant, "", dict(request.path_params), query, body, form)
        try:
            answer = await press.run(lambda: _perform(press, route, call, rehearses=rehearses))
        finally:
            self._note(request, route, body)
        status = SUCCESS if rehearses else route.success(press.assumptions)
        return Response(status_code=status) if status == NO_CONTENT else JSONResponse(answer, status)

    def _authenticate(self, request: Request, route: Route) -> str:
        token = request.headers.get("authorization", "")
        tenant = self._press.settings.tokens.get(token)
        if tenant is None and not route.is_open:
            what = "is not known" if token else "is missing"
            raise Refusal(401, f"The token in the header Authorization {what}.")
        return tenant or ""

    async def _read_form(self, request: Request, route: Route) -> Form:
        press = self._press
        parts = await read_form(request, press.settings)
        strict = press.assumptions.form_order == "documented"
        try:
            form = understand(parts, route.parts, strict_order=strict)
            content = next((value.content for _, value in parts if isinstance(value, Upload)), None)
            if content is not None:
                artifact = await asyncio.to_thread(artifacts.inspect, content, press.assumptions)
                form = replace(form, artifact=artifact)
        finally:
            entry = entry_of(request.scope)
            if entry:
                press.journal.note_parts(entry, describe_parts(parts, press.hidden))
        return form

    def _note(self, request: Request, route: Route, body: Any) -> None:
        entry = entry_of(request.scope)
        if entry is None or route.reads != "json" or route.is_open:
            return
        is_flat = route.name == "patch_parameters" and isinstance(body, dict)
        masked = mask_values(body, self._press.hidden) if is_flat else mask(body, self._press.hidden)
        self._press.journal.note_body(entry, masked)


def _perform(press: Press, route: Route, call: Call, *, rehearses: bool) -> dict[str, Any]:
    # What time or a read brings about stays, whatever becomes of the call.
    with press.store.transaction():
        call = replace(call, at=press.tick() if route.is_of_press else press.stamp())
        rollouts.settle(press)
        if route.shows_status:
            rollouts.observe(press, call.tenant, call.path.get("deployment_id"))
    with press.store.transaction(keep=not rehearses):
        answer = route.work(press, call)
    return REHEARSED if rehearses else answer


def _read_validate(query: dict[str, list[str]], route: Route) -> bool:
    if not route.validates or VALIDATE not in query:
        return False
    if query.pop(VALIDATE) != ["true"]:
        raise Mistaken([CheckFailure(VALIDATE, "must be true, or be left out")])
    return True


def _is_own(path: str) -> bool:
    return path in {"/", DOCUMENT} or path.startswith(PREFIX)


def _show_document(press: Press) -> Callable[[Request], Response]:
    def answer(_: Request) -> Response:
        return JSONResponse(build_document(press.assumptions))

    return answer


async def _refuse_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    detail = (
        f"The local Press has no {scope['method']} {scope['path']}: it knows the calls of block specs and deployments."
    )
    await JSONResponse({"detail": detail}, 501)(scope, receive, send)


async def _refuse(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return JSONResponse(error.body(), error.status, error.headers)


async def _refuse_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    detail = f"{error.detail}: {request.method} is no call of {request.url.path}."
    return JSONResponse({"detail": detail}, error.status_code, error.headers)


async def _fail(_: Request, error: Exception) -> Response:
    detail = f"The local Press itself failed ({type(error).__name__}); its log on stderr says where."
    return JSONResponse({"detail": detail}, 500)
