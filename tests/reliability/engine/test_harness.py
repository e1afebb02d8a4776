"""What the harness on the real engine breaks, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.reliability.core.plans import Content, Plan, SpecPlan
from tests.reliability.engine.life import copy_plan

if TYPE_CHECKING:
    from pathlib import Path


def test_a_copy_of_a_plan_is_the_same_program_elsewhere(tmp_path: Path) -> None:
    """It is changed apart from the first."""
    plan = Plan(tmp_path / "here", numbers=3, published={"1.0.0"}, in_block=True)
    plan.specs["etl"] = SpecPlan("etl", "workflow", Content(1))

    copy = copy_plan(plan, tmp_path / "there")

    assert copy == replace(plan, folder=tmp_path / "there" / "artifacts")
    copy.specs.clear()
    copy.published.clear()
    assert (len(plan.specs), plan.published) == (1, {"1.0.0"})
