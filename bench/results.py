"""All that one run of the bench measured, and its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.cost import Cost, Life, Side, merge, middle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Results", "medians"]


@dataclass(frozen=True)
class Results:
    """What was measured, each run by itself. A part that was left out is empty."""

    date: str
    machine: Mapping[str, str]
    """What it was measured on, by what people call it."""
    lives: Sequence[Life] = ()
    waiting: Mapping[Side, Sequence[Cost]] = field(default_factory=dict)
    """The `up` with deployments that take their time, by side."""
    artifacts: Sequence[Mapping[str, float]] = ()
    """Seconds by tool."""
    start_up: Sequence[Mapping[str, float]] = ()
    """Seconds by process."""

    def merged(self) -> list[Life]:
        """Give the medians of the lives of each kind."""
        return merge(self.lives)

    def waited(self) -> dict[Side, Cost]:
        """Give the medians of the `up` with deployments that take their time."""
        return {side: middle(costs) for side, costs in self.waiting.items() if costs}

    def write(self, path: Path, verdicts: Sequence[Any]) -> None:
        """Write everything as JSON, with the verdicts beside it."""
        content = {**asdict(self), "targets": [asdict(verdict) for verdict in verdicts]}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read what `write` wrote; the verdicts follow from the figures."""
        written = json.loads(path.read_text(encoding="utf-8"))
        del written["targets"]
        lives = [Life.read(life) for life in written.pop("lives")]
        waiting = {side: [Cost(**cost) for cost in costs] for side, costs in written.pop("waiting").items()}
        return cls(**written, lives=lives, waiting=waiting)


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Give the median of each name over all rounds."""
    return {name: median(one[name] for one in rounds) for name in rounds[0]} if rounds else {}
