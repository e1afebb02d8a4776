"""Every call of every stage, and every way to break it."""

from __future__ import annotations

import random
import shutil
from itertools import groupby
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

__all__ = ["draw_crashes", "list_crashes", "spread", "try_crash"]

KILLED = (Victim.PROVIDER, Victim.ENGINE, Victim.BOTH, Victim.ALL)
"""Those whose end loses what only notes, marks or a state that is written at once can tell."""

MOST = {"checkpoints": (7, 5), "no-checkpoints": (2, 1)}
"""So many crashes a whole run tries at a call that changes something, and at one that reads, by the mode."""

MOMENTS: tuple[Literal["before", "after"], ...] = ("before", "after")


def list_crashes(snapshot: Snapshot) -> Iterator[Crash]:
    """Give every crash of a stage."""
    life = LIVES[snapshot.life]
    victims = KILLED if life.is_forgetful or life.sample or snapshot.setup.writes_once else tuple(Victim)
    if life.sample:
        changes = sum(not _reads(call) for call in snapshot.calls)
        # A state that is written around each step knows all but what is under way.
        count = life.sample if snapshot.setup.writes_once else 1
        # Amid the work, what is left of it is interrupted once more.
        points = [(at, False, (changes - at) // 2 if at > 1 else 0) for at in spread(changes, count)]
    else:
        points = [(at, _reads(call), 0) for at, call in enumerate(snapshot.calls, start=1)]
    for at, reads, again in points:
        for victim in victims:
            # A read does no work, and to a provider that lives on it does not matter when its engine is killed.
            moments = MOMENTS[:1] if victim is Victim.ENGINE else MOMENTS[1:] if reads else MOMENTS
            for moment in moments:
                yield Crash(at, moment, victim, of_changes=bool(life.sample), again=again)


def spread(last: int, count: int) -> list[int]:
    """Give so many numbers from 1 to the last, as even as can be: the first and the last, or one amid them."""
    if last <= count:
        return list(range(1, last + 1))
    if count == 1:
        return [(last + 1) // 2]
    return [1 + (last - 1) * place // (count - 1) for place in range(count)]


def draw_crashes(crashes: list[tuple[Snapshot, Crash]], seed: int) -> list[tuple[Snapshot, Crash]]:
    """Draw those that a whole run tries: at every call some."""
    chance = random.Random(seed)  # noqa: S311  # Nothing to keep secret.
    drawn = []
    for _, group in groupby(crashes, lambda item: (item[0].label, item[1].at)):
        at_call = list(group)
        most = _most(*at_call[0])
        drawn += at_call if len(at_call) <= most else chance.sample(at_call, most)
    return drawn


def _most(snapshot: Snapshot, crash: Crash) -> int:
    """Give how many crashes of a call a whole run tries; where many operations are under way, one."""
    if crash.of_changes:
        return 1
    changing, reading = MOST[snapshot.setup.mode]
    return reading if _reads(snapshot.calls[crash.at - 1]) else changing


def _reads(call: str) -> bool:
    return call.startswith("GET ")


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
    setup = snapshot.setup
    with open_case(label, folder, engine, table, mortal=needs, life=life, stack=stack, setup=setup) as case:
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
