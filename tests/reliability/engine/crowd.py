"""Changes of a stack of many blocks: each changes all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.reliability.core.plans import Content, DeploymentPlan, SpecPlan, Texts

if TYPE_CHECKING:
    from tests.reliability.core.plans import Plan

__all__ = ["count_declared", "declare", "describe", "publish", "replace_all", "revise"]

DEPLOYED = 3
"""Of so many specs one is deployed."""


def count_declared(specs: int) -> int:
    """Count the specs and deployments of a stack of so many specs."""
    return specs + specs // DEPLOYED


def declare(plan: Plan, specs: int) -> None:
    """Declare so many specs, and deployments of some.

    The name of the first one begins those of others: the service's filter by name matches prefixes.
    """
    for number in range(1, specs + 1):
        key = f"s{number}"
        plan.specs[key] = SpecPlan(f"orders-{number}", "workflow", Content(plan.number()), Texts("Title"))
        if number % DEPLOYED == 0:
            plan.deployments[key] = DeploymentPlan(f"orders-{number}", key, key, run=(("rows", 1),))


def describe(plan: Plan) -> None:
    """Change the metadata of all blocks."""
    texts = Texts("Another title", "What it does.", ("a",))
    plan.specs = {key: replace(spec, texts=texts) for key, spec in plan.specs.items()}
    plan.deployments = {key: replace(one, texts=texts) for key, one in plan.deployments.items()}


def publish(plan: Plan) -> None:
    """Change the content of all specs; their deployments follow."""
    plan.specs = {key: replace(spec, content=Content(plan.number())) for key, spec in plan.specs.items()}


def revise(plan: Plan) -> None:
    """Change what each revision is made of."""
    plan.deployments = {key: replace(one, build=(("size", 2),)) for key, one in plan.deployments.items()}


def replace_all(plan: Plan) -> None:
    """Change the kind of all specs; their deployments are replaced too."""
    plan.specs = {key: replace(spec, kind="service") for key, spec in plan.specs.items()}
