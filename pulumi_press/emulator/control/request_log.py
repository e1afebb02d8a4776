"""The journal: what was asked, and what status it got. Secrets never get in."""

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
"""So many calls are remembered, the newest."""

MAX_BYTES = 64 * 2**20
"""So many bytes of paths, queries and bodies are remembered; the oldest calls go first."""

SCOPE_KEY = "press.entry"


@dataclass
class Entry:
    """A call.

    Args:
        sequence: its number, from 1; none comes twice.
        time: when it came: in real time, unless all times follow from a number.
        method: such as `POST`.
        path: decoded, without the query.
        query: as it was sent.
        status: of the answer; None as long as, or because, there was none.
        tenant: the caller's, None when the token is not known.
        requestId: the header `x-peak-requestId`.
        connection: number of the connection that it came on; calls with the same one shared it.
        body: the JSON body, masked, as text, which takes less memory than what is read of it; None when there was none
            or it was not read.
        parts: the parts of a form in the order sent, masked, as JSON text; a file has its size and digest.
        fault: number of the fault rule that fired, from 1.
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
    size: int = field(default=0, repr=False)

    def describe(self) -> dict[str, Any]:
        """Return what the control plane shows."""
        shown = asdict(self)
        del shown["size"]
        read = {key: json.loads(shown[key]) for key in ("body", "parts") if shown[key] is not None}
        return shown | read


class RequestLog:
    """The last calls, in the order in which they came.

    Args:
        now: tells the time, in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._entries: deque[Entry] = deque()
        self._count = 0
        self._bytes = 0

    def open(
        self, *, method: str, path: str, query: str, tenant: str | None, request_id: str | None, connection: int | None
    ) -> Entry:
        """Note a call that begins."""
        self._count += 1
        entry = Entry(self._count, timestamp(self._now()), method, path, query, tenant, request_id, connection)
        self._entries.append(entry)
        self._weigh(entry, len(path) + len(query) + len(request_id or ""))
        return entry

    def add_body(self, entry: Entry, body: Any) -> None:
        """Keep the JSON body of a call, masked already."""
        entry.body = _compact(body)
        self._weigh(entry, len(entry.body))

    def add_parts(self, entry: Entry, parts: list[dict[str, Any]]) -> None:
        """Keep the parts of a call's form, masked already."""
        entry.parts = _compact(parts)
        self._weigh(entry, len(entry.parts))

    def describe(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the calls with a higher number than `after`."""
        return [entry.describe() for entry in tuple(self._entries) if entry.sequence > after]

    def describe_last(self, count: int) -> list[dict[str, Any]]:
        """Return the last calls."""
        return self.describe(self._count - count)

    def clear(self) -> None:
        """Forget all calls."""
        self._entries.clear()
        self._bytes = 0

    def _weigh(self, entry: Entry, size: int) -> None:
        # The journal may have been cleared while the call was under way.
        if self._entries and entry.sequence >= self._entries[0].sequence:
            entry.size += size
            self._bytes += size
            self._trim()

    def _trim(self) -> None:
        while len(self._entries) > MAX_ENTRIES or (self._bytes > MAX_BYTES and len(self._entries) > 1):
            self._bytes -= self._entries.popleft().size


class RequestLogMiddleware:
    """ASGI middleware that notes each call of the API.

    Args:
        app: what answers.
        journal: gives the journal.
        tenants: tenant by token.
        connection_of: returns the number of the connection of a call.
        ignore: tells the paths that are not noted.
    """

    def __init__(
        self,
        app: ASGIApp,
        journal: RequestLog,
        tenants: Mapping[str, str],
        connection_of: Callable[[Scope], int | None],
        ignore: Callable[[str], bool],
    ) -> None:
        self._app = app
        self._journal = journal
        self._tenants = tenants
        self._connection_of = connection_of
        self._ignore = ignore

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        if scope["type"] != "http" or self._ignore(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        entry = self._journal.open(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            tenant=self._tenants.get(headers.get(b"authorization", "")),
            request_id=headers.get(b"x-peak-requestid"),
            connection=self._connection_of(scope),
        )

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(message)

        await self._app({**scope, SCOPE_KEY: entry}, receive, note)


def entry_of(scope: Scope) -> Entry | None:
    """Return the entry of a call, if it is noted."""
    entry = scope.get(SCOPE_KEY)
    return entry if isinstance(entry, Entry) else None


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def describe_parts(parts: Sequence[tuple[str, str | Upload]], hidden: Collection[str]) -> list[dict[str, Any]]:
    """Return the parts of a form as the journal shows them."""
    shown: list[dict[str, Any]] = []
    for name, value in parts:
        if isinstance(value, Upload):
            digest = hashlib.sha256(value.content).hexdigest()
            about = {"filename": value.filename, "contentType": value.content_type, "size": len(value.content)}
            shown.append({"name": name, **about, "sha256": digest})
        else:
            shown.append({"name": name, "value": _read(name, value, hidden)})
    return shown


def _read(name: str, text: str, hidden: Collection[str]) -> Any:
    if name == "scope":
        return text
    try:
        return mask(parse_json(text), hidden)
    except ValueError:
        return f"not JSON, {len(text)} characters"
