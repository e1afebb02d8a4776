"""Reading what a client sends: JSON, within limits."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NoReturn

from starlette.requests import ClientDisconnect

from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.schema import Mistake

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

__all__ = ["GONE", "JSON_LIMIT", "parse", "read_json", "stream"]

JSON_LIMIT = 8 * 2**20
"""A JSON body with more bytes is refused with 413."""

GONE = ClientDisconnect
"""Raised when the client went away while it was sending."""


def parse(text: str | bytes) -> Any:
    """Read strict JSON: no NaN or Infinity, no key twice, no text that is not Unicode.

    Raises:
        ValueError: it is not; the message says why, and where.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twins)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise ValueError("it has text that is not Unicode") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


async def stream(request: Request, limit: int, stall: float) -> AsyncGenerator[bytes, None]:
    """Give the body in pieces.

    Raises:
        Refusal: 413, there are more bytes than `limit`; 408, nothing came for `stall` seconds.
    """
    total, pieces = 0, request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), stall)
        except StopAsyncIteration:
            return
        except (TimeoutError, asyncio.TimeoutError):
            detail = f"Nothing of the body came for {stall:g} s."
            raise Refusal(408, detail, {"Connection": "close"}) from None
        total += len(piece)
        if total > limit:
            raise Refusal(413, f"The body is larger than {limit} bytes.")
        yield piece


async def read_json(request: Request, stall: float, *, expected: bool = True) -> Any:
    """Read a JSON body.

    Args:
        request: the request.
        stall: seconds to wait for the next byte.
        expected: whether the call has a body; one without takes nothing, or `{}`.

    Raises:
        Refusal: 400, it is not JSON; else as `stream`.
        Mistaken: there is a body where none belongs.
    """
    content = b"".join([piece async for piece in stream(request, JSON_LIMIT, stall)])
    if not expected:
        if content not in {b"", b"{}"}:
            raise Mistaken([Mistake("", "This call takes no body; send nothing, or {}.")])
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(400, f"The body must be JSON, with Content-Type application/json, not {kind or 'none'}.")
    try:
        return parse(content)
    except ValueError as error:
        raise Refusal(400, f"The body is not JSON: {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is there twice")
    return value
