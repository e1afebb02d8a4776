"""What a stack is like before each stage of its life: made once, and copied for each case."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reliability.core.plans import Plan
from tests.reliability.engine.case import count_parts, open_case
from tests.reliability.engine.life import LIVES, copy_plan
from tests.reliability.engine.project import STACK
from tests.reliability.engine.stages import OTHER, carry_out_stage, try_as_another
from tests.reliability.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reliability.engine.life import Stage
    from tests.reliability.engine.setups import Setup

__all__ = ["Snapshot", "take_snapshots"]


@dataclass(frozen=True)
class Snapshot:
    """A stack before a stage.

    Args:
        life: name of its life.
        stage: what comes next.
        folder: the project's folder, with the state and all that the service keeps.
        before: the program so far.
        after: the program of this stage.
        calls: the calls that the stage makes where nothing goes wrong.
        parts: how many releases and revisions there are then.
        parts_before: how many there are before.
        setup: how the engine is run.
    """

    life: str
    stage: Stage
    folder: Path
    before: Plan
    after: Plan
    calls: tuple[str, ...]
    parts: dict[str, int]
    parts_before: dict[str, int]
    setup: Setup

    @property
    def label(self) -> str:
        """A few words."""
        return f"{self.setup}: {self.life}, {self.stage.name}"


def take_snapshots(life: str, folder: Path, engine: str, setup: Setup) -> tuple[list[Snapshot], Table]:
    """Live a life without any fault, and keep what the stack was like before each stage.

    Args:
        life: name of the life.
        folder: an empty folder for all snapshots.
        engine: the engine's folder.
        setup: how the engine is run.
    """
    table, snapshots = Table(0), []
    here = folder / "0"
    here.mkdir()
    plan = Plan(here / "artifacts")
    lived = LIVES[life]
    with open_case(life, here, engine, table, life=lived, setup=setup) as case:
        case.project.begin(lived.config)
    for number, stage in enumerate(lived.stages, start=1):
        there = folder / str(number)
        shutil.copytree(here, there)
        before, plan = copy_plan(plan, here), copy_plan(plan, there)
        stage.change(plan)
        label, stack = f"{setup}: {life}, {stage.name}, no crash", OTHER if stage.is_anothers else STACK
        with open_case(label, there, engine, table, life=lived, stack=stack, setup=setup) as case:
            case.write(plan)
            case.service.press.outcomes(*stage.outcomes)
            parts_before = count_parts(case.service.press.state())
            if stage.is_anothers:
                try_as_another(case, plan)
            elif stage.outcomes:
                case.try_out(stage.command)
                case.service.press.clear_outcomes()
            else:
                carry_out_stage(case, stage)
            calls = tuple(f"{call['method']} {call['path']}" for call in case.wire.calls)
            if stage.command == "destroy":
                case.judge_end()
            elif not (stage.outcomes or stage.is_anothers):
                case.judge_all(plan)
            parts = count_parts(case.service.press.state())
        if stage.tried:
            after = copy_plan(plan, here)
            snapshots.append(Snapshot(life, stage, here, before, after, calls, parts, parts_before, setup))
        plan.published |= {release.version for release in plan.releases.values()}
        here = there
    return snapshots, table
