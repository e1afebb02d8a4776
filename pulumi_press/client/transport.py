"""Sending a request: attempts, the delays between them, the deadline, and the response."""

from __future__ import annotations

import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
import urllib3.exceptions as wire
from requests.structures import CaseInsensitiveDict

from pulumi_press.client.errors import (
    ConnectError,
    Interrupted,
    InvalidResponse,
    PressError,
    ResponseLost,
    Timeout,
    TooManyRequests,
    UnexpectedStatus,
    describe_body,
    one_line,
    status_error,
)
from pulumi_press.client.request import Form
from pulumi_press.client.responses import Shape, ShapeError, T, is_error, read_json
from pulumi_press.client.retry import (
    Clock,
    Cooldown,
    RetryBudget,
    RetryPolicy,
    Timeouts,
    leaves_outcome_unknown,
    seconds_to_wait,
)
from pulumi_press.client.session import CONNECTIONS, new_session, proxies_for, translate_error, watched
from pulumi_press.client.turns import Turns

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from pulumi_press.client.request import Request
    from pulumi_press.client.token import Token

__all__ = ["ServiceClock", "Transport"]


class ServiceClock:
    """This machine's clock, and how far the service's is ahead of it by the dates of its responses.

    Args:
        now: returns the time of this machine, in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._ahead = 0.0

    def at_service(self, moment: float) -> float:
        """Return the service's time at a moment of this machine's clock."""
        return moment + self._ahead

    def note(self, date: str | None) -> None:
        """Set the difference from the date of a response that arrived just now; ignore a missing or malformed one."""
        with suppress(ValueError, TypeError):
            self._ahead = parsedate_to_datetime(date or "").timestamp() - self.now()


_LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
_SUCCESS = range(200, 300)
_WITH_BODY = frozenset(_SUCCESS) - {204}
_FRAMING = ("Content-Length", "Transfer-Encoding")
_REDIRECTION = range(300, 400)
_NOT_FOUND = 404
_CHUNK = 64 * 1024  # bytes


@dataclass(frozen=True)
class _Response:
    status: int
    retry_after: str | None
    location: str
    body: bytes


@dataclass(frozen=True)
class _Watched:
    """A body that checks before each piece whether to continue."""

    form: Form
    look: Callable[[], None]

    def __len__(self) -> int:
        return len(self.form)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.form:
            self.look()
            yield chunk


class Transport:
    """Sends requests to one service with one token. Many threads may use it at once."""

    def __init__(
        self,
        base: str,
        token: Token,
        *,
        timeouts: Timeouts,
        policy: RetryPolicy,
        budget: RetryBudget,
        cooldown: Cooldown,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        self.base = base
        self._host = urlsplit(base).netloc
        self._token = token
        self._timeouts = timeouts
        self._policy = policy
        self._budget = budget
        self._cooldown = cooldown
        self._stop = stop
        self._clock = clock
        self._session = new_session(token)
        # Proxies and CA bundle, read once: reading the environment for each request takes as long as sending it.
        self._surroundings: Any = self._session.merge_environment_settings(base, proxies_for(base), True, None, None)  # noqa: FBT003  # As requests has it.
        self._headers = {name: str(value) for name, value in self._session.headers.items()}
        self._origin = ""
        self.times = ServiceClock(clock.wall)
        self._turns = Turns(CONNECTIONS)

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(self, request: Request, shape: Shape[T]) -> T:
        """Send a request, with retries, and return its response in the given shape.

        Raises:
            PressError: Any but `LocalFileMissing`.
        """
        request_id = str(uuid.uuid4())
        expires = self._clock.monotonic() + self._policy.deadline
        attempts = 0
        unknown = False
        while True:
            attempts += 1
            try:
                result = self._try(request, shape, request_id, expires)
            except PressError as error:
                # Without the traceback, which refers to the response, the connection and the token.
                failure: PressError = error.with_traceback(None)
                self._cooldown.note(failure, self._clock.monotonic())
            else:
                self._budget.give_back()
                return result
            unknown = unknown or failure.outcome_unknown or leaves_outcome_unknown(failure)
            delay = self._delay(request, failure, attempts, expires)
            if delay is not None and self._clock.wait(self._stop, delay):
                failure, delay = (
                    Interrupted(f"asked to stop while waiting for another attempt ({failure.reason})"),
                    None,
                )
            if delay is None:
                failure.attempts = attempts
                failure.outcome_unknown = request.writes and unknown
                try:
                    raise self._described(failure, request, request_id)
                finally:
                    del failure  # It refers to this frame.

    def invalid_response(self, request: Request, reason: str) -> InvalidResponse:
        """Return the error for a response that has the right shape and still cannot be used."""
        error = InvalidResponse(reason, attempts=1, outcome_unknown=request.writes)
        self._described(error, request, "")
        return error

    def _described(self, failure: PressError, request: Request, request_id: str) -> PressError:
        failure.method, failure.path = request.method, request.path
        failure.host, failure.request_id = self._host, request_id
        failure.reason = self._token.hide(one_line(failure.reason))
        failure.args = (failure.reason,)
        return failure

    def _delay(self, request: Request, failure: PressError, attempts: int, expires: float) -> float | None:
        """Return the seconds to wait before another attempt, or None if there is none."""
        is_repeated = self._policy.repeats(failure, idempotent=request.idempotent)
        if not is_repeated or failure.gave_up or attempts >= self._policy.attempts:
            return None
        delay = self._policy.delay(attempts, failure.retry_after, self._clock.random())
        if self._clock.monotonic() + delay >= expires:
            failure.gave_up = self._describe_deadline(failure.retry_after)
        elif not self._budget.take():
            failure.gave_up = "no other attempt, since too many requests of this process failed"
        else:
            return delay
        return None

    def _describe_deadline(self, retry_after: float | None) -> str:
        asked = f", and the service asks to wait {retry_after:.0f} s" if retry_after else ""
        return f"a request has {self._policy.deadline:g} s in all{asked}"

    def _try(self, request: Request, shape: Shape[T], request_id: str, expires: float) -> T:
        with self._connection(expires):
            response = self._exchange(request, request_id, expires)
        if response.status in _SUCCESS:
            try:
                return shape(read_json(response.body))
            except ShapeError as error:
                reason = str(error)
            detail, body = self._describe(response)
            # Only a page of HTML or an error is quoted: any other 2xx body may hold secrets.
            is_shown = response.body.lstrip().startswith(b"<") or is_error(body)
            raise InvalidResponse(reason, status=response.status, detail=detail if is_shown else "")
        detail, body = self._describe(response)
        if response.location and response.status in _REDIRECTION:
            detail = f"to {response.location}"
        if response.status == _NOT_FOUND and detail and body is None:
            # The service sends JSON. This is from a gateway, so nothing may be treated as deleted because of it.
            raise UnexpectedStatus(
                "404 Not Found, and not by the service itself", status=response.status, detail=detail
            )
        raise status_error(response.status, detail, body, seconds_to_wait(response.retry_after, self._clock.wall()))

    def _describe(self, response: _Response) -> tuple[str, object]:
        return describe_body(self._token.hide(response.body.decode("utf-8", "replace")))

    def _exchange(self, request: Request, request_id: str, expires: float) -> _Response:
        """Send a request once, and return its complete response."""
        left = expires - self._clock.monotonic()
        try:
            with (
                watched(lambda: self._look_at_answer(expires)),
                self._session.get_adapter(self.base).send(
                    self._prepare(request, request_id, expires),
                    timeout=(min(self._timeouts.connect, left), min(self._timeouts.read, left)),
                    **self._surroundings,
                ) as response,
            ):
                body = self._read(response)
                self.times.note(response.headers.get("Date"))
                location = _without_query(self._token.hide(response.headers.get("Location", "")))
                return _Response(response.status_code, response.headers.get("Retry-After"), location, body)
        except PressError:
            raise
        except (requests.RequestException, wire.HTTPError, OSError, ValueError) as error:
            failure = translate_error(error)
        try:
            raise failure  # Here, without a context: that would refer to the request, which holds the token.
        finally:
            del failure

    def _prepare(self, request: Request, request_id: str, expires: float) -> requests.PreparedRequest:
        if not self._origin:
            self._origin = str(requests.Request("GET", self.base + "/").prepare().url)[:-1]
        body = _Watched(request.body, lambda: self._look(expires)) if isinstance(request.body, Form) else request.body
        prepared: Any = requests.PreparedRequest()
        # Assembled here, from parts that are escaped and checked: requests takes as long to do it as to send it.
        prepared.method = request.method
        prepared.url = f"{self._origin}{request.path}{'?' if request.query else ''}{urlencode(request.query)}"
        prepared.headers = CaseInsensitiveDict(self._headers)
        prepared.headers["Content-Type"] = request.content_type
        prepared.headers["Content-Length"] = str(len(body))
        prepared.headers["x-peak-requestId"] = request_id
        prepared.body = body
        return self._token(prepared)

    def _read(self, response: requests.Response) -> bytes:
        """Return a body. A stop does not interrupt it: it may hold the id of what was just created."""
        read: Callable[..., bytes] = getattr(response.raw, "read1", response.raw.read)  # urllib3 1 has no read1.
        body = bytearray()
        while piece := read(_CHUNK, decode_content=True):
            body += piece
            if len(body) > _LARGEST_ANSWER:
                raise InvalidResponse(
                    f"the response is larger than {_LARGEST_ANSWER >> 20} MiB", status=response.status_code
                )
        if getattr(response.raw, "length_remaining", 0):  # urllib3 1 does not raise.
            raise ResponseLost("the connection broke: the response is incomplete")
        if not body and response.status_code in _WITH_BODY and not any(name in response.headers for name in _FRAMING):
            raise ResponseLost("the connection broke: the response ended before its body")
        return bytes(body)

    def _look(self, expires: float) -> None:
        """Raise an error if a request must not be sent further."""
        if self._stop.is_set():
            raise Interrupted("asked to stop")
        if self._clock.monotonic() >= expires:
            raise ConnectError(f"not sent within {self._policy.deadline:g} s")

    def _look_at_answer(self, expires: float) -> None:
        """Raise an error if the deadline for the response has passed."""
        if self._clock.monotonic() >= expires:
            raise Timeout(f"no complete response within {self._policy.deadline:g} s")

    @contextmanager
    def _connection(self, expires: float) -> Iterator[None]:
        """Wait until the service wants requests and a connection is free, and hold that."""
        while True:
            self._look(expires)
            self._cool_down(expires)
            self._turns.take(lambda: self._look(expires))
            if self._cooldown.left(self._clock.monotonic()) <= 0:
                break
            self._turns.give_back()
        try:
            self._look(expires)
            yield
        finally:
            self._turns.give_back()

    def _cool_down(self, expires: float) -> None:
        """Wait until the service wants requests again."""
        left = self._cooldown.left(self._clock.monotonic())
        if left <= 0:
            return
        reason = f"the service answered {self._cooldown.reason} to another request"
        # Many wait for the same moment, so each comes a little later.
        delay = self._policy.delay(1, left, self._clock.random())
        if self._clock.monotonic() + delay >= expires:
            gave_up = self._describe_deadline(left)
            raise TooManyRequests(f"not sent, since {reason}", retry_after=left, gave_up=gave_up)
        if self._clock.wait(self._stop, delay):
            raise Interrupted(f"asked to stop while waiting, since {reason}")


def _without_query(location: str) -> str:
    """Return the target of a redirect, without credentials and query, which may be secret."""
    try:
        parts = urlsplit(location)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path
    except ValueError:
        return ""
