"""Random programs on the real engine: brought up, edited, brought up amid a crash, and destroyed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.reliability.core.edits import EDITS, edit
from tests.reliability.core.plans import Plan
from tests.reliability.core.troubles import assume
from tests.reliability.engine.case import open_case
from tests.reliability.engine.crash import Crash, Victim

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.emulator.control.faults import FaultRule
    from tests.reliability.engine.case import Case
    from tests.reliability.engine.setups import Setup
    from tests.reliability.table import Table

__all__ = ["try_program"]

BEGINNING = ("add_spec", "add_deployment", "add_release", "add_deployment", "add_spec")
MOST_EDITS = 4
DISTURBED_FIRST = 0.4
"""How likely already the first `up` is brought down."""
LATEST_CALL = 6
"""A crash comes at one of the first so many calls; most commands make fewer than ten."""

FAULTS: tuple[FaultRule, ...] = (
    {"match": {"method": "POST"}, "times": 1, "then": {"status": 502, "when": "after"}},
    {"match": {"method": "POST"}, "times": 1, "then": {"status": 503, "when": "before"}},
    {"match": {"method": "POST"}, "skip": 1, "times": 1, "then": {"body": "garbage"}},
    {"match": {"method": "POST"}, "times": 1, "then": {"body": "truncated"}},
    {"match": {"method": "PATCH"}, "times": 2, "then": {"status": 500, "when": "after"}},
    {"match": {"method": "DELETE"}, "times": 1, "then": {"drop": True, "when": "after"}},
    {"match": {"method": "GET"}, "times": 2, "then": {"status": 503, "headers": {"Retry-After": "1"}}},
    {"match": {"method": "GET"}, "times": 1, "then": {"body": "empty"}},
)
"""What may go wrong beside the crash."""


def try_program(number: int, seed: int, folder: Path, engine: str, table: Table, *, setup: Setup) -> Case:
    """Live the life of one random program.

    Args:
        number: its number.
        seed: what it follows from, together with the number.
        folder: an empty folder.
        engine: the engine's folder.
        table: what counts cases and violations.
        setup: how the engine is run.
    """
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  # Nothing to keep secret.
    plan = Plan(folder / "artifacts")
    first = _draw(chance) if chance.random() < DISTURBED_FIRST else None
    crashes = [_draw(chance) for _ in range(2)]
    mortal = any(crash is not None and crash.needs_process for crash in (first, *crashes))
    label, service = f"{setup}: program {number}", assume(chance)
    with open_case(label, folder, engine, table, mortal=mortal, assume=service, setup=setup) as case:
        case.project.begin()
        _edit(case, plan, chance, BEGINNING[: chance.randint(2, len(BEGINNING))])
        case.carry_out("up", first)
        case.judge_all(plan)
        plan.published |= {release.version for release in plan.releases.values()}
        before = case.service.press.state()
        _edit(case, plan, chance, [chance.choice(EDITS) for _ in range(chance.randint(1, MOST_EDITS))])
        _disturb(case, chance)
        case.carry_out("up", crashes[0])
        case.service.press.clear_faults()
        case.judge_all(plan)
        case.judge_growth(before)
        _disturb(case, chance)
        case.carry_out("destroy", crashes[1])
        case.service.press.clear_faults()
        case.judge_end()
    return case


def _draw(chance: random.Random) -> Crash:
    return Crash(chance.randint(1, LATEST_CALL), chance.choice(("before", "after")), chance.choice(list(Victim)))


def _edit(case: Case, plan: Plan, chance: random.Random, names: Any) -> None:
    live = case.service.press.state()
    taken = {block["metadata"]["name"] for kind in ("specs", "deployments") for block in live[kind]}
    for name in names:
        done = edit(plan, name, chance, taken)
        case.project.history.append(f"# edit: {name}{'' if done else ' (nothing to edit)'}")
    case.write(plan)


def _disturb(case: Case, chance: random.Random) -> None:
    if chance.random() < 0.5:
        rule = chance.choice(FAULTS)
        case.service.press.faults(rule)
        case.project.history.append(f"# fault: {rule}")
