"""The state machine: programs that change, people who meddle, calls that go wrong, in any order."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.reliability.core.edits import EDITS
from tests.reliability.core.scenes import demand_replacements, edit_what_was_left, let_another_stack_try
from tests.reliability.core.troubles import draw_trouble, lose_patch
from tests.reliability.core.world import BrokenPromiseError, Way, World
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Figures", "run"]

STEPS = 30
"""Steps of one run, from an empty Press."""

MOST_BROKEN = 10
"""After so many runs that broke a promise, it is enough."""

ALIKE = 5
"""Hypothesis makes further runs from those it has tried; after so many it starts anew, so that they differ more."""

SELDOM = 0.3
"""How likely a step does what is done seldom."""

NUMBERS = st.integers(0, 2**32 - 1)
DESCRIBING = ("describe_spec", "describe_deployment")
BEGINNING = ("add_spec", "add_spec", "add_deployment", "add_release", "add_deployment")


class Figures:
    """What was done in all runs."""

    def __init__(self, number: int) -> None:
        self.table = Table(number)
        self.steps = 0
        self.runs = 0
        self.done: Counter[str] = Counter()
        self.stories: list[str] = []

    def describe(self) -> str:
        """Count what was done."""
        return ", ".join(f"{count:,} {what}" for what, count in sorted(self.done.items()))

    def __str__(self) -> str:
        """The counts, and the table."""
        return f"{self.steps:,} steps in {self.runs:,} runs: {self.describe()}\n{self.table}"


class Machine(RuleBasedStateMachine):
    """One run."""

    figures: ClassVar[Figures]
    way: ClassVar[Way]
    steps = 0

    @initialize(number=NUMBERS)
    def begin(self, number: int) -> None:
        """Start from an empty Press, with a small program."""
        self.figures.runs += 1
        self.world = World(number, self.figures.table, self.way)
        for name in BEGINNING[: 1 + self.world.chance.randrange(len(BEGINNING))]:
            self.world.edit(name)

    @rule(number=NUMBERS, names=st.lists(st.sampled_from(EDITS), min_size=1, max_size=3))
    def edit(self, number: int, names: list[str]) -> None:
        """Edit the program."""
        self._step(number)
        for name in names:
            self.world.edit(name)

    @rule(number=NUMBERS, names=st.lists(st.sampled_from(EDITS), min_size=1, max_size=4))
    def edit_and_up(self, number: int, names: list[str]) -> None:
        """Edit the program and bring it up amid trouble."""
        self._step(number)
        for name in names:
            self.world.edit(name)
        self.world.up(draw_trouble(self.world.chance))

    @rule(number=NUMBERS, name=st.sampled_from(EDITS))
    def edit_once_and_up(self, number: int, name: str) -> None:
        """Make one edit, and bring the program up amid trouble."""
        self.edit_and_up(number, [name])

    @rule(number=NUMBERS)
    def up(self, number: int) -> None:
        """Change as much as a person does in a day, and bring the program up amid trouble."""
        self._step(number)
        for _ in range(self.world.chance.randint(0, 6)):
            self.world.edit(self.world.chance.choice(EDITS))
        self.world.up(draw_trouble(self.world.chance))

    @rule(number=NUMBERS)
    def preview(self, number: int) -> None:
        """Preview amid trouble."""
        self._step(number)
        self.world.preview(draw_trouble(self.world.chance, meddling=False))

    @rule(number=NUMBERS)
    def refresh(self, number: int) -> None:
        """Refresh amid trouble."""
        self._step(number)
        self.world.refresh(draw_trouble(self.world.chance))

    @rule(number=NUMBERS)
    def meddle(self, number: int) -> None:
        """Change something behind the provider's back."""
        self._step(number)
        self.world.meddle()

    @rule(number=NUMBERS)
    def replace(self, number: int) -> None:
        """Demand replacements amid trouble."""
        self._step(number)
        demand_replacements(self.world, draw_trouble(self.world.chance, meddling=False))

    @rule(number=NUMBERS)
    def others(self, number: int) -> None:
        """Let another stack declare the same, or somebody edit what an ended run left."""
        self._step(number)
        if self.world.chance.random() < SELDOM:
            edit_what_was_left(self.world)
        else:
            let_another_stack_try(self.world, draw_trouble(self.world.chance, meddling=False))

    @rule(number=NUMBERS)
    def seldom(self, number: int) -> None:
        """Destroy amid trouble, or lose the answer of a PATCH, or end the service and start it again."""
        self._step(number)
        if self.world.chance.random() < SELDOM:
            self.world.destroy(draw_trouble(self.world.chance, meddling=False))
        elif self.world.chance.random() < SELDOM:
            self.world.restart_service()
        else:
            self.world.edit(self.world.chance.choice(DESCRIBING))
            self.world.up(lose_patch(self.world.chance))

    def teardown(self) -> None:
        """End the run with a destroy."""
        if hasattr(self, "world"):
            try:
                if not self.world.broken:
                    self.world.destroy(draw_trouble(self.world.chance, meddling=False))
            finally:
                self.figures.done.update(self.world.figures)
                self.world.close()

    def _step(self, number: int) -> None:
        self.figures.steps += 1
        self.steps += 1
        # Small numbers are drawn often; no two steps of a run are to be alike for that.
        chance = random.Random(f"{self.world.number} {self.steps} {number}")  # noqa: S311  # Nothing to keep secret.
        self.world.chance = self.world.engine.chance = chance


def run(
    steps: int, number: int, *, shrink: bool = False, most_broken: int = MOST_BROKEN, way: Way = "dynamic"
) -> Figures:
    """Make so many random steps; the same number makes the same ones.

    Args:
        steps: how many, in runs of at most `STEPS` each.
        number: what everything random follows from.
        shrink: whether to make the first run that breaks a promise as short as can be.
        most_broken: end after so many runs that broke a promise.
        way: what serves the resources.
    """
    figures = Figures(number)
    for further in _numbers(number):
        if figures.steps >= steps or len(figures.stories) >= most_broken:
            break
        runs = min(-(-(steps - figures.steps) // STEPS), ALIKE)
        _run_some(figures, runs, further, way, shrink=shrink)
    figures.table.violations = list(dict.fromkeys(figures.table.violations))
    return figures


def _numbers(number: int) -> Iterator[int]:
    while True:
        yield number
        number += 1


def _run_some(figures: Figures, runs: int, number: int, way: Way, *, shrink: bool) -> None:
    """Make runs until one breaks a promise."""
    machine = type("Run", (Machine,), {"figures": figures, "way": way})
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    how = settings(
        max_examples=max(runs, 1),
        stateful_step_count=STEPS,
        phases=phases,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(machine), settings=how)
    except BrokenPromiseError as broken:
        figures.stories.append(str(broken))
