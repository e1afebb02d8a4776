"""What a command costs, and how that is put together from several runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ROWS", "SIDES", "Cost", "Life", "Side", "compare", "find", "merge", "middle", "ratio"]

Side = str
"""Which program: `ours`, `native`, `naive` or `floor`."""

SIDES: tuple[Side, ...] = ("ours", "native", "naive", "floor")
ROWS = ("preview", "create", "no change", "update", "refresh", "destroy")
"""The commands of a life, in their order."""


@dataclass(frozen=True)
class Cost:
    """What a command cost."""

    seconds: float
    """Wall time of the whole command."""
    cpu_seconds: float
    """Time on a processor, of the command and of all that it started."""
    requests: float
    """HTTP requests of the API."""
    connections: float
    """Connections that they came on."""
    engine_mib: float
    """The most memory of the engine's process."""
    provider_mib: float
    """The most memory of one process that serves providers."""
    state_bytes: float = 0
    """Bytes of the state afterwards, where they were looked at."""

    def describe(self) -> dict[str, float]:
        """Write it as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Life:
    """What the life of a stack cost."""

    side: Side
    count: int
    """Resources."""
    latency_ms: int
    """What the service waits before it answers."""
    rows: Mapping[str, Cost]
    """Cost by command."""
    state_bytes: float
    """Bytes of the state for each resource, after the first `up`."""
    runs: int = 1
    """How many lives the figures are the medians of."""

    def describe(self) -> dict[str, Any]:
        """Write it as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Life:
        """Read it from JSON."""
        return cls(**{**written, "rows": {row: Cost(**cost) for row, cost in written["rows"].items()}})

    @property
    def engine_mib(self) -> float:
        """The most memory of the engine in this life."""
        return max(cost.engine_mib for cost in self.rows.values())


def merge(lives: Iterable[Life]) -> list[Life]:
    """Give the medians of the lives of each kind, in the order of their first ones."""
    kinds: dict[tuple[int, int, Side], list[Life]] = {}
    for life in lives:
        kinds.setdefault((life.count, life.latency_ms, life.side), []).append(life)
    return [_merge(same) for same in kinds.values()]


def find(lives: Iterable[Life], side: Side, count: int, latency_ms: int) -> Life | None:
    """Find the life of a kind; None if it was not measured."""
    wanted = (side, count, latency_ms)
    return next((life for life in lives if (life.side, life.count, life.latency_ms) == wanted), None)


def middle(costs: Sequence[Cost]) -> Cost:
    """Give the medians of several costs of the same command."""
    return Cost(**{field.name: median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)})


def compare(lives: Iterable[Life], side: Side, count: int, latency_ms: int, *, one: Side = "ours") -> dict[str, float]:
    """Give how many times the other side's time one takes, by row: the median over the runs; empty without any.

    What ran at the same time is compared with each other, for a machine may be faster an hour later.
    """
    lives = [life for life in lives if (life.count, life.latency_ms) == (count, latency_ms)]
    ours, theirs = ([life for life in lives if life.side == name] for name in (one, side))
    pairs = list(zip(ours, theirs, strict=False))
    return {
        row: median(ratio(own.rows[row].seconds, other.rows[row].seconds) for own, other in pairs)
        for row in (pairs[0][0].rows if pairs else ())
    }


def ratio(ours: float, theirs: float) -> float:
    """Give how many times the other's figure ours is: 1 where both are nothing, infinite where only the other is."""
    if theirs:
        return ours / theirs
    return float("inf") if ours else 1.0


def _merge(lives: Sequence[Life]) -> Life:
    first = lives[0]
    rows = {row: middle([life.rows[row] for life in lives]) for row in first.rows}
    state_bytes = median(life.state_bytes for life in lives)
    return Life(first.side, first.count, first.latency_ms, rows, state_bytes, sum(life.runs for life in lives))
