"""One call of the API, as a value: what is sent, and whether sending it twice does harm."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.multipart import Form

__all__ = ["Call", "call", "json_text", "query", "route"]

_SAFE_TO_REPEAT = frozenset({"GET", "PATCH", "DELETE"})

QueryValue = str | int | bool | Sequence[str] | None


@dataclass(frozen=True)
class Call:
    """What one call sends."""

    method: str
    path: str
    """Escaped, from the first slash on, without the query."""
    query: tuple[tuple[str, str], ...]
    body: bytes | Form
    writes: bool
    """Whether the service changes something when it carries the call out."""

    @property
    def idempotent(self) -> bool:
        """Whether it may be sent again after it may have been carried out."""
        return not self.writes or self.method in _SAFE_TO_REPEAT

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return self.body.content_type if isinstance(self.body, Form) else "application/json"

    def asking(self, **values: QueryValue) -> Call:
        """Return the same call with more query keys."""
        return replace(self, query=self.query + query(values))


def call(
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | Form | None = None,
    asking: Mapping[str, QueryValue] | None = None,
    dry_run: bool = False,
) -> Call:
    """Make a call. Without a body, `{}` is sent, on GET and DELETE too, as the SDK does.

    `dry` says of a POST that it changes nothing.

    Raises:
        InvalidArgument: The body cannot be written as JSON.
    """
    sent = body if isinstance(body, Form) else json_text(body or {}, "body").encode("ascii")
    return Call(method, path, query(asking or {}), sent, writes=method != "GET" and not dry_run)


def json_text(value: Any, name: str) -> str:
    """Write JSON as the SDK does: ASCII only, one space after commas and colons.

    Raises:
        InvalidArgument: There is something in the value that JSON has no word for, such as NaN or a date.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise InvalidArgument(f"{name} cannot be written as JSON: {reason}")


def query(values: Mapping[str, QueryValue]) -> tuple[tuple[str, str], ...]:
    """Write query values: a list as repeated keys, None and an empty list not at all, `True` and `False` so."""
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        if value is None:
            continue
        items = (value,) if isinstance(value, (str, int)) else value
        pairs += [(key, str(item)) for item in items]
    return tuple(pairs)


def route(template: str, **ids: str | int) -> str:
    """Fill ids into a path, escaped so that none of them can lead to another path.

    Raises:
        InvalidArgument: An id is empty, is not text or a whole number, or climbs up the path with `.` or `..`,
            which no escaping helps against: URLs are normalized on their way.
    """
    return template.format(**{name: _segment(name, value) for name, value in ids.items()})


def _segment(name: str, value: str | int) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InvalidArgument(f"{name} must be text, not {type(value).__name__}")
    text = str(value)
    if not text.strip():
        raise InvalidArgument(f"{name} is empty")
    if any(piece in {".", ".."} for piece in text.replace("\\", "/").split("/")):
        raise InvalidArgument(f"{name} {text!r} is not an id: it would lead to another path")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        pass
    raise InvalidArgument(f"{name} {text!r} is not an id: it holds half a character")
