"""Time that many threads share, and that passes only while all of them wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pulumi_press.client.retry import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["SharedTime"]

WALL = 1_700_000_000.0
"""Seconds since the epoch when the time begins."""


class SharedTime:
    """The time. It moves to the next moment that anybody waits for, once nobody has anything else to do."""

    def __init__(self) -> None:
        self._now = 0.0
        self._working = 0
        self._ends: list[float] = []
        self._changed = threading.Condition()

    def now(self) -> float:
        """Tell the seconds."""
        return self._now

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait, as one of those that take part."""
        with self._changed:
            end = self._now + seconds
            self._ends.append(end)
            self._move()
            self._changed.wait_for(lambda: self._now >= end)
        return stop.is_set()

    def clock(self, chance: Callable[[], float]) -> Clock:
        """What a client takes."""
        return Clock(self.now, lambda: WALL + self._now, self.wait, chance)

    def run(self, works: Iterable[Callable[[], object]], at_once: int) -> None:
        """Do all works, so many at once, and let time pass while all that are under way wait."""
        left = list(works)[::-1]
        self._working = min(at_once, len(left))

        def work() -> None:
            try:
                while True:
                    with self._changed:
                        if not left:
                            return
                        mine = left.pop()
                    mine()
            finally:
                with self._changed:
                    self._working -= 1
                    self._move()

        with ThreadPoolExecutor(self._working) as pool:
            for done in [pool.submit(work) for _ in range(self._working)]:
                done.result()

    def _move(self) -> None:
        """Go on to the next end of a wait, if nobody works."""
        if self._ends and len(self._ends) >= self._working:
            self._now = max(self._now, min(self._ends))
            self._ends = [end for end in self._ends if end > self._now]
            self._changed.notify_all()
