"""The picture: seconds of each command on each side, by the number of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

from bench.cost import ROWS, SIDES, Life

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from bench.results import Results

__all__ = ["draw"]

LOOKS: dict[str, dict[str, Any]] = {
    "ours": {"color": "#1b6ca8", "marker": "o", "label": "pulumi_press"},
    "native": {"color": "#5b3fa8", "marker": "D", "label": "pulumi_press, native plugin"},
    "naive": {"color": "#c2552d", "marker": "s", "label": "naive: by hand in the program"},
    "floor": {"color": "#767676", "marker": "^", "label": "floor: resources that do nothing", "linestyle": "--"},
}
WIDTH, HEIGHT = 2.6, 2.6  # inches of one part


def draw(results: Results, path: Path) -> None:
    """Write a PNG: a line of charts for each latency, with checkpoints and without, and a chart for each command."""
    lives = results.merged()
    kinds = sorted({(life.latency_ms, not life.checkpoints) for life in lives})
    if not kinds:
        return
    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(WIDTH * len(ROWS), HEIGHT * len(kinds) + 0.6), layout="constrained")
        charts = figure.subplots(len(kinds), len(ROWS), squeeze=False, sharex=True, sharey=True)
        for kind, line in zip(kinds, charts, strict=True):
            latency, skips = kind
            for row, chart in zip(ROWS, line, strict=True):
                _chart(chart, row, [life for life in lives if (life.latency_ms, not life.checkpoints) == kind])
            line[0].set_ylabel(f"seconds, API at {latency} ms" + (",\nwithout checkpoints" if skips else ""))
        for chart in charts[-1]:
            chart.set_xlabel("resources")
        for chart, row in zip(charts[0], ROWS, strict=True):
            chart.set_title(row)
        handles, labels = charts[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(SIDES), frameon=False)
        figure.savefig(path, dpi=110, metadata={"Software": None})


def _chart(chart: Axes, row: str, lives: list[Life]) -> None:
    chart.set_xscale("log")
    chart.set_yscale("log")
    counts = sorted({life.count for life in lives})
    for side in SIDES:
        points = sorted((life.count, life.rows[row].seconds) for life in lives if life.side == side)
        if points:
            chart.plot(*zip(*points, strict=True), **LOOKS[side])
    chart.set_xticks(counts)
    for axis in (chart.xaxis, chart.yaxis):
        axis.set_major_formatter(ScalarFormatter())
    chart.xaxis.set_minor_formatter(NullFormatter())
    chart.grid(visible=True, axis="y", linewidth=0.4)
