"""A call of the API: its parts, the errors that reject it, and how its JSON body is read."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from starlette.requests import Request

__all__ = [
    "JSON_LIMIT",
    "APIError",
    "Artifact",
    "Call",
    "Form",
    "InvalidRequestError",
    "Upload",
    "not_found",
    "parse_json",
    "read_json",
    "stream_body",
    "unique_keys",
]


@dataclass(frozen=True)
class Artifact:
    """A zip that passed every check.

    Args:
        content: the zip.
        digest: SHA-256 of it, in hexadecimal.
        files: `path`, `size` and `sha256` of each file, by path, without folders.
    """

    content: bytes
    digest: str
    files: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Upload:
    """A file of a form, as it was sent."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """The content of a form. Parts that were not sent are None or empty.

    Args:
        spec: body of the call.
        featured: as sent; the text `null` is None.
        scope: as sent.
        auto_run: as `featured`.
        tenants: as sent.
        parameters: what the release declares.
        artifact: the zip, once it was checked.
    """

    spec: Any
    featured: bool | None = None
    scope: str | None = None
    auto_run: bool | None = None
    tenants: Any = ()
    parameters: Any = field(default_factory=dict)
    artifact: Artifact | None = None


@dataclass(frozen=True)
class Call:
    """A call of the API by an authenticated caller.

    Args:
        tenant: the caller's tenant.
        at: when it came, as the API writes times; everything that it creates has this time.
        path: the names in the route's path, such as `spec_id`.
        query: values by key, in the order sent.
        body: the JSON body; `{}` for calls without one.
        form: the multipart form, for calls that take one.
    """

    tenant: str
    at: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: Any = field(default_factory=dict)
    form: Form | None = None

    @property
    def user(self) -> str:
        """The caller's e-mail address."""
        return f"user@{self.tenant}.example"


SHOWN_FAILURES = 5
"""Number of failures that `detail` names; `errors` has all."""


class APIError(Exception):
    """A call that is rejected, with its status; nothing is changed.

    Args:
        status: HTTP status.
        detail: one sentence that says what is wrong and what to do.
        headers: further headers of the response.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the response."""
        return {"detail": self.detail}


class InvalidRequestError(APIError):
    """What was sent is invalid. The route and the assumptions decide the status.

    Args:
        failures: at least one.
    """

    def __init__(self, failures: Sequence[CheckFailure]) -> None:
        shown = "; ".join(str(failure) for failure in failures[:SHOWN_FAILURES])
        more = len(failures) - SHOWN_FAILURES
        super().__init__(422, shown + (f"; and {more} more" if more > 0 else ""))
        self.failures = tuple(failures)

    def body(self) -> dict[str, Any]:
        """Return the JSON body: `detail`, and `errors` with a path and a message for each failure."""
        errors = [{"path": failure.property, "message": failure.reason} for failure in self.failures]
        return {"detail": self.detail, "errors": errors}


def not_found(what: str, name: str) -> APIError:
    """Return the 404 of an object that does not exist, or that the caller may not see."""
    return APIError(404, f"There is no {what} {name!r}.")


JSON_LIMIT = 8 * 2**20
"""A JSON body with more bytes is rejected with 413."""

MAX_DEPTH = 100
"""JSON that is nested deeper is rejected: functions that walk through it are recursive."""

MAX_VALUES = 100_000
"""JSON with more values is rejected: each may be invalid, and then is an item of the response."""

TOO_DEEP = f"it is nested too deeply: more than {MAX_DEPTH} lists and objects within one another"


def parse_json(text: str | bytes) -> Any:
    """Return the value of strict JSON: no NaN or Infinity, no key twice, only Unicode, limited depth.

    Raises:
        ValueError: the text is not strict JSON; the message says why.
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
    """Return the object with these pairs of key and value.

    Raises:
        ValueError: a key is there twice.
    """
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            raise ValueError(f"the key {key!r} is there twice")
        value[key] = item
    return value


async def stream_body(request: Request, limit: int, stall: float) -> AsyncGenerator[bytes, None]:
    """Return the body in pieces.

    Raises:
        APIError: 413, there are more bytes than `limit`; 408, nothing came for `stall` seconds.
    """
    total, pieces = 0, request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), stall)
        except StopAsyncIteration:
            return
        except (TimeoutError, asyncio.TimeoutError):
            detail = f"Nothing of the body came for {stall:g} s."
            raise APIError(408, detail, {"Connection": "close"}) from None
        total += len(piece)
        if total > limit:
            raise APIError(413, f"The body is larger than {limit} bytes.")
        yield piece


async def read_json(request: Request, stall: float, *, expected: bool = True) -> Any:
    """Return the JSON body of a request.

    Args:
        request: the request.
        stall: seconds to wait for the next byte.
        expected: whether the call has a body; a call without one takes nothing, or `{}`.

    Raises:
        APIError: 400, it is not JSON; 413 and 408 as `stream_body`.
        InvalidRequestError: the call takes no body, and has one.
    """
    content = b"".join([piece async for piece in stream_body(request, JSON_LIMIT, stall)])
    if not expected:
        if content not in {b"", b"{}"}:
            raise InvalidRequestError([CheckFailure("", "This call takes no body; send nothing, or {}.")])
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise APIError(400, f"The body must be JSON, with Content-Type application/json, not {kind or 'none'}.")
    try:
        return parse_json(content)
    except ValueError as error:
        raise APIError(400, f"The body is not JSON: {error}") from None


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
        if depth > MAX_DEPTH:
            raise ValueError(TOO_DEEP)
        count += sum(map(len, level))
        if count > MAX_VALUES:
            raise ValueError(f"it has more than {MAX_VALUES} values")
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
