"""How far a command is: one line that is written over on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import Self

from pulumi_press.output import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

__all__ = ["Progress"]

SELDOM = 500
"""Where standard error is no terminal, a line is written after so many items."""
OFTEN = 10
"""On a terminal, the line is renewed after so many items."""
CLEAR = "\r\x1b[K"


class Progress:
    """The progress of a command, on standard error. Use it with `with`.

    Args:
        command: name of the sub-command.
    """

    def __init__(self, command: str) -> None:
        self._command = command
        self._is_shown = False

    def __enter__(self) -> Self:
        """Follow the items in this context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line of a terminal away, also where an item failed: a message follows."""
        self.clear()

    def log(self, message: str) -> None:
        """Write a line that stays."""
        self.clear()
        log(self._command, message)

    def clear(self) -> None:
        """Take the line of a terminal away."""
        if self._is_shown:
            self._write(CLEAR)
            self._is_shown = False

    def follow(self, items: Iterable[T], total: int, done: str) -> Iterator[T]:
        """Yield items, and tell after each how many there were.

        Args:
            items: the items.
            total: their number.
            done: what was done, such as `read {} of {} blocks`.
        """
        is_terminal = sys.stderr is not None and sys.stderr.isatty()
        for number, item in enumerate(items, start=1):
            yield item
            if is_terminal and number % OFTEN == 0:
                self._write(f"{CLEAR}pulumi-press {self._command}: {done.format(f'{number:,}', f'{total:,}')}")
                self._is_shown = True
            elif not is_terminal and number % SELDOM == 0 and number < total:
                log(self._command, done.format(f"{number:,}", f"{total:,}"))

    @staticmethod
    def _write(text: str) -> None:
        # A terminal that is gone is no reason to stop.
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
