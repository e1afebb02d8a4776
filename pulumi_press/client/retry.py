"""When a request is retried, after which delay, and for how long in all.

A 429 or a connection that was never made is retried for every request, because nothing was carried out. Any other lost
response, and a failing service, only for requests that are safe to repeat.

Where a 429 or a 503 says how long to wait, all requests to that service wait, those that were not sent yet too.
"""

from __future__ import annotations

import math
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pulumi_press.client.errors import (
    ConnectError,
    InvalidArgument,
    InvalidResponse,
    PressError,
    ResponseLost,
    Timeout,
    TLSError,
    TooManyRequests,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "PROCESS_BUDGET",
    "Clock",
    "Cooldown",
    "RetryBudget",
    "RetryPolicy",
    "Timeouts",
    "leaves_outcome_unknown",
    "seconds_to_wait",
]

_FAILED = range(500, 600)
_NEVER_CARRIED_OUT = frozenset({501, 505})
_ABOUT_ALL = frozenset({429, 503})
"""Statuses whose `Retry-After` is about the service, or about all that one caller sends; others are about a request."""


@dataclass(frozen=True)
class Clock:
    """Sources of time and random numbers, which tests replace."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    """Waits so many seconds for the event, and returns whether it was set."""
    random: Callable[[], float] = random.random


@dataclass(frozen=True)
class Timeouts:
    """Seconds that one attempt may take to connect, and then to wait for each next piece of the response."""

    connect: float = 10.0
    read: float = 60.0

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("connect", "read"):
            _check_positive(f"the {name} timeout", getattr(self, name))


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long a request is attempted."""

    attempts: int = 4
    """Attempts, the first included."""
    deadline: float = 300.0
    """Seconds in all: attempts, delays, the upload and the response."""
    base: float = 1.0
    """Seconds. The delay after attempt n is random, between 0 and `base * 2**(n-1)`, ..."""
    cap: float = 10.0
    """... and at most so many seconds, unless the service asks for more."""
    statuses: frozenset[int] = field(default=frozenset({500, 502, 503, 504}))
    """Statuses after which a request that is safe to repeat is retried. 429 always is."""

    def __post_init__(self) -> None:
        """Check the values."""
        if isinstance(self.attempts, bool) or not isinstance(self.attempts, int) or self.attempts < 1:
            raise InvalidArgument(f"the number of attempts must be a whole number from 1, not {self.attempts!r}")
        for name in ("deadline", "base", "cap"):
            _check_positive(f"the retry policy's {name}", getattr(self, name))

    def repeats(self, failure: PressError, *, idempotent: bool) -> bool:
        """Return whether a request that failed like this may be retried, however often it was."""
        if isinstance(failure, TLSError):
            return False
        if isinstance(failure, (ConnectError, TooManyRequests)):
            return True
        return idempotent and (isinstance(failure, (ResponseLost, Timeout)) or failure.status in self.statuses)

    def delay(self, attempts: int, retry_after: float | None, chance: float) -> float:
        """Return the seconds to wait after so many attempts; `chance` is a number from 0 to 1.

        Many clients get the same `Retry-After`, so each adds a random part of `base` seconds.
        """
        if retry_after is not None:
            return retry_after + chance * self.base
        return float(chance * min(self.cap, self.base * 2 ** (attempts - 1)))


def leaves_outcome_unknown(failure: PressError) -> bool:
    """Return whether the service may have carried out a request that failed like this."""
    if isinstance(failure, (ResponseLost, Timeout, InvalidResponse)):
        return True
    return failure.status in _FAILED and failure.status not in _NEVER_CARRIED_OUT


class RetryBudget:
    """A limit on retries that many requests share, so that they do not overload a failing service.

    Each retry takes one token, each success returns one. An empty budget still allows every first attempt.
    """

    def __init__(self, capacity: int = 200) -> None:
        self._capacity = capacity
        self._left = capacity
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token, and return whether there was one."""
        with self._lock:
            if self._left <= 0:
                return False
            self._left -= 1
            return True

    def give_back(self) -> None:
        """Return a token after a success."""
        with self._lock:
            self._left = min(self._capacity, self._left + 1)


class Cooldown:
    """Until when a service wants no request from one caller. All clients with its address and token share it."""

    def __init__(self) -> None:
        self._until = -math.inf
        self._lock = threading.Lock()
        self.reason = ""
        """The answer that asked for it, such as `429 Too Many Requests`."""

    def note(self, failure: PressError, now: float) -> None:
        """Begin or prolong it if an answer that arrived just now asks for that."""
        if failure.status not in _ABOUT_ALL or failure.retry_after is None:
            return
        with self._lock:
            if now + failure.retry_after > self._until:
                self._until, self.reason = now + failure.retry_after, failure.reason

    def left(self, now: float) -> float:
        """Return the seconds that are left of it; 0 or less where no request has to wait."""
        return self._until - now


PROCESS_BUDGET = RetryBudget()
"""The default budget of all clients of this process."""


def seconds_to_wait(header: str | None, now: float) -> float | None:
    """Return the seconds of a `Retry-After` header, which holds seconds or an HTTP date.

    Returns None for a missing or malformed header: then the usual delays apply. `now` is in seconds since the epoch.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):  # Older Pythons raise TypeError or IndexError for some texts.
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0.0, date.timestamp() - now)


def _check_positive(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise InvalidArgument(f"{name} must be a number of seconds above 0, not {value!r}")
