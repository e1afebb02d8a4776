"""The log of requests: each call of the API with its status, secrets masked."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.api.calls import Upload, parse_json
from pulumi_press.emulator.backend.backend import mask
from pulumi_press.emulator.backend.store import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


__all__ = ["Entry", "RequestLog", "RequestLogMiddleware", "describe_parts", "entry_of"]

MAX_ENTRIES = 10_000
"""Number of calls that are kept, the newest."""

MAX_BYTES = 64 * 2**20
"""Bytes of paths, queries and bodies that are kept; the oldest calls are dropped first."""

SCOPE_KEY = "press.entry"


@dataclass
class Entry:
    """A logged call.

    Args:
        sequence: its number, from 1 and unique.
        time: when it came; real time, unless the local Press has a seed number.
        method: such as `POST`.
        path: decoded, without the query.
        query: as it was sent.
        status: of the response; None while, or because, there is none.
        tenant: the caller's; None if the token is not known.
        requestId: the header `x-peak-requestId`.
        connection: number of its connection.
        body: the JSON body, masked, as text, which takes less memory than the value; None if there was none, or it was
            not read.
        parts: the parts of a form in the order sent, masked, as JSON text; a file has its size and digest.
        fault: number of the fault rule that applied, from 1.
        changed: what it changed: `spec` or `deployment` with the id, and the `release` or the `revision` that it made.
    """

    sequence: int
    time: str
    method: str
    path: str
    query: str
    tenant: str | None
    requestId: str | None  # noqa: N815  (as the API writes names)
    connection: int | None
    status: int | None = None
    body: str | None = None
    parts: str | None = None
    fault: int | None = None
    changed: dict[str, Any] | None = None
    size: int = field(default=0, repr=False)
    is_over: bool = field(default=False, repr=False)

    def describe(self) -> dict[str, Any]:
        """Return what the control plane shows."""
        shown = asdict(self)
        del shown["size"], shown["is_over"]
        read = {key: json.loads(shown[key]) for key in ("body", "parts") if shown[key] is not None}
        return shown | read


class RequestLog:
    """The last calls, oldest first.

    Args:
        now: returns the time in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._entries: deque[Entry] = deque()
        self._count = 0
        self._bytes = 0

    def open(
        self, *, method: str, path: str, query: str, tenant: str | None, request_id: str | None, connection: int | None
    ) -> Entry:
        """Add a call that begins, and return its entry."""
        self._count += 1
        entry = Entry(self._count, timestamp(self._now()), method, path, query, tenant, request_id, connection)
        self._entries.append(entry)
        self._add_size(entry, len(path) + len(query) + len(request_id or ""))
        return entry

    def add_body(self, entry: Entry, body: Any) -> None:
        """Add the JSON body of a call, already masked."""
        entry.body = _compact(body)
        self._add_size(entry, len(entry.body))

    def add_parts(self, entry: Entry, parts: list[dict[str, Any]]) -> None:
        """Add the parts of a call's form, already masked."""
        entry.parts = _compact(parts)
        self._add_size(entry, len(entry.parts))

    def describe(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the calls with a higher number than `after`."""
        return [entry.describe() for entry in tuple(self._entries) if entry.sequence > after]

    def newest(self, keep: Callable[[Entry], bool] = bool) -> list[Entry]:
        """Return the calls, the newest first.

        Args:
            keep: returns whether a call is wanted; all are by default.
        """
        return list(filter(keep, reversed(tuple(self._entries))))

    def clear(self) -> None:
        """Remove all calls."""
        self._entries.clear()
        self._bytes = 0

    def _add_size(self, entry: Entry, size: int) -> None:
        # The log may have been cleared during the call.
        if self._entries and entry.sequence >= self._entries[0].sequence:
            entry.size += size
            self._bytes += size
            self._trim()

    def _trim(self) -> None:
        while len(self._entries) > MAX_ENTRIES or (self._bytes > MAX_BYTES and len(self._entries) > 1):
            self._bytes -= self._entries.popleft().size


class RequestLogMiddleware:
    """ASGI middleware that logs each call of the API.

    Args:
        app: the next application.
        log: the log.
        tenants: tenant by token.
        connection_of: returns the number of the connection of a call.
        ignore: returns whether a path is not logged.
    """

    def __init__(
        self,
        app: ASGIApp,
        log: RequestLog,
        tenants: Mapping[str, str],
        connection_of: Callable[[Scope], int | None],
        ignore: Callable[[str], bool],
    ) -> None:
        self._app = app
        self._log = log
        self._tenants = tenants
        self._connection_of = connection_of
        self._ignore = ignore

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request."""
        if scope["type"] != "http" or self._ignore(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        entry = self._log.open(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            tenant=self._tenants.get(headers.get(b"authorization", "")),
            request_id=headers.get(b"x-peak-requestid"),
            connection=self._connection_of(scope),
        )

        async def log_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(message)

        try:
            await self._app({**scope, SCOPE_KEY: entry}, receive, log_status)
        finally:
            entry.is_over = True


def entry_of(scope: Scope) -> Entry | None:
    """Return the log entry of a call; None: the call is not logged."""
    entry = scope.get(SCOPE_KEY)
    return entry if isinstance(entry, Entry) else None


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def describe_parts(parts: Sequence[tuple[str, str | Upload]], hidden: Collection[str]) -> list[dict[str, Any]]:
    """Return the parts of a form as the log shows them."""
    shown: list[dict[str, Any]] = []
    for name, value in parts:
        if isinstance(value, Upload):
            digest = hashlib.sha256(value.content).hexdigest()
            about = {"filename": value.filename, "contentType": value.content_type, "size": len(value.content)}
            shown.append({"name": name, **about, "sha256": digest})
        else:
            shown.append({"name": name, "value": _read_part(name, value, hidden)})
    return shown


def _read_part(name: str, text: str, hidden: Collection[str]) -> Any:
    if name == "scope":
        return text
    try:
        return mask(parse_json(text), hidden)
    except ValueError:
        return f"not JSON, {len(text)} characters"
