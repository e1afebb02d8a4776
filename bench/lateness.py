"""How late the end of a rollout is seen, and how many looks that takes: `python -m bench.lateness`.

Prints a table of the rule that all waiting follows, beside the one before it. The clock is simulated and an answer
takes no time, so the figures are those of the rules alone, and the same on every machine.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from statistics import mean
from threading import Event
from typing import TYPE_CHECKING

from pulumi_press.provider.context import Context
from pulumi_press.provider.waiting import look_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.client.client import Client
    from pulumi_press.settings import Settings

__all__ = ["main"]

LENGTHS = (2, 5, 15, 30, 60, 300, 1200)
"""Seconds that rollouts take, each up to a twentieth more or less."""
SPREAD = 0.05
ROLLOUTS = 1000
"""Of each length."""
LIMIT = 7200.0
SEED = 1


@dataclass
class Time:
    """Time that passes only while somebody waits."""

    seconds: float = 0.0

    def now(self) -> float:
        """Tell the seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> bool:
        """Let time pass."""
        self.seconds += seconds
        return False


def look_before() -> Iterator[float]:
    """Yield when the rule before looked: after 1 second, growing by half to 10, each with up to a fifth added."""
    now, pause = 0.0, 1.0
    while True:
        yield now
        now += pause * random.uniform(1.0, 1.2)  # noqa: S311  # As it was.
        pause = min(pause * 1.5, 10.0)


def look_now() -> Iterator[float]:
    """Yield when the rule looks that holds now."""

    def connect() -> Client:
        raise NotImplementedError("waiting sends nothing")

    def settings() -> Settings:
        raise NotImplementedError("waiting needs no settings")

    def log(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        del message, warning, ephemeral

    time = Time()
    context = Context(connect, settings, log, cancelled=Event(), now=time.now, sleep=time.sleep)
    return look_until(LIMIT, context)


def watch(looks: Iterator[float], ends: float) -> tuple[float, int]:
    """Look until a rollout has ended; give how late that was seen, and the looks."""
    for count, now in enumerate(looks, 1):
        if now >= ends:
            return now - ends, count
    raise AssertionError("looks never end")


def measure(rule: Callable[[], Iterator[float]], length: float) -> str:
    """Give the columns of a rule for rollouts of a length."""
    watched = [watch(rule(), length * random.uniform(1 - SPREAD, 1 + SPREAD)) for _ in range(ROLLOUTS)]  # noqa: S311
    late, looks = zip(*watched, strict=True)
    return f"{mean(late):.1f} s, at most {max(late):.1f} s | {mean(looks):.0f}"


def main() -> int:
    """Print the table."""
    random.seed(SEED)
    print("| a rollout of | seen late before | looks before | seen late now | looks now |")
    print("|---|---:|---:|---:|---:|")
    for length in LENGTHS:
        print(f"| {length:,} s | {measure(look_before, length)} | {measure(look_now, length)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
