"""Carrying a stage out, with a crash amid it or without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.reliability.engine.project import STACK
from tests.reliability.oracle import Promise

if TYPE_CHECKING:
    from tests.reliability.core.plans import Plan
    from tests.reliability.engine.case import Case
    from tests.reliability.engine.crash import Crash
    from tests.reliability.engine.life import Stage

__all__ = ["OTHER", "carry_out_stage", "try_as_another"]

OTHER = "other"
"""Name of the other stack."""

HOUR = 3600
REFUSAL = "exists already as"
"""Stands in the message about a name that is taken."""


def carry_out_stage(case: Case, stage: Stage, crash: Crash | None = None) -> bool:
    """Carry a stage out; what was to be replaced is another object then, if nothing was broken.

    Returns:
        Whether all that was to be replaced is: a run that is ended before it deletes anything leaves the old object,
        and the command that follows does not demand the replacement again.
    """
    before = {urn: entry.identity for urn in (*stage.forced, *stage.tainted) if (entry := case.project.find(urn))}
    for urn in stage.tainted:
        case.project.taint(urn)
    case.carry_out(stage.command, crash, stage.forced)
    after = {urn: entry.identity if (entry := case.project.find(urn)) else "" for urn in before}
    kept = [f"{urn} was to be replaced, and is the same object" for urn in before if before[urn] == after[urn]]
    if crash is None or stage.tainted:
        case.judge(Promise.SAFE, kept)
    return not kept


def try_as_another(case: Case, plan: Plan, crash: Crash | None = None) -> None:
    """Let another stack declare what a first one has: it is refused, whatever is broken, and its destroy takes nothing.

    Args:
        case: the other stack.
        plan: the program.
        crash: what is broken.
    """
    case.project.begin(case.life.others_config)
    # The blocks of the first stack are not made at the very moment at which this one asks for the same.
    case.service.press.advance(HOUR)
    before = _describe(case)
    run = case.try_out("up", crash)
    if crash is not None:
        run = case.try_out("up")
    is_refused = not run.went_well and REFUSAL in run.text
    case.judge(Promise.SAFE, [] if is_refused else [f"another stack is not refused: {run.text}"])
    case.judge(Promise.SAFE, _changed(before, _describe(case)))
    calls = list(case.wire.calls)
    case.carry_out("destroy")
    case.judge(Promise.SAFE, _changed(before, _describe(case)))
    case.wire.calls[:] = calls
    first = replace(case, project=replace(case.project, stack=STACK))
    if crash is not None:
        first.judge_all(plan)


def _describe(case: Case) -> dict[str, Any]:
    """Give what must stay as it is."""
    state = case.service.press.state()
    return {block["id"]: block for kind in ("specs", "deployments") for block in state[kind]}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{identity} was {before.get(identity)} and is {after.get(identity)}"
        for identity in {**before, **after}
        if before.get(identity) != after.get(identity)
    ]
