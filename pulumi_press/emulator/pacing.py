"""How long a rollout takes: nothing, a number of reads, or a time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["AT_ONCE", "Pacing"]


@dataclass(frozen=True)
class Pacing:
    """How long each status lasts that a rollout only passes through.

    Args:
        kind: what is counted.
        amount: so many reads, or seconds.
    """

    kind: Literal["at-once", "reads", "seconds"]
    amount: float = 0

    def __str__(self) -> str:
        """Read as it is written on the command line."""
        return self.kind if self.kind == "at-once" else f"{self.kind}:{self.amount:g}"

    @classmethod
    def parse(cls, text: str) -> Pacing:
        """Read `at-once`, `reads:3` or `seconds:1.5`.

        Raises:
            ValueError: the text is none of these.
        """
        kind, _, amount = text.partition(":")
        try:
            if text == "at-once":
                return AT_ONCE
            if kind == "reads" and int(amount) >= 0:
                return cls("reads", int(amount)) if int(amount) else AT_ONCE
            if kind == "seconds" and math.isfinite(float(amount)) and float(amount) >= 0:
                return cls("seconds", float(amount)) if float(amount) else AT_ONCE
        except ValueError:
            pass
        raise ValueError(f"{text!r} is no length of a rollout; write at-once, reads:3 or seconds:1.5")


AT_ONCE = Pacing("at-once")
"""A rollout is over when the call that started it is answered."""
