"""When a call is tried again, after how long, and for how long at most.

The rules, in one place: an answer 429 or a connection that was never made is tried again for every call, because
nothing was carried out. Any other lost answer, and a failing service, only for calls that are safe to repeat.
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
    "RetryBudget",
    "RetryPolicy",
    "Timeouts",
    "leaves_outcome_unknown",
    "seconds_to_wait",
]

_FAILED = range(500, 600)
_NEVER_CARRIED_OUT = frozenset({501, 505})


@dataclass(frozen=True)
class Clock:
    """Time and chance, so that a test can bring its own."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    """Wait so many seconds for the event, and say whether it came."""
    random: Callable[[], float] = random.random


@dataclass(frozen=True)
class Timeouts:
    """Seconds that one try may take to connect, and then to wait for each next piece of the answer."""

    connect: float = 10.0
    read: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what cannot be waited for."""
        for name in ("connect", "read"):
            _check_positive(f"the {name} timeout", getattr(self, name))


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long a call is tried."""

    attempts: int = 4
    """At most so many in all."""
    deadline: float = 300.0
    """Seconds for the whole call: all tries, all waits, the upload and the answer."""
    base: float = 1.0
    """Seconds. The wait before try n+1 is anything between 0 and `base * 2**(n-1)`, ..."""
    cap: float = 10.0
    """... and never more than so many seconds, except where the service asks for more."""
    statuses: frozenset[int] = field(default=frozenset({500, 502, 503, 504}))
    """Answers that a call which is safe to repeat is tried again after. 429 always is."""

    def __post_init__(self) -> None:
        """Refuse a policy that would never try, or never end."""
        if isinstance(self.attempts, bool) or not isinstance(self.attempts, int) or self.attempts < 1:
            raise InvalidArgument(f"the number of tries must be a whole number from 1, not {self.attempts!r}")
        for name in ("deadline", "base", "cap"):
            _check_positive(f"the retry policy's {name}", getattr(self, name))

    def repeats(self, failure: PressError, *, idempotent: bool) -> bool:
        """Say whether a call that ended like this may be tried again, however often it has been."""
        if isinstance(failure, TLSError):
            return False
        if isinstance(failure, (ConnectError, TooManyRequests)):
            return True
        return idempotent and (isinstance(failure, (ResponseLost, Timeout)) or failure.status in self.statuses)

    def delay(self, attempts: int, retry_after: float | None, chance: float) -> float:
        """Return the seconds to wait after so many tries; `chance` is a number from 0 to 1.

        Many callers are told the same `Retry-After`, so each adds up to `base` seconds of its own.
        """
        if retry_after is not None:
            return retry_after + chance * self.base
        return float(chance * min(self.cap, self.base * 2 ** (attempts - 1)))


def leaves_outcome_unknown(failure: PressError) -> bool:
    """Say whether the service may have carried out a request that ended like this."""
    if isinstance(failure, (ResponseLost, Timeout, InvalidResponse)):
        return True
    return failure.status in _FAILED and failure.status not in _NEVER_CARRIED_OUT


class RetryBudget:
    """A limit on second tries, shared by many calls, so that a failing service is not hammered.

    Each second try takes one token, each call that succeeds gives one back. With an empty budget every call
    still has its first try.
    """

    def __init__(self, capacity: int = 200) -> None:
        self._capacity = capacity
        self._left = capacity
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token, and say whether there was one."""
        with self._lock:
            if self._left <= 0:
                return False
            self._left -= 1
            return True

    def give_back(self) -> None:
        """Put a token back after a call that succeeded."""
        with self._lock:
            self._left = min(self._capacity, self._left + 1)


PROCESS_BUDGET = RetryBudget()
"""The budget of all clients of this process that are not given another."""


def seconds_to_wait(header: str | None, now: float) -> float | None:
    """Read a `Retry-After` header: seconds, or an HTTP date compared with `now` (seconds since the epoch).

    Returns None for no header, and for one that cannot be read: then the usual waits apply.
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
