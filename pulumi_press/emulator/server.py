"""The server: the ASGI application, and uvicorn that runs it."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from pulumi_press.emulator.api.calls import APIError, Call, InvalidRequestError, Upload, read_json
from pulumi_press.emulator.api.forms import inspect_zip, parse_form, read_form
from pulumi_press.emulator.api.routes import ROUTES, SUCCESS, Route
from pulumi_press.emulator.backend.backend import Backend, mask, mask_named
from pulumi_press.emulator.control.control_plane import PREFIX, ControlPlane
from pulumi_press.emulator.control.faults import FaultMiddleware, Faults
from pulumi_press.emulator.control.request_log import RequestLog, RequestLogMiddleware, describe_parts, entry_of
from pulumi_press.emulator.middleware import (
    Connections,
    DateMiddleware,
    DrainMiddleware,
    HostMiddleware,
    Path,
    allowed_hosts,
)
from pulumi_press.emulator.openapi import build_document
from pulumi_press.emulator.pages.changes import Changes, ChangesMiddleware
from pulumi_press.emulator.pages.endpoints import Pages
from pulumi_press.emulator.seeds import load_seed
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import FrameType

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pulumi_press.emulator.api.calls import Form
    from pulumi_press.emulator.assumptions import Assumptions, Settings

__all__ = ["Server", "ServerError", "build_app", "serve"]

NO_CONTENT = 204
VALIDATED = {"success": True, "message": "Everything is valid; nothing was stored."}
VALIDATE = "validate"
DOCUMENT = "/openapi.json"


def build_app(
    settings: Settings, connections: Connections, hosts: tuple[str, ...] | None
) -> tuple[ASGIApp, Callable[[], None]]:
    """Return the ASGI application of a local Press, seeded, and what ends its streams.

    Args:
        settings: how it is set up.
        connections: those that faults drop, and that the log numbers.
        hosts: host names that are accepted; None: all.

    Raises:
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """
    backend, faults = Backend(settings), Faults()
    # A clock that was moved does not show when a call came, unless all times follow from the seed number.
    log = RequestLog(time.time if settings.seed_number is None else backend.clock.now)
    changes = Changes(lambda: backend.rollouts.steps)

    def seed() -> None:
        with backend.store.transaction():
            if settings.seed and not any(backend.store.count().values()):
                load_seed(settings.seed, backend, faults, next(iter(settings.tokens.values())))

    def reset() -> None:
        backend.reset()
        faults.clear()
        log.clear()
        seed()

    @asynccontextmanager
    async def close(_: Starlette) -> AsyncIterator[None]:
        yield
        await backend.run(backend.close)

    try:
        seed()
    except BaseException:
        backend.close()
        raise
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    paths = [
        *(
            Path(path, _Endpoint(settings, backend, log, routes).respond, methods=list(routes))
            for path, routes in by_path.items()
        ),
        *ControlPlane(settings, backend, faults, log, reset).paths(),
        Path(DOCUMENT, _show_document(settings.assumptions)),
        *Pages(backend, log, changes).paths(),
    ]
    app = Starlette(
        routes=paths,
        exception_handlers={HTTPException: _render_http_error, APIError: _render_api_error, Exception: _render_failure},
        lifespan=close,
    )
    app.router.redirect_slashes = False
    app.router.default = _reject_unknown
    # From the inside out: a call passes the last one first.
    faulty = FaultMiddleware(app, faults, connections.drop)
    logged = RequestLogMiddleware(faulty, log, settings.tokens, connections.number, _is_own)
    is_dated = settings.assumptions.answer_date == "clock"
    hosted = HostMiddleware(ChangesMiddleware(logged, changes, _is_own), hosts)
    dated = DateMiddleware(hosted, lambda: backend.clock.now() if is_dated else None)
    return DrainMiddleware(dated, settings.stall), changes.end


class _Endpoint:
    """Responds to the calls of one path of the API."""

    def __init__(self, settings: Settings, backend: Backend, log: RequestLog, routes: dict[str, Route]) -> None:
        self._settings = settings
        self._assumptions = settings.assumptions
        self._backend = backend
        self._log = log
        self._routes = routes

    async def respond(self, request: Request) -> Response:
        """Return the response to a call whose method is one of the path's."""
        route = self._routes["GET" if request.method == "HEAD" else request.method]
        try:
            return await self._respond(request, route)
        except InvalidRequestError as error:
            body = error.body()
            if self._assumptions.error_body == "detail":
                del body["errors"]
            return JSONResponse(body, route.mistake_status(self._assumptions))
        except ClientDisconnect:
            return Response(status_code=400)

    async def _respond(self, request: Request, route: Route) -> Response:
        tenant = self._authenticate(request, route)
        query: dict[str, list[str]] = {}
        for key, value in request.query_params.multi_items():
            query.setdefault(key, []).append(value)
        only_validates = _pop_validate(query, route)
        if not route.listing and query and self._assumptions.unknown_query == "refuse":
            raise InvalidRequestError([CheckFailure(key, "is not a key of this query") for key in query])
        form: Form | None = None
        body: Any = {}
        if route.reads == "form":
            form = await self._read_form(request, route)
        else:
            body = await read_json(request, self._settings.stall, expected=route.reads == "json")
        call = Call(tenant, "", dict(request.path_params), query, body, form)
        try:
            result = await self._backend.run(lambda: self._handle(route, call, only_validates=only_validates))
        finally:
            self._log_body(request, route, body)
        entry = entry_of(request.scope)
        if entry and not only_validates:
            entry.changed = route.describe_change(call, result)
        status = SUCCESS if only_validates else route.success(self._assumptions)
        return Response(status_code=status) if status == NO_CONTENT else JSONResponse(result, status)

    def _handle(self, route: Route, call: Call, *, only_validates: bool) -> dict[str, Any]:
        backend = self._backend
        # Steps of rollouts that are due are kept, whether the call succeeds or not.
        with backend.store.transaction():
            call = replace(call, at=backend.tick() if route.is_of_press else backend.clock.timestamp())
            backend.rollouts.advance()
            if route.shows_status:
                backend.rollouts.count_read(call.tenant, call.path.get("deployment_id"))
        with backend.store.transaction(keep=not only_validates):
            result = route.handler(backend.context, call)
        return VALIDATED if only_validates else result

    def _authenticate(self, request: Request, route: Route) -> str:
        token = request.headers.get("authorization", "")
        tenant = self._settings.tokens.get(token)
        if tenant is None and not route.is_open:
            what = "is not known" if token else "is missing"
            raise APIError(401, f"The token in the header Authorization {what}.")
        return tenant or ""

    async def _read_form(self, request: Request, route: Route) -> Form:
        parts = await read_form(request, self._settings)
        strict = self._assumptions.form_order == "documented"
        try:
            form = parse_form(parts, route.parts, strict_order=strict)
            content = next((value.content for _, value in parts if isinstance(value, Upload)), None)
            if content is not None:
                artifact = await asyncio.to_thread(inspect_zip, content, self._assumptions)
                form = replace(form, artifact=artifact)
        finally:
            entry = entry_of(request.scope)
            if entry:
                self._log.add_parts(entry, describe_parts(parts, self._backend.context.hidden))
        return form

    def _log_body(self, request: Request, route: Route, body: Any) -> None:
        entry, hidden = entry_of(request.scope), self._backend.context.hidden
        if entry is None or route.reads != "json" or route.is_open:
            return
        # The body of this one is the values themselves.
        shown = mask_named(body, hidden) if route.name == "patch_parameters" else mask(body, hidden)
        self._log.add_body(entry, shown)


def _pop_validate(query: dict[str, list[str]], route: Route) -> bool:
    if not route.validates or VALIDATE not in query:
        return False
    if query.pop(VALIDATE) != ["true"]:
        raise InvalidRequestError([CheckFailure(VALIDATE, "must be true, or be left out")])
    return True


def _is_own(path: str) -> bool:
    return path in {"/", DOCUMENT} or path.startswith(PREFIX)


def _show_document(assumptions: Assumptions) -> Callable[[Request], Response]:
    def respond(_: Request) -> Response:
        return JSONResponse(build_document(assumptions))

    return respond


async def _reject_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    detail = (
        f"The local Press has no {scope['method']} {scope['path']}. It implements the calls of block specs and "
        "deployments, listed at /openapi.json; check the method, the path and the endpoint."
    )
    await JSONResponse({"detail": detail}, 501)(scope, receive, send)


async def _render_api_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, APIError):
        raise error
    return JSONResponse(error.body(), error.status, error.headers)


async def _render_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    detail = f"{error.detail}: {request.url.path} does not take {request.method}."
    return JSONResponse({"detail": detail}, error.status_code, error.headers)


async def _render_failure(_: Request, error: Exception) -> Response:
    detail = f"The local Press itself failed ({type(error).__name__}); its log on stderr has the traceback."
    return JSONResponse({"detail": detail}, 500)


SHUTDOWN_TIMEOUT = 3
"""Seconds that running calls have to end after the server is told to stop."""

KEEP_ALIVE = 60
"""Seconds after which an idle connection is closed, as a gateway in front of the service would do."""


class ServerError(Exception):
    """The server cannot listen, or does not start; the message says why."""


class Server(uvicorn.Server):
    """The server of a local Press.

    Args:
        settings: how it is set up.
        host: address to listen on; on a loopback address it is accepted as a host name too.
        port: port, 0 for any that is free.
        announce: called with the URL once requests are accepted.

    Raises:
        ServerError: the address cannot be listened on.
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """

    def __init__(
        self, settings: Settings, host: str = "127.0.0.1", port: int = 0, announce: Callable[[str], Any] = id
    ) -> None:
        self._socket = _bind(host, port)
        connections = Connections()
        try:
            address, bound = self._socket.getsockname()[:2]
            hosts = allowed_hosts(address, host, settings.allow_hosts)
            app, self._end_streams = build_app(settings, connections, hosts)
        except BaseException:
            self._socket.close()
            raise
        self._announce = announce
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{bound}"
        super().__init__(
            uvicorn.Config(
                app,
                http=connections.protocol(),
                ws="none",
                lifespan="on",
                loop="asyncio",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
                timeout_keep_alive=KEEP_ALIVE,
            )
        )

    def listen(self) -> None:
        """Serve until told to stop."""
        try:
            self.run([self._socket])
        finally:
            self._socket.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, and announce the URL."""
        await super().startup(sockets)
        if self.started:
            self._announce(self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop to accept requests, and wait until the present ones have ended; streams would not end by themselves."""
        self._end_streams()
        await super().shutdown(sockets)


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], Any]) -> None:
    """Run a local Press in this process until Ctrl-C or SIGTERM.

    Raises:
        ServerError: the address cannot be listened on.
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """
    server = Server(settings, host, port, announce)
    # uvicorn raises a signal again after its shutdown; nothing is left to do then.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore_signal)
    server.listen()


def _ignore_signal(_: int, __: FrameType | None) -> None:
    """Ignore a signal."""


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol given, asyncio sends small responses at once instead of waiting 40 ms for more data.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ServerError(f"the local Press cannot listen on {host} port {port}: {reason}") from None
    return listener
