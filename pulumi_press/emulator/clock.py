"""Virtual time: real time, moved by whoever tries things out."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

__all__ = ["Clock", "fixed_clock", "stamp"]

BEGINNING = 1577901600.0
"""2020-01-01T18:00:00Z, as in the examples of the client's documentation."""


class Clock:
    """A clock that can be advanced and stopped.

    Args:
        offset: seconds that it is ahead of real time.
        frozen_at: seconds since 1970 at which it stands still, or None when it runs.
    """

    def __init__(self, offset: float = 0, frozen_at: float | None = None) -> None:
        self._offset = offset
        self._frozen_at = frozen_at

    def now(self) -> float:
        """Give the virtual time, in seconds since 1970."""
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def advance(self, seconds: float) -> None:
        """Move it ahead."""
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds

    def freeze(self) -> None:
        """Make it stand still until it is thawed."""
        self._frozen_at = self.now()

    def thaw(self) -> None:
        """Make it run again, from where it stands."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None

    @property
    def stands_still(self) -> bool:
        """Whether only `advance` moves it."""
        return self._frozen_at is not None

    def describe(self) -> dict[str, Any]:
        """Give what the control plane shows."""
        return {"now": stamp(self.now()), "frozen": self.stands_still, "ahead": round(self._ahead(), 3)}

    def save(self) -> dict[str, float | None]:
        """Give the arguments that make the same clock."""
        return {"offset": self._offset, "frozen_at": self._frozen_at}

    def _ahead(self) -> float:
        return self.now() - time.time()


def fixed_clock() -> Clock:
    """Give the clock of a local Press whose times are the same each time: it moves only when it is told to."""
    return Clock(frozen_at=BEGINNING)


def stamp(seconds: float) -> str:
    """Write a time as the API does: `2020-01-01T18:00:00.000Z`."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
