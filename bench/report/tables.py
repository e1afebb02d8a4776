"""The figures as tables in Markdown, which a terminal shows as well: ratios first, then what they are ratios of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.artifacts import FILES
from bench.cost import ROWS, SIDES, Cost, Lane, Life, compare, find, grow, ratio
from bench.report.targets import HUGE, LARGE, MIDDLING
from bench.results import medians
from bench.waiting import DEPLOYMENTS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.report.targets import Verdict
    from bench.results import Results

__all__ = ["draw", "show_figures", "show_ratios", "show_verdicts"]

LIFE = ("resources", "latency", "checkpoints")
AGAINST = ("naive", "floor")
FEW = 5
"""Below it a hundredth counts."""


def draw(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Draw a table: the first column to the left, the others to the right, all as wide as they must be."""
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def align(line: Sequence[str]) -> str:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        return f"| {' | '.join(cells)} |"

    return "\n".join([align(head), align(rule), *map(align, lines)])


def show_verdicts(verdicts: Sequence[Verdict]) -> str:
    """Give each target, what was measured, and whether that is good enough."""
    lines = [
        (verdict.target, _plain(verdict.measured), f"<= {_plain(verdict.limit)}", "yes" if verdict.met else "**no**")
        for verdict in verdicts
    ]
    return draw(("target", "measured", "limit", "met"), lines)


def show_ratios(results: Results) -> Iterator[tuple[str, str]]:
    """Give what we take for each thing that the others take 1 of: titles and tables."""
    lives = results.merged()
    for side in AGAINST:
        against = [
            (*_kind(ours), *_compare(results, ours, Lane(side, ours.checkpoints))) for ours, _ in _pairs(lives, side)
        ]
        if against:
            yield f"Time, where {_called(side)} takes 1", draw((*LIFE, *ROWS), against)
    natives = [life for life in _ordered(lives) if life.side == "native"]
    compared = [(*_kind(life), *_compare(results, life, Lane("ours", life.checkpoints))) for life in natives]
    if compared:
        yield "Time of the native plugin, where the dynamic provider takes 1", draw((*LIFE, *ROWS), compared)
    skipping = [
        (f"{life.count}", life.side, *times)
        for life in _ordered(lives)
        if not life.checkpoints and (times := _compare(results, life, Lane(life.side)))
    ]
    if skipping:
        title = "Time without checkpoints, where the same with checkpoints takes 1"
        yield title, draw(("resources", "side", *ROWS), skipping)
    growths = [
        (side, *map(_times, growth.values()))
        for side in SIDES
        if (growth := grow(lives, Lane(side, checkpoints=False), (MIDDLING, LARGE, HUGE), 0))
    ]
    if growths:
        title = f"Cost of a resource between {LARGE} and {HUGE:,}, where one between {MIDDLING} and {LARGE} costs 1"
        yield title, draw(("without checkpoints", *ROWS), growths)
    pairs = _pairs(lives)
    if pairs:
        head = (*LIFE, "engine's memory", "provider's memory", "state", "requests", "connections")
        yield "The rest, where naive takes 1", draw(head, [_rest(*pair) for pair in pairs])
    single = list(_single_ratios(results))
    if single:
        yield "By themselves", draw(("what", "beside", "ratio"), single)


def show_figures(results: Results) -> Iterator[tuple[str, str]]:
    """Give what was measured: titles and tables."""
    lives = results.merged()
    figures: dict[str, Callable[[Cost], str]] = {
        "Seconds": lambda cost: f"{cost.seconds:.2f}",
        "Seconds on a processor": lambda cost: f"{cost.cpu_seconds:.2f}",
        "Requests": lambda cost: f"{cost.requests:.0f}",
        "Connections": lambda cost: f"{cost.connections:.0f}",
        "Most memory of the engine, MiB": lambda cost: f"{cost.engine_mib:.0f}",
        "Most memory of the provider, MiB": lambda cost: f"{cost.provider_mib:.0f}",
    }
    sizes: dict[str, Callable[[Cost], str]] = {"Bytes of state": lambda cost: f"{cost.state_bytes:,.0f}"}
    waited = results.waited()
    for title, figure in figures.items():
        lines = [(*_kind(life), life.side, *(figure(life.rows[row]) for row in ROWS)) for life in _ordered(lives)]
        if lines:
            yield title, draw((*LIFE, "side", *ROWS), lines)
    if lives:
        lines = [(*_kind(life), life.side, f"{life.state_bytes:,.0f}", f"{life.runs}") for life in _ordered(lives)]
        yield "Bytes of state for each resource", draw((*LIFE, "side", "bytes", "lives measured"), lines)
    if waited:
        deployed = {**figures, **sizes}
        lines = [(side, *(figure(cost) for figure in deployed.values())) for side, cost in waited.items()]
        title = f"`up --parallel {DEPLOYMENTS}` of {DEPLOYMENTS} deployments that take {SECONDS:g} s each"
        yield title, draw(("side", *deployed), lines)
    for title, rounds in (
        (f"{FILES:,} files", results.artifacts),
        ("Start of a process", results.start_up),
    ):
        if rounds:
            lines = [(name, f"{seconds:.3f}") for name, seconds in medians(rounds).items()]
            yield title, draw(("what", "seconds"), lines)


def _rest(ours: Life, naive: Life) -> tuple[str, ...]:
    pairs = [(ours.rows[row], naive.rows[row]) for row in ROWS]
    return (
        *_kind(ours),
        _times(ratio(ours.engine_mib, naive.engine_mib)),
        _times(ratio(max(one.provider_mib for one, _ in pairs), max(other.provider_mib for _, other in pairs))),
        _times(ratio(ours.state_bytes, naive.state_bytes)),
        _times(ratio(sum(one.requests for one, _ in pairs), sum(other.requests for _, other in pairs))),
        _times(ratio(sum(one.connections for one, _ in pairs), sum(other.connections for _, other in pairs))),
    )


def _single_ratios(results: Results) -> Iterator[tuple[str, str, str]]:
    waited = results.waited()
    deploying = f"{DEPLOYMENTS} deployments that take {SECONDS:g} s each"
    if {"ours", "naive"} <= waited.keys():
        yield deploying, "naive", _times(ratio(waited["ours"].seconds, waited["naive"].seconds))
    if {"ours", "floor"} <= waited.keys():
        least = waited["floor"].seconds + SECONDS
        yield deploying, f"the floor and {SECONDS:g} s", _times(ratio(waited["ours"].seconds, least))
    files, starts = medians(results.artifacts), medians(results.start_up)
    if files:
        yield f"digest of {FILES:,} files", "`sha256sum`", _times(ratio(files["digest"], files["sha256sum"]))
        yield f"digest and zip of {FILES:,} files", "`zip`", _times(ratio(files["pack"], files["zip"]))
    if starts:
        bare = starts["python"]
        ours, pulumi = starts["pulumi_press"] - bare, starts["pulumi"] - bare
        yield "import of all resources", "`import pulumi`", _times(ratio(ours, pulumi))


def _pairs(lives: Sequence[Life], side: str = "naive") -> list[tuple[Life, Life]]:
    found = [
        (life, find(lives, side, life.count, life.latency_ms, checkpoints=life.checkpoints))
        for life in _ordered(lives)
        if life.side == "ours"
    ]
    return [(ours, theirs) for ours, theirs in found if theirs]


def _ordered(lives: Sequence[Life]) -> list[Life]:
    return sorted(lives, key=lambda life: (life.count, life.latency_ms, not life.checkpoints, SIDES.index(life.side)))


def _compare(results: Results, life: Life, other: Lane) -> list[str]:
    compared = compare(results.lives, other, life.count, life.latency_ms, one=life.lane)
    return [_times(times) for times in compared.values()]


def _kind(life: Life) -> tuple[str, str, str]:
    return f"{life.count}", f"{life.latency_ms} ms", "yes" if life.checkpoints else "no"


def _times(value: float) -> str:
    return f"{value:.2f}"


def _plain(value: float) -> str:
    return f"{value:.2f}" if value < FEW else f"{value:.0f}"


def _called(side: str) -> str:
    return "the floor" if side == "floor" else side
