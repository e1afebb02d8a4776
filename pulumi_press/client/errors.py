"""What can go wrong between a program and Press.

PressError
├── InvalidArgument (also ValueError and TypeError)   nothing was sent: a value that could not be sent
│   └── LocalFileMissing (also FileNotFoundError)     the local file that stands in for a deployment is not there
├── Interrupted                                       the caller asked to stop
├── TransportError                                    no whole answer came
│   ├── ConnectError                                   no connection: the request never arrived
│   │   └── TLSError                                 the other side could not prove who it is
│   ├── Timeout                                       no whole answer within the time allowed
│   └── ResponseLost                                    the connection broke before the whole answer was read
├── StatusError                                       an answer came, and it was not 2xx
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
└── InvalidResponse                                   2xx, but not what the call is documented to answer

Every error carries the same facts, and none of them holds the token. `outcome_unknown` is the one to look at after a
write: where it is true the write may have been carried out, so look the object up before sending it again.
"""

# ruff: noqa: N818 - the names are those of the statuses and of the SDK; `Error` at the end of each would say nothing.

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar

__all__ = [
    "BadRequest",
    "Conflict",
    "ConnectError",
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
    "one_line",
    "status_error",
]


@dataclass(eq=False, repr=False)
class PressError(Exception):
    """The base of all errors of this client. `str(error)` is one readable paragraph."""

    reason: str
    """What went wrong, as one clause."""
    method: str = field(default="", kw_only=True)
    """HTTP method of the call; empty if there was no call yet."""
    path: str = field(default="", kw_only=True)
    """Path of the call, escaped, without the query."""
    host: str = field(default="", kw_only=True)
    """Host, and port if it is not the usual one, that was asked."""
    request_id: str = field(default="", kw_only=True)
    """Value of `x-peak-requestId`, the same for all tries of the call."""
    status: int | None = field(default=None, kw_only=True)
    """HTTP status of the answer, if one came."""
    detail: str = field(default="", kw_only=True)
    """The service's own words, in short."""
    answer: Any = field(default=None, kw_only=True)
    """The answer's JSON body, if it had one."""
    retry_after: float | None = field(default=None, kw_only=True)
    """Seconds the service asked to wait."""
    attempts: int = field(default=0, kw_only=True)
    """How many times the request was sent, or was tried to be sent."""
    gave_up: str = field(default="", kw_only=True)
    """Why there was no further try, where another was allowed."""
    outcome_unknown: bool = field(default=False, kw_only=True)
    """Whether a write may have been carried out although this error was raised."""

    verb: ClassVar[str] = "failed"
    advice: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Let copies and pickles have the reason, which an OSError would leave out."""
        self.args = (self.reason,)

    def __str__(self) -> str:
        """What was asked of whom, what came of it, and what to do."""
        text = ": ".join(part for part in (self.reason, self.detail) if part)
        if self.method:
            text = f"{self.method} {self.path} at {self.host} {self.verb}: {text}"
        notes = [f"{self.attempts} tries"] if self.attempts > 1 else []
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
        """The class and the paragraph."""
        return f"{type(self).__name__}({str(self)!r})"


class InvalidArgument(PressError, ValueError, TypeError):
    """A value that cannot be sent. Nothing was sent."""


class LocalFileMissing(InvalidArgument, FileNotFoundError):
    """There is no deployment id, and the local file that would stand in for the deployment does not exist."""


class Interrupted(PressError):
    """The client was asked to stop while a call waited."""

    verb = "was interrupted"


class TransportError(PressError):
    """No whole answer came."""

    advice = "Check the endpoint and the network, and try again."


class ConnectError(TransportError):
    """No connection was made: the request never arrived."""


class TLSError(ConnectError):
    """The connection was given up before the request was sent: the other side could not prove who it is."""


class Timeout(TransportError):
    """No whole answer came within the time allowed."""


class ResponseLost(TransportError):
    """The connection broke after the request, or a part of it, had been sent."""


class StatusError(PressError):
    """An answer came, and its status was not 2xx."""

    verb = "was refused"


class Redirected(StatusError):
    """3xx: the service points elsewhere. Redirects are never followed."""

    verb = "was redirected"
    advice = "Redirects are not followed: set the endpoint to where the service really is."


class BadRequest(StatusError):
    """400: the service did not accept the arguments."""


class Unauthorized(StatusError):
    """401: the token is not accepted."""

    advice = "Is the token right, and is it one of this stage? Try again with one that is."


class Forbidden(StatusError):
    """403: the token does not allow this."""

    advice = "Try again with a token that may do this."


class NotFound(StatusError):
    """404: no such object."""

    advice = "Was it deleted, or is it of another tenant? Look, and try again."


class Conflict(StatusError):
    """409: the object's state does not allow this now."""

    advice = "Try again once it has settled."


class PayloadTooLarge(StatusError):
    """413: the artifact is larger than the service accepts."""

    advice = "Leave files out of the artifact with an ignore file."


class UnprocessableEntity(StatusError):
    """422: the service understood the request and found a mistake in it."""


class TooManyRequests(StatusError):
    """429: the service asks for fewer requests. The request was not carried out."""

    advice = "Try again later."


class ServerError(StatusError):
    """5xx: the service failed."""

    verb = "failed"
    advice = "Try again later."


class UnexpectedStatus(StatusError):
    """A status that none of the calls is documented to answer."""

    advice = "Is the endpoint that of Press? If so, try again."


class InvalidResponse(PressError):
    """A 2xx answer that is not what the call is documented to answer."""

    verb = "got an answer that cannot be used"
    advice = "Is the endpoint that of Press? If so, try again, or use a version of this client that knows such answers."


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


def status_error(status: int, detail: str = "", answer: Any = None, retry_after: float | None = None) -> StatusError:
    """Make the error for an answer with this status."""
    kind = _BY_STATUS.get(status) or _BY_HUNDRED.get(status // 100, UnexpectedStatus)
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    return kind(f"{status} {phrase}".strip(), status=status, detail=detail, answer=answer, retry_after=retry_after)


_LONGEST = 500  # characters of the service's words in an error
_LONGEST_MARKUP = 16 * 1024  # characters looked at to find them in a page of HTML
_TEXT_FIELDS = ("detail", "message", "error", "title", "description", "reason")


_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def describe_body(text: str) -> tuple[str, Any]:
    """Return the service's own words, on one short line, and the JSON that they were in, if it is JSON."""
    try:
        answer = json.loads(text)
        detail = _say(answer)
    except (ValueError, RecursionError):
        answer = None
        detail = _plain(text)
    detail = one_line(detail)
    return (detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}..."), answer


def one_line(text: str) -> str:
    """Return a text on one line, without what no person can read."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _say(answer: Any) -> str:
    if isinstance(answer, str):
        return _plain(answer)
    if isinstance(answer, list):
        return "; ".join(item if isinstance(item, str) else _compact(item) for item in answer)
    if not isinstance(answer, dict):
        return _compact(answer)
    said = [answer[name] for name in _TEXT_FIELDS if answer.get(name)][:1]
    said += [answer["errors"]] if answer.get("errors") else []
    return "; ".join(item if isinstance(item, str) else _compact(item) for item in said or [answer])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    if not text.lstrip().startswith("<"):
        return text
    text = text[:_LONGEST_MARKUP]
    title = "".join(_TITLE.findall(text)[:1]).strip()
    rest = _TAG.sub(" ", _HIDDEN.sub(" ", text)).strip()
    return html.unescape(rest if rest.startswith(title) else f"{title}: {rest}")
