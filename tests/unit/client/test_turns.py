"""Whoever waits for a place gets it in turn."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from pulumi_press.client.turns import Turns

WAITING = 12
PATIENCE = 20
"""Seconds after which a test gives up."""


class Line:
    """Threads that came one after the other for places which are all taken."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.served: list[int] = []
        self.looks: Counter[int] = Counter()
        self.changed = threading.Condition()
        self.threads: list[threading.Thread] = []

    def come(self, number: int) -> None:
        """Let another one come, and see it wait."""
        thread = threading.Thread(target=self._take, args=(number,))
        self.threads.append(thread)
        thread.start()
        self.wait_for(lambda: self.looks[number] > 0)

    def wait_for(self, condition: object) -> None:
        """Wait until something holds."""
        assert callable(condition)
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)

    def _take(self, number: int) -> None:
        def look() -> None:
            with self.changed:
                self.looks[number] += 1
                self.changed.notify_all()

        self.turns.take(look)
        with self.changed:
            self.served.append(number)
            self.changed.notify_all()


def nobody_looks() -> None:
    """Wait in vain for a place that is free."""
    raise AssertionError("there is a free place")


def test_first_come_is_first_served() -> None:
    """However often one looked meanwhile whether to go on waiting, it keeps its place in the line."""
    turns = Turns(2)
    turns.take(nobody_looks)
    turns.take(nobody_looks)
    line = Line(turns)
    for number in range(WAITING):
        line.come(number)

    for count in range(1, WAITING + 1):
        turns.give_back()
        line.wait_for(lambda count=count: len(line.served) == count)

    for thread in line.threads:
        thread.join()
    assert line.served == list(range(WAITING))


def test_one_that_leaves_the_line_holds_up_nobody() -> None:
    """Its place goes to the next, and none is lost."""
    turns, ended = Turns(1), TimeoutError("no time left")
    turns.take(nobody_looks)

    def leave() -> None:
        raise ended

    with pytest.raises(TimeoutError):
        turns.take(leave)
    turns.give_back()

    turns.take(nobody_looks)


def test_one_whose_turn_comes_while_it_leaves_hands_it_on() -> None:
    """A place that was given to it at the very moment is given back."""
    turns = Turns(1)
    turns.take(nobody_looks)

    def leave() -> None:
        turns.give_back()
        raise TimeoutError("no time left")

    with pytest.raises(TimeoutError):
        turns.take(leave)

    turns.take(nobody_looks)
