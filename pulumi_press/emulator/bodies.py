"""Reading what a client sends: JSON, within limits."""

from __future__ import annotations

import asyncio
import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from starlette.requests import ClientDisconnect

from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

__all__ = ["GONE", "JSON_LIMIT", "parse", "read_json", "stream", "unique_keys"]

JSON_LIMIT = 8 * 2**20
"""A JSON body with more bytes is refused with 413."""

DEPTH = 100
"""JSON with more lists and objects within one another is refused: what walks through it may call itself for each."""

MANY = 100_000
"""JSON with more values is refused: each may be a mistake, which is found, worded and sent."""

TOO_DEEP = f"it is nested too deeply: more than {DEPTH} lists and objects within one another"

GONE = ClientDisconnect
"""Raised when the client went away while it was sending."""


def parse(text: str | bytes) -> Any:
    """Read strict JSON: no NaN or Infinity, no key twice, no text that is not Unicode, nothing of endless depth.

    Raises:
        ValueError: it is not; the message says why, and where.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_read_float, object_pairs_hook=unique_keys
        )
        _check_extent(value)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise ValueError("it has text that is not Unicode") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    return value


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs.

    Raises:
        ValueError: a key is there twice.
    """
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            raise ValueError(f"the key {key!r} is there twice")
        value[key] = item
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
            raise Mistaken([CheckFailure("", "This call takes no body; send nothing, or {}.")])
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


def _read_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("it has a number that is too large")
    return value


def _check_extent(value: Any) -> None:
    level, depth, count = [value], 0, 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        if depth > DEPTH:
            raise ValueError(TOO_DEEP)
        count += sum(map(len, level))
        if count > MANY:
            raise ValueError(f"it has more than {MANY} values")
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
