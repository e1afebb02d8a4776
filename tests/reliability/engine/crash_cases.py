"""Every call of every stage, and every way to break it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Literal

from tests.reliability.engine.case import open_case
from tests.reliability.engine.crash import Crash, Victim
from tests.reliability.engine.life import LIVES, copy_plan
from tests.reliability.engine.project import STACK
from tests.reliability.engine.stages import OTHER, carry_out_stage, try_as_another

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reliability.engine.case import Case
    from tests.reliability.engine.snapshots import Snapshot
    from tests.reliability.table import Table

__all__ = ["list_crashes", "try_crash"]

NOTED = (Victim.PROVIDER, Victim.ENGINE)
"""Those whose end loses what only notes or marks can tell."""

MOMENTS: tuple[Literal["before", "after"], ...] = ("before", "after")


def list_crashes(snapshot: Snapshot) -> Iterator[Crash]:
    """Give every crash of a stage."""
    for number, call in enumerate(snapshot.calls, start=1):
        for victim in NOTED if LIVES[snapshot.life].is_forgetful else Victim:
            # A read does no work. To the engine it still matters whether its provider lives on.
            both = victim is Victim.ENGINE or not call.startswith("GET ")
            for moment in MOMENTS if both else MOMENTS[1:]:
                yield Crash(number, moment, victim)


def try_crash(snapshot: Snapshot, crash: Crash, folder: Path, engine: str, table: Table) -> Case:
    """Carry a stage out amid a crash, and look whether every promise holds.

    Args:
        snapshot: the stack before the stage.
        crash: what is broken.
        folder: where to copy the stack to.
        engine: the engine's folder.
        table: what counts cases and violations.
    """
    shutil.copytree(snapshot.folder, folder)
    plan = copy_plan(snapshot.after, folder)
    label = f"{snapshot.label}: {crash}"
    life, stage = LIVES[snapshot.life], snapshot.stage
    stack = OTHER if stage.is_anothers else STACK
    needs = crash.needs_process
    way = snapshot.way
    with open_case(label, folder, engine, table, mortal=needs, life=life, stack=stack, way=way) as case:
        case.write(plan)
        if stage.is_anothers:
            try_as_another(case, plan, crash)
            is_replaced = True
            case.project.stack = STACK
        else:
            is_replaced = carry_out_stage(case, stage, crash)
        if snapshot.stage.command != "destroy":
            case.judge_all(plan, snapshot.parts if is_replaced else snapshot.parts_before)
            case.carry_out("destroy")
        case.judge_end()
    return case
