"""The control plane under `/_emulator/`: what people and tests do to the local Press itself."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from pulumi_press.emulator.api.calls import APIError, InvalidRequestError, not_found, read_json
from pulumi_press.emulator.assumptions import describe
from pulumi_press.emulator.backend.store import FORMAT
from pulumi_press.emulator.control.snapshot import take_snapshot
from pulumi_press.emulator.middleware import Path
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from pulumi_press.emulator.assumptions import Settings
    from pulumi_press.emulator.backend.backend import Backend
    from pulumi_press.emulator.backend.rollout_simulation import Outcomes
    from pulumi_press.emulator.control.faults import Faults
    from pulumi_press.emulator.control.request_log import RequestLog

    Handler = Callable[[Request], Awaitable[Response]]

__all__ = ["PREFIX", "ControlPlane", "guard"]

PREFIX = "/_emulator/"

LONGEST_NUMBER = 100
"""Maximum digits of the number of a call; `int` rejects some thousands."""


@shape
class ClockChange(TypedDict, total=False):
    """A change of the clock."""

    advance: Annotated[float, Field(ge=0, le=10**9)]
    """Seconds by which it advances."""
    freeze: bool
    """True: it stops. False: it runs again."""


class ControlPlane:
    """The control plane of one local Press.

    Args:
        settings: how it is set up.
        backend: its objects, clock and outcome rules.
        faults: its fault rules.
        log: the log of its requests.
        reset: returns it to its beginning.
    """

    def __init__(
        self, settings: Settings, backend: Backend, faults: Faults, log: RequestLog, reset: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._backend = backend
        self._faults = faults
        self._log = log
        self._reset_all = reset

    def paths(self) -> list[Path]:
        """Return its paths for the application."""
        handlers: dict[str, dict[str, Handler]] = {
            "health": {"GET": self._health},
            "info": {"GET": self._info},
            "reset": {"POST": self._reset},
            "state": {"GET": self._state},
            "requests": {"GET": self._list_requests, "DELETE": self._clear_requests},
            "outcomes": self._rule_handlers(self._backend.outcomes),
            "faults": self._rule_handlers(self._faults),
            "clock": {"GET": self._read_clock, "POST": self._change_clock},
            "artifacts/{artifact_id}": {"GET": self._download},
        }
        return [Path(f"{PREFIX}{name}", guard(methods), methods=list(methods)) for name, methods in handlers.items()]

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _info(self, _: Request) -> Response:
        settings = self._settings
        return JSONResponse(
            {
                "version": version("pulumi-press"),
                "format": FORMAT,
                "state": str(settings.state) if settings.state else None,
                "seed": str(settings.seed) if settings.seed else None,
                "seedNumber": settings.seed_number,
                "rollout": str(settings.pacing),
                "tenants": sorted(set(settings.tokens.values())),
                "assumptions": {item.name: getattr(settings.assumptions, item.name) for item in describe()},
                "counts": await self._backend.run(self._backend.store.count),
                "clock": self._backend.clock.describe(),
            }
        )

    async def _reset(self, request: Request) -> Response:
        await read_json(request, self._settings.stall, expected=False)
        await self._backend.run(self._reset_all)
        return JSONResponse({})

    async def _state(self, _: Request) -> Response:
        def look() -> dict[str, Any]:
            with self._backend.store.transaction():
                self._backend.rollouts.advance()
                return take_snapshot(self._backend.context)

        return JSONResponse(await self._backend.run(look))

    async def _list_requests(self, request: Request) -> Response:
        after, further = request.query_params.get("after", "0"), set(request.query_params) - {"after"}
        if not (after.isascii() and after.isdecimal() and len(after) <= LONGEST_NUMBER) or further:
            raise InvalidRequestError([CheckFailure("after", "is the only key of this query: the number of a call")])
        return JSONResponse({"requests": self._log.describe(int(after))})

    async def _clear_requests(self, _: Request) -> Response:
        self._log.clear()
        return JSONResponse({})

    def _rule_handlers(self, rules: Outcomes | Faults) -> dict[str, Handler]:
        async def show(_: Request) -> Response:
            return JSONResponse({"rules": rules.describe()})

        async def add(request: Request) -> Response:
            body = await read_json(request, self._settings.stall)
            sent = body if isinstance(body, list) else [body]
            failures = rules.check(sent)
            if failures:
                raise InvalidRequestError(failures)
            rules.add(sent)
            return await show(request)

        async def clear(request: Request) -> Response:
            rules.clear()
            return await show(request)

        return {"GET": show, "POST": add, "DELETE": clear}

    async def _read_clock(self, _: Request) -> Response:
        return JSONResponse(self._backend.clock.describe())

    async def _change_clock(self, request: Request) -> Response:
        change = await read_json(request, self._settings.stall)
        failures = validate(ClockChange, change)
        if failures or not change:
            raise InvalidRequestError(failures or [CheckFailure("", "Send advance, freeze, or both.")])
        backend, clock = self._backend, self._backend.clock

        def move() -> None:
            with backend.store.transaction():
                if "freeze" in change:
                    (clock.freeze if change["freeze"] else clock.unfreeze)()
                clock.advance(change.get("advance", 0))
                backend.rollouts.advance()
                clock.save(backend.store)

        await backend.run(move)
        return await self._read_clock(request)

    async def _download(self, request: Request) -> Response:
        artifact_id, store = request.path_params["artifact_id"], self._backend.store

        def read() -> bytes | None:
            row = store.db.execute("SELECT content FROM artifacts WHERE id = ?", (artifact_id,)).fetchone()
            return bytes(row["content"]) if row else None

        content = await self._backend.run(read)
        if content is None:
            raise not_found("artifact", artifact_id)
        return Response(content, media_type="application/zip")


def guard(handlers: Mapping[str, Handler]) -> Handler:
    """Return an endpoint with a handler for each method; it refuses calls that pages of other sites make."""

    async def respond(request: Request) -> Response:
        if not all(_is_of_host(origin, request) for origin in request.headers.getlist("origin")):
            raise APIError(403, "The control plane does not respond to pages of other sites.")
        try:
            return await handlers["GET" if request.method == "HEAD" else request.method](request)
        except InvalidRequestError as error:
            return JSONResponse(error.body(), error.status)
        except ClientDisconnect:
            return Response(status_code=400)

    return respond


def _is_of_host(origin: str, request: Request) -> bool:
    """Return whether a calling page is one of this server's own; a call without an origin is not made by a page."""
    try:
        return not origin or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:
        return False
