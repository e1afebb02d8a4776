"""What a command costs, and how that is put together from several runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ROWS", "SIDES", "Cost", "Lane", "Life", "Side", "compare", "find", "grow", "merge", "middle", "ratio"]

Side = str
"""Which program: `ours`, `native`, `naive` or `floor`."""

SIDES: tuple[Side, ...] = ("ours", "native", "naive", "floor")
ROWS = ("preview", "create", "no change", "update", "refresh", "destroy")
"""The commands of a life, in their order."""


class Lane(NamedTuple):
    """What lives its life beside others."""

    side: Side
    checkpoints: bool = True
    """Whether the engine writes the state at each step, as it does by default, or once at the end."""

    def __str__(self) -> str:
        """A few words."""
        return self.side if self.checkpoints else f"{self.side} without checkpoints"


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
    checkpoints: bool = True
    """See `Lane`."""

    def describe(self) -> dict[str, Any]:
        """Write it as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Life:
        """Read it from JSON."""
        return cls(**{**written, "rows": {row: Cost(**cost) for row, cost in written["rows"].items()}})

    @property
    def lane(self) -> Lane:
        """Whose it is, and whether with checkpoints."""
        return Lane(self.side, self.checkpoints)

    @property
    def engine_mib(self) -> float:
        """The most memory of the engine in this life."""
        return max(cost.engine_mib for cost in self.rows.values())


def merge(lives: Iterable[Life]) -> list[Life]:
    """Give the medians of the lives of each kind, in the order of their first ones."""
    kinds: dict[tuple[int, int, Lane], list[Life]] = {}
    for life in lives:
        kinds.setdefault((life.count, life.latency_ms, life.lane), []).append(life)
    return [_merge(same) for same in kinds.values()]


def find(lives: Iterable[Life], side: Side, count: int, latency_ms: int, *, checkpoints: bool = True) -> Life | None:
    """Find the life of a kind; None if it was not measured."""
    wanted = (Lane(side, checkpoints), count, latency_ms)
    return next((life for life in lives if (life.lane, life.count, life.latency_ms) == wanted), None)


def middle(costs: Sequence[Cost]) -> Cost:
    """Give the medians of several costs of the same command."""
    return Cost(**{field.name: median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)})


def compare(
    lives: Iterable[Life], other: Lane | Side, count: int, latency_ms: int, *, one: Lane | Side = "ours"
) -> dict[str, float]:
    """Give how many times the other's time one takes, by row: the median over the runs; empty without any.

    What ran at the same time is compared with each other, for a machine may be faster an hour later. A side alone
    stands for its lane with checkpoints.
    """
    lives = [life for life in lives if (life.count, life.latency_ms) == (count, latency_ms)]
    lanes = [Lane(lane) if isinstance(lane, str) else lane for lane in (one, other)]
    ours, theirs = ([life for life in lives if life.lane == lane] for lane in lanes)
    pairs = list(zip(ours, theirs, strict=False))
    return {
        row: median(ratio(own.rows[row].seconds, other.rows[row].seconds) for own, other in pairs)
        for row in (pairs[0][0].rows if pairs else ())
    }


def grow(lives: Iterable[Life], lane: Lane, counts: tuple[int, int, int], latency_ms: int) -> dict[str, float]:
    """Give how many times more a further resource costs in a large stack than in a small one, by row; empty if unknown.

    Args:
        lives: the medians of what was measured.
        lane: whose lives.
        counts: resources: what one costs between the first two numbers, and between the last two, is compared.
        latency_ms: what the service waits before it answers.
    """
    lives = list(lives)
    found = [find(lives, lane.side, count, latency_ms, checkpoints=lane.checkpoints) for count in counts]
    small, middling, large = found
    if small is None or middling is None or large is None:
        return {}

    def cost_one(row: str, one: Life, other: Life) -> float:
        return (other.rows[row].seconds - one.rows[row].seconds) / (other.count - one.count)

    return {row: ratio(cost_one(row, middling, large), cost_one(row, small, middling)) for row in small.rows}


def ratio(ours: float, theirs: float) -> float:
    """Give how many times the other's figure ours is: 1 where both are nothing, infinite where only the other is."""
    if theirs:
        return ours / theirs
    return float("inf") if ours else 1.0


def _merge(lives: Sequence[Life]) -> Life:
    first = lives[0]
    rows = {row: middle([life.rows[row] for life in lives]) for row in first.rows}
    state_bytes = median(life.state_bytes for life in lives)
    runs = sum(life.runs for life in lives)
    return Life(first.side, first.count, first.latency_ms, rows, state_bytes, runs, first.checkpoints)
