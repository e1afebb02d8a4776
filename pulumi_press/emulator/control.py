"""The control plane: what people and tests do to the local Press itself, under `/_emulator/`."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from pulumi_press.emulator import rollouts
from pulumi_press.emulator.assumptions import describe
from pulumi_press.emulator.bodies import GONE, read_json
from pulumi_press.emulator.errors import Mistaken, Refusal, not_found
from pulumi_press.emulator.paths import Path
from pulumi_press.emulator.snapshot import take_snapshot
from pulumi_press.emulator.tables import FORMAT
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from pulumi_press.emulator.faults import Faults
    from pulumi_press.emulator.outcomes import Outcomes
    from pulumi_press.emulator.press import Press

    Handler = Callable[[Press, Request], Awaitable[Response]]

__all__ = ["PREFIX", "control_paths"]

PREFIX = "/_emulator/"

LONGEST_NUMBER = 100
"""Digits of a call's number; Python refuses to read some thousands."""


@shape
class ClockChange(TypedDict, total=False):
    """What is done to the clock."""

    advance: Annotated[float, Field(ge=0, le=10**9)]
    """Seconds to move it ahead."""
    freeze: bool
    """True: it stands still. False: it runs on."""


def control_paths(press: Press) -> list[Path]:
    """Give the paths of the control plane."""
    handlers: dict[str, dict[str, Handler]] = {
        "health": {"GET": _health},
        "info": {"GET": _info},
        "reset": {"POST": _reset},
        "state": {"GET": _state},
        "requests": {"GET": _list_requests, "DELETE": _clear_requests},
        "outcomes": _rule_handlers(lambda press: press.outcomes),
        "faults": _rule_handlers(lambda press: press.faults),
        "clock": {"GET": _read_clock, "POST": _change_clock},
        "artifacts/{artifact_id}": {"GET": _download},
    }
    return [
        Path(f"{PREFIX}{name}", _endpoint(press, methods), methods=list(methods)) for name, methods in handlers.items()
    ]


def _endpoint(press: Press, handlers: dict[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not all(_is_of_host(origin, request) for origin in request.headers.getlist("origin")):
            raise Refusal(403, "The control plane is not for the pages of other sites.")
        try:
            return await handlers["GET" if request.method == "HEAD" else request.method](press, request)
        except Mistaken as mistaken:
            return JSONResponse(mistaken.body(), mistaken.status)
        except GONE:
            return Response(status_code=400)

    return answer


def _is_of_host(origin: str, request: Request) -> bool:
    """Tell whether a page that calls is one of this server's own; without an origin, it is no page that calls."""
    try:
        return not origin or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:
        return False


async def _health(_: Press, __: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _info(press: Press, _: Request) -> Response:
    settings = press.settings
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
            "counts": await press.run(press.store.count),
            "clock": press.clock.describe(),
        }
    )


async def _reset(press: Press, request: Request) -> Response:
    await read_json(request, press.settings.stall, expected=False)
    await press.run(press.reset)
    return JSONResponse({})


async def _state(press: Press, _: Request) -> Response:
    def look() -> dict[str, Any]:
        with press.store.transaction():
            rollouts.settle(press)
            return take_snapshot(press)

    return JSONResponse(await press.run(look))


async def _list_requests(press: Press, request: Request) -> Response:
    after = request.query_params.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) <= LONGEST_NUMBER) or set(request.query_params) - {
        "after"
    }:
        raise Mistaken([CheckFailure("after", "is the only key of this query: the number of a call")])
    return JSONResponse({"requests": press.journal.describe(int(after))})


async def _clear_requests(press: Press, _: Request) -> Response:
    press.journal.clear()
    return JSONResponse({})


def _rule_handlers(choose: Callable[[Press], Outcomes | Faults]) -> dict[str, Handler]:
    async def show(press: Press, _: Request) -> Response:
        return JSONResponse({"rules": choose(press).describe()})

    async def add(press: Press, request: Request) -> Response:
        body = await read_json(request, press.settings.stall)
        rules, sent = body if isinstance(body, list) else [body], choose(press)
        mistakes = sent.check(rules)
        if mistakes:
            raise Mistaken(mistakes)
        sent.add(rules)
        return await show(press, request)

    async def clear(press: Press, request: Request) -> Response:
        choose(press).clear()
        return await show(press, request)

    return {"GET": show, "POST": add, "DELETE": clear}


async def _read_clock(press: Press, _: Request) -> Response:
    return JSONResponse(press.clock.describe())


async def _change_clock(press: Press, request: Request) -> Response:
    change = await read_json(request, press.settings.stall)
    mistakes = validate(ClockChange, change)
    if mistakes or not change:
        raise Mistaken(mistakes or [CheckFailure("", "Say advance, freeze, or both.")])

    def move() -> None:
        with press.store.transaction():
            if "freeze" in change:
                (press.clock.freeze if change["freeze"] else press.clock.thaw)()
            press.clock.advance(change.get("advance", 0))
            rollouts.settle(press)
            press.save_clock()

    await press.run(move)
    return await _read_clock(press, request)


async def _download(press: Press, request: Request) -> Response:
    artifact_id = request.path_params["artifact_id"]

    def read() -> bytes | None:
        row = press.store.db.execute("SELECT content FROM artifacts WHERE id = ?", (artifact_id,)).fetchone()
        return bytes(row["content"]) if row else None

    content = await press.run(read)
    if content is None:
        raise not_found("artifact", artifact_id)
    return Response(content, media_type="application/zip")
