"""How often to look at something that takes its time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pauses"]

FIRST, GROWTH, LONGEST = 1.0, 1.5, 10.0


def pauses() -> Iterator[float]:
    """Give the seconds between looks: from 1 to 10, growing, each with up to a fifth added."""
    # The random part keeps many waiting deployments from asking all at once.
    pause = FIRST
    while True:
        yield pause * random.uniform(1.0, 1.2)  # noqa: S311  # Nobody gains from guessing it.
        pause = min(pause * GROWTH, LONGEST)
