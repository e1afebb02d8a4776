"""The errors of the client.

PressError
├── InvalidArgument (also ValueError and TypeError)   a value cannot be sent; nothing was sent
│   └── LocalFileMissing (also FileNotFoundError)     the local file that stands in for a deployment does not exist
├── Interrupted                                       the caller asked to stop
├── TransportError                                    no complete response arrived
│   ├── ConnectError                                  no connection: the request never arrived
│   │   ├── ConnectionRefused                         nothing listens at the address
│   │   └── TLSError                                  the server is not trusted
│   ├── Timeout                                       no complete response within the time allowed
│   └── ResponseLost                                  the connection broke before the response was complete
├── StatusError                                       a response arrived, and its status is not 2xx
│   ├── Redirected                                    3xx
│   ├── BadRequest                                    400
│   ├── Unauthorized                                  401
│   ├── Forbidden                                     403
│   ├── NotFound                                      404
│   ├── Conflict                                      409
│   ├── PayloadTooLarge                               413
│   ├── UnprocessableEntity                           422
│   ├── TooManyRequests                               429
│   ├── ServerError                                   5xx
│   └── UnexpectedStatus                              any other
└── InvalidResponse                                   2xx, but not the documented response

All errors have the same attributes, and none of them holds the token. Check `outcome_unknown` after a write: if it is
true, the write may have been carried out, so look the object up before sending it again.
"""

# ruff: noqa: N818 - the names are those of the statuses and of the SDK.

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pulumi_press.output import shorten

__all__ = [
    "BadRequest",
    "Conflict",
    "ConnectError",
    "ConnectionRefused",
    "Forbidden",
    "Interrupted",
    "InvalidArgument",
    "InvalidResponse",
    "LocalFileMissing",
    "NotFound",
    "PayloadTooLarge",
    "PressError",
    "Redirected",
    "ResponseLost",
    "ServerError",
    "StatusError",
    "TLSError",
    "Timeout",
    "TooManyRequests",
    "TransportError",
    "Unauthorized",
    "UnexpectedStatus",
    "UnprocessableEntity",
    "describe_body",
    "is_loopback",
    "one_line",
    "status_error",
]


_LONGEST_PATH = 500  # characters of a path in a message; an id in it may have any number


@dataclass(eq=False, repr=False)
class PressError(Exception):
    """The base of all errors of this client. `str(error)` is one paragraph for people."""

    reason: str
    """What went wrong, as one clause."""
    method: str = field(default="", kw_only=True)
    """HTTP method of the request; empty if there is none."""
    path: str = field(default="", kw_only=True)
    """Path of the request, escaped, without the query."""
    host: str = field(default="", kw_only=True)
    """Host of the request, with the port if it is not the default."""
    request_id: str = field(default="", kw_only=True)
    """Value of `x-peak-requestId`, the same for all attempts of a request."""
    status: int | None = field(default=None, kw_only=True)
    """HTTP status of the response, if one arrived."""
    detail: str = field(default="", kw_only=True)
    """The error message of the service, shortened."""
    body: Any = field(default=None, kw_only=True)
    """The response's JSON body, if it had one."""
    retry_after: float | None = field(default=None, kw_only=True)
    """Seconds the service asked to wait."""
    attempts: int = field(default=0, kw_only=True)
    """How often the request was sent, or an attempt was made to send it."""
    gave_up: str = field(default="", kw_only=True)
    """Why there was no further attempt although the error allows one."""
    outcome_unknown: bool = field(default=False, kw_only=True)
    """Whether a write may have been carried out although this error was raised."""

    verb: ClassVar[str] = "failed"
    _advice: ClassVar[str] = ""

    @property
    def advice(self) -> str:
        """What to do, in one sentence; empty if only the program can know."""
        return self._advice

    def __post_init__(self) -> None:
        """Keep the reason in copies and pickles, where an OSError would leave it out."""
        self.args = (self.reason,)

    def __str__(self) -> str:
        """Return what was requested, what went wrong, and what to do."""
        text = ": ".join(part for part in (self.reason, self.detail) if part)
        if self.method:
            text = f"{self.method} {shorten(self.path, _LONGEST_PATH)} at {self.host} {self.verb}: {text}"
        notes = [f"{self.attempts} attempts"] if self.attempts > 1 else []
        notes += [self.gave_up] if self.gave_up else []
        if notes:
            text = f"{text.rstrip('.')} ({'; '.join(notes)})"
        unknown = (
            "Whether it was carried out is not known: look before sending it again." if self.outcome_unknown else ""
        )
        sentences = [
            part if part.endswith((".", "?", "!")) else f"{part}." for part in (text, self.advice, unknown) if part
        ]
        return " ".join(sentences) if len(sentences) > 1 else text

    def __repr__(self) -> str:
        """Return the class and the message."""
        return f"{type(self).__name__}({str(self)!r})"


class InvalidArgument(PressError, ValueError, TypeError):
    """A value that cannot be sent. Nothing was sent."""


class LocalFileMissing(InvalidArgument, FileNotFoundError):
    """There is no deployment id, and the local file that stands in for the deployment does not exist."""


class Interrupted(PressError):
    """The client was stopped while a request waited."""

    verb = "was interrupted"


class TransportError(PressError):
    """No complete response arrived."""

    _advice = "Check press:endpoint and the network, and try again."


class ConnectError(TransportError):
    """No connection was made: the request never arrived."""


class ConnectionRefused(ConnectError):
    """Nothing listens at the address."""

    @property
    def advice(self) -> str:
        """How to start a local Press, for an address of this machine; else as for any transport error."""
        if not is_loopback(self.host):
            return self._advice
        port = self.host.rpartition(":")[2]
        option = f" --port {port}" if port.isdecimal() else ""
        return (
            f"Nothing listens there: start a local Press with `pulumi-press emulator{option}`, "
            "or set press:endpoint to another address."
        )


class TLSError(ConnectError):
    """No TLS connection that this machine trusts. The request was not sent."""

    _advice = "Check press:endpoint and the trusted certificates (REQUESTS_CA_BUNDLE), and try again."


class Timeout(TransportError):
    """No complete response arrived within the time allowed."""


class ResponseLost(TransportError):
    """The connection broke after the request, or a part of it, was sent."""


class StatusError(PressError):
    """A response arrived, and its status is not 2xx."""

    verb = "was refused"


class Redirected(StatusError):
    """3xx: the service is at another address. Redirects are never followed."""

    verb = "was redirected"
    _advice = "Redirects are not followed: set press:endpoint to the address of the service itself."


class BadRequest(StatusError):
    """400: the service did not accept the arguments."""


class Unauthorized(StatusError):
    """401: the token is not accepted."""

    _advice = "Try again with a valid token of this stage."


class Forbidden(StatusError):
    """403: the token does not allow this."""

    _advice = "Try again with a token that may do this."


class NotFound(StatusError):
    """404: no such object."""

    _advice = (
        "It may have been deleted, or belong to another tenant; if nothing is found, set press:endpoint to the address "
        "of Press."
    )


class Conflict(StatusError):
    """409: the object's state does not allow this now."""

    _advice = "Try again when its current change is complete."


class PayloadTooLarge(StatusError):
    """413: the artifact is larger than the service accepts."""

    _advice = "Leave files out of the artifact with an ignore file."


class UnprocessableEntity(StatusError):
    """422: the service understood the request and found a mistake in it."""


class TooManyRequests(StatusError):
    """429: the service asks for fewer requests. The request was not carried out."""

    _advice = "Try again later."


class ServerError(StatusError):
    """5xx: the service failed."""

    verb = "failed"
    _advice = "Try again later."

    @property
    def advice(self) -> str:
        """Whether to try again or, where that cannot help, to correct the address."""
        if self.status in _NEVER_IMPLEMENTED:
            return "The server does not know this path: set press:endpoint to the address of Press."
        return self._advice


class UnexpectedStatus(StatusError):
    """A status that is not documented for any request."""

    _advice = "If this is not Press, set press:endpoint to its address; otherwise try again."


class InvalidResponse(PressError):
    """A 2xx response that does not have the documented shape."""

    verb = "got a response that cannot be used"
    _advice = (
        "If this is not Press, set press:endpoint to its address; otherwise try again, or use a newer pulumi-press."
    )


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: PayloadTooLarge,
    422: UnprocessableEntity,
    429: TooManyRequests,
}
_BY_HUNDRED: dict[int, type[StatusError]] = {3: Redirected, 5: ServerError}
_NEVER_IMPLEMENTED = frozenset({501, 505})


def status_error(status: int, detail: str = "", body: Any = None, retry_after: float | None = None) -> StatusError:
    """Return the error for a response with this status."""
    kind = _BY_STATUS.get(status) or _BY_HUNDRED.get(status // 100, UnexpectedStatus)
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    return kind(f"{status} {phrase}".strip(), status=status, detail=detail, body=body, retry_after=retry_after)


def is_loopback(host: str) -> bool:
    """Return whether a host, perhaps with a port, is this machine itself."""
    import ipaddress  # A program that declares resources has no use for it.

    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


_LONGEST = 500  # characters of the service's message in an error
_LONGEST_MARKUP = 16 * 1024  # characters of an HTML page that are searched for it
_TEXT_FIELDS = ("detail", "message", "msg", "error", "title", "description", "reason")
_PLACE_FIELDS = ("path", "field", "property", "loc")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def describe_body(text: str) -> tuple[str, Any]:
    """Return the error message of a response body on one short line, and the body's JSON, if it is JSON."""
    try:
        body = json.loads(text)
        detail = _say(body)
    except (ValueError, RecursionError):
        body = None
        detail = _plain(text)
    detail = one_line(detail)
    return (detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}..."), body


def one_line(text: str) -> str:
    """Return a text on one line, without characters that cannot be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _say(value: Any) -> str:
    """Return what a JSON body says, as text for people."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return "; ".join(map(_say_with_place, value))
    if not isinstance(value, dict):
        return json.dumps(value)
    said = next((_say(value[name]) for name in _TEXT_FIELDS if value.get(name)), "")
    errors = value.get("errors") or []
    for item in errors if isinstance(errors, list) else [errors]:
        if len(said) > _LONGEST:
            break
        if _say(item) not in said:  # `detail` often repeats what `errors` holds.
            said += f"{'; ' if said else ''}{_say_with_place(item)}"
    return said or ", ".join(f"{key}: {_say(item)}" for key, item in value.items() if item not in ("", None))


def _say_with_place(item: Any) -> str:
    """Return what one of several errors says, after the path of the property that it is about."""
    if not isinstance(item, dict):
        return _say(item)
    name = next((name for name in _PLACE_FIELDS if item.get(name)), "")
    place = item.get(name, "")
    path = ".".join(map(str, place)) if isinstance(place, list) else str(place)
    message = _say({key: value for key, value in item.items() if key != name})
    return ": ".join(part for part in (path, message) if part)


def _plain(text: str) -> str:
    if not text.lstrip().startswith("<"):
        return text
    from html import unescape  # It is slow to load, and few responses are HTML.

    text = text[:_LONGEST_MARKUP]
    title = "".join(_TITLE.findall(text)[:1]).strip()
    rest = _TAG.sub(" ", _HIDDEN.sub(" ", text)).strip()
    return unescape(rest if rest.startswith(title) else f"{title}: {rest}")
