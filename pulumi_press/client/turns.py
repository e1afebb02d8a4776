"""Places that many threads share, in the order in which they come."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Turns"]

_GLANCE = 0.2  # seconds between two looks of one who waits


class Turns:
    """A number of places. Whoever waits for one gets it before all that came later.

    A semaphore promises no order: one that looks now and then whether to go on waiting loses its place in the line each
    time, and may be overtaken again and again.

    Args:
        places: how many there are.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def take(self, look: Callable[[], None]) -> None:
        """Take a place; wait until it is this caller's turn.

        Args:
            look: called now and then meanwhile; it ends the wait by raising.
        """
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._line.append(turn)
        try:
            while not turn.wait(_GLANCE):
                look()
        except BaseException:
            self._leave(turn)
            raise

    def give_back(self) -> None:
        """Give a place to the first who waits."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1

    def _leave(self, turn: threading.Event) -> None:
        with self._lock:
            if turn in self._line:
                self._line.remove(turn)
                return
        # It was this one's turn at the very moment.
        self.give_back()
