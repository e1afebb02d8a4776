"""All cases, a few at a time, each in a process and a folder of its own."""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tests.reliability.engine.crash_cases import list_crashes, try_crash
from tests.reliability.engine.life import LIVES
from tests.reliability.engine.project import find_engine
from tests.reliability.engine.random_cases import try_program
from tests.reliability.engine.setups import SETUPS
from tests.reliability.engine.snapshots import take_snapshots
from tests.reliability.kept import Kept
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.reliability.engine.case import Case
    from tests.reliability.engine.crash import Crash
    from tests.reliability.engine.setups import Setup
    from tests.reliability.engine.snapshots import Snapshot

__all__ = ["Campaign", "Outcome"]


@dataclass
class Outcome:
    """What came of a case."""

    label: str
    setup: Setup
    table: Table
    commands: int = 0
    missed: int = 0
    history: list[str] = field(default_factory=list)
    """What was done, and what the engine printed."""
    error: str = ""
    """What went wrong with the case itself, and says nothing of the promises."""


@dataclass
class Campaign:
    """Runs cases and counts.

    Args:
        folder: an empty folder for everything.
        seed: what random programs follow from.
        workers: so many cases at once.
        tell: says a line.
        kept: what came of cases in a run that was ended.
    """

    folder: Path
    seed: int
    workers: int = 2
    tell: Callable[[str], object] = print
    kept: Kept = field(default_factory=Kept)
    table: Table = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    """What was done, by name; `missed`: a call to be broken that never came."""
    broken: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the engine, and start the workers."""
        self.table = Table(self.seed)
        self._engine = find_engine()
        # Forked workers would have the threads' locks, but not the threads.
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=_prepare)

    def describe(self) -> str:
        """Count what was done."""
        return ", ".join(f"{count:,} {what}" for what, count in self.counts.items())

    def close(self) -> None:
        """End the workers."""
        self._pool.shutdown(cancel_futures=True)

    def crashes(
        self, only: str = "", lives: tuple[str, ...] = tuple(LIVES), setups: tuple[Setup, ...] = SETUPS
    ) -> list[tuple[Snapshot, Crash]]:
        """Live each life without any fault; give every crash that can be tried, as `only` has it.

        Args:
            only: words that stand in the label, such as `main, create: provider`.
            lives: names of the lives.
            setups: how the engine is run.
        """
        taken = {
            (setup, life): self._pool.submit(_take, life, self.folder, self._engine, setup)
            for setup in setups
            for life in lives
        }
        found = []
        for (setup, life), taking in taken.items():
            snapshots, outcome = taking.result()
            self._note(outcome, "lives")
            calls = sum(len(snapshot.calls) for snapshot in snapshots)
            self.counts["calls"] += calls
            self.tell(f"{setup}: {life}: {calls} calls in {len(snapshots)} stages")
            found += [(snapshot, crash) for snapshot in snapshots for crash in list_crashes(snapshot)]
        return [(snapshot, crash) for snapshot, crash in found if only in f"{snapshot.label}: {crash}"]

    def try_crashes(self, crashes: list[tuple[Snapshot, Crash]]) -> None:
        """Try crashes."""
        labelled = {f"{snapshot.label}: {crash}": (snapshot, crash) for snapshot, crash in crashes}
        self.counts["crashes"] += len(labelled)
        self._gather("crashes", _crash, labelled)

    def try_programs(self, numbers: Iterable[int], setups: tuple[Setup, ...] = SETUPS) -> None:
        """Try random programs, by their numbers, each in every setup."""
        labelled = {f"{setup}: program {number}": (number, self.seed, setup) for number in numbers for setup in setups}
        self.counts["programs"] += len(labelled)
        self._gather("programs", _program, labelled)

    def _gather(self, what: str, work: Callable[..., Outcome], cases: Mapping[str, tuple[Any, ...]]) -> None:
        """Try the cases, by their labels, that no earlier run has tried."""
        for label in cases:
            if label in self.kept:
                self._note(cast("Outcome", self.kept[label]), what)
        ahead = {label: arguments for label, arguments in cases.items() if label not in self.kept}
        if len(ahead) < len(cases):
            self.tell(f"{what}: {len(cases) - len(ahead)} of {len(cases)} were tried by a run that was ended")
        jobs = [self._pool.submit(work, *arguments, self.folder, self._engine) for arguments in ahead.values()]
        for done, job in enumerate(as_completed(jobs), start=len(cases) - len(jobs) + 1):
            outcome = job.result()
            self.kept.add(outcome.label, outcome)
            self._note(outcome, what)
            if done % 10 == 0 or done == len(cases):
                self.tell(f"{what}: {done} of {len(cases)}, {len(self.broken)} with violations")

    def _note(self, outcome: Outcome, what: str) -> None:
        self.table.add(outcome.table, f"{outcome.setup}")
        self.counts["commands"] += outcome.commands
        self.counts[f"missed in {what}"] += outcome.missed
        if outcome.error or outcome.table.violations:
            self.broken.append(outcome)
            self.tell(f"BROKEN {outcome.label}")
            for line in [*map(str, outcome.table.violations), outcome.error]:
                self.tell(f"  {line}")


def _prepare() -> None:
    # The engine waits some seconds for children that ignore an interruption, and they inherit that from here.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _take(life: str, folder: Path, engine: str, setup: Setup) -> tuple[list[Snapshot], Outcome]:
    there = Path(tempfile.mkdtemp(prefix=f"{life}-", dir=folder))
    snapshots, table = take_snapshots(life, there, engine, setup)
    return snapshots, Outcome(f"{setup}: {life} without a crash", setup, table)


def _crash(snapshot: Snapshot, crash: Crash, folder: Path, engine: str) -> Outcome:
    label = f"{snapshot.label}: {crash}"
    return _run(
        label,
        snapshot.setup,
        folder,
        lambda there, table: try_crash(snapshot, crash, there / "project", engine, table),
    )


def _program(number: int, seed: int, setup: Setup, folder: Path, engine: str) -> Outcome:
    return _run(
        f"{setup}: program {number}",
        setup,
        folder,
        lambda there, table: try_program(number, seed, there, engine, table, setup=setup),
    )


def _run(label: str, setup: Setup, folder: Path, work: Callable[[Path, Table], Case]) -> Outcome:
    table = Table(0)
    with tempfile.TemporaryDirectory(dir=folder) as there:
        try:
            case = work(Path(there), table)
        except Exception:  # noqa: BLE001  # One case must not end all others; it is told at the end.
            return Outcome(label, setup, table, error=traceback.format_exc())
    return Outcome(label, setup, table, case.project.commands, case.missed, case.project.history)
