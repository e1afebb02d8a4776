"""The page in the documentation, and what the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.report import plot
from bench.report.tables import show_figures, show_ratios, show_verdicts
from bench.waiting import DEPLOYMENTS, SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from bench.report.targets import Verdict
    from bench.results import Results

__all__ = ["keep", "show"]

INTRODUCTION = f"""\
# Performance

What this package costs, side by side with the same workload done otherwise. `make bench` measures it and writes this
page.

- **ours**: `pulumi_press`, with the dynamic provider.
- **native**: the same program with `from pulumi_press import native as press`, on the native plugin.
- **naive**: a dynamic provider as one writes it in the program, with one call of `requests` for each operation
  (`bench/naive`). Its class lies in `__main__`, so the engine keeps its code in the state, encrypted, with each
  resource.
- **floor**: as many resources with the same inputs that do nothing and send nothing (`bench/floor`), from a stateless
  provider that can be imported: what the engine, its state and the provider's process take by themselves.

The service is a local Press on the same machine, so its work is part of the time of ours and of naive, and not of the
floor's. A *latency* is what it waits before each answer; the floor has none. Each command is a process of the engine's
with a local backend; `up` goes without its preview. *update* changes the summary of every spec, which is one PATCH
each. The lives of the sides go on side by side, command by command, since a machine may be faster an hour later; each
figure is the median of the lives measured, and each ratio that of the ratios within one run. In the lives that most
targets are about, what leaves all as it was (preview, no change, refresh) is done several times, and the row is their
median. Without *checkpoints* (`PULUMI_SKIP_CHECKPOINTS`, see [large stacks](large-stacks.md)) the engine writes the
state once, at the end. The deployments are {DEPLOYMENTS}, take {SECONDS:g} s each until they run, and are made with
`--parallel {DEPLOYMENTS}`.
"""


def show(results: Results, verdicts: list[Verdict]) -> str:
    """Give all tables, ratios first."""
    parts = [*show_ratios(results)]
    if verdicts:
        parts.append(("Targets", show_verdicts(verdicts)))
    parts += show_figures(results)
    return "\n\n".join(f"## {title}\n\n{table}" for title, table in parts)


def keep(results: Results, verdicts: list[Verdict], folder: Path) -> None:
    """Write `performance.json`, `performance.png` and `performance.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    results.write(folder / "performance.json", verdicts)
    plot.draw(results, folder / "performance.png")
    machine = "\n".join(f"- {name}: {value}" for name, value in results.machine.items())
    picture = "![Seconds of each command by the number of resources, on both scales logarithmic](performance.png)"
    pictured = f"{picture}\n\n" if results.lives else ""
    text = f"{INTRODUCTION}\nMeasured on {results.date}, on\n\n{machine}\n\n{pictured}{show(results, verdicts)}\n"
    text += "\nFor machines, with every run by itself: [performance.json](performance.json).\n"
    (folder / "performance.md").write_text(text, encoding="utf-8")
