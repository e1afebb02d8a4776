"""What time it is, here and at the service."""

from __future__ import annotations

from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Times"]


class Times:
    """This machine's clock, and how far the service's is ahead of it, as the dates of its answers tell.

    Args:
        now: tells the time of this machine, in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._ahead = 0.0

    def at_service(self, moment: float) -> float:
        """Give the service's time at a moment of this machine's."""
        return moment + self._ahead

    def note(self, date: str | None) -> None:
        """Take note of the date of an answer that came just now; one that is missing or wrong tells nothing."""
        with suppress(ValueError, TypeError):
            self._ahead = parsedate_to_datetime(date or "").timestamp() - self.now()
