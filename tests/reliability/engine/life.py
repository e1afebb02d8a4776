"""The life of a stack, in stages: what a person changes, and the command that carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from tests.reliability.core.plans import Content, DeploymentPlan, Plan, ReleasePlan, SpecPlan, Texts
from tests.reliability.engine import crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule

__all__ = ["LIVES", "PLAIN", "Life", "Stage", "copy_plan"]

LARGE = 100
"""Stacks of so many specs are crashed in fewer stages."""

FILES = (("Dockerfile", b"FROM scratch\n"), ("main.py", b"print('one')\n"))


@dataclass(frozen=True)
class Stage:
    """One change of a stack.

    Args:
        name: what people call it.
        change: makes it in the program.
        command: what carries it out.
        tried: whether the calls of this stage are points to crash at; else it only leads to the next one.
        outcomes: how its rollouts end.
        forced: resources whose replacement the command demands by `--replace`.
        tainted: resources that are marked by `state taint` before.
        is_anothers: whether another stack with the same program, on this tenant, carries it out: it must be refused.
    """

    name: str
    change: Callable[[Plan], object]
    command: Literal["up", "destroy", "refresh"] = "up"
    tried: bool = True
    outcomes: tuple[OutcomeRule, ...] = field(default=())
    forced: tuple[str, ...] = ()
    tainted: tuple[str, ...] = ()
    is_anothers: bool = False


@dataclass(frozen=True)
class Life:
    """The stages of a stack, which begins empty.

    Args:
        stages: what happens to it.
        config: the stack's configuration.
        others_config: that of the other stack, where there is one.
        is_forgetful: whether the command after a crash runs on another machine, which has none of the notes.
        parallel: how many operations are under way at once; 0: as many as the engine chooses.
        sample: at how many calls of each stage it is tried to crash; 0: at every call.
    """

    stages: tuple[Stage, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    others_config: Mapping[str, str] = field(default_factory=dict)
    is_forgetful: bool = False
    parallel: int = 0
    sample: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """Options of each command that changes the stack."""
        return ("--parallel", str(self.parallel)) if self.parallel else ()


PLAIN = Life()


def copy_plan(plan: Plan, folder: Path) -> Plan:
    """Copy a plan; its artifacts' files go below another project's folder."""
    return replace(
        plan,
        folder=folder / "artifacts",
        specs=dict(plan.specs),
        releases=dict(plan.releases),
        deployments=dict(plan.deployments),
        published=set(plan.published),
    )


def _create(plan: Plan) -> None:
    plan.specs["etl"] = SpecPlan("etl", "workflow", Content(plan.number(), files=FILES), Texts("Title"))
    plan.numbers = 10  # The release that is declared apart has a higher version than the spec's own.
    plan.releases["next"] = ReleasePlan("etl", plan.number(), Content(plan.number(), "The next one"))
    plan.deployments["prod"] = DeploymentPlan("etl prod", "etl", "etl", run=(("rows", 1),), build=(("size", 1),))


def _describe(plan: Plan) -> None:
    plan.specs["etl"] = replace(plan.specs["etl"], texts=Texts("Another title", "What it does.", ("a", "b")))
    plan.deployments["prod"] = replace(plan.deployments["prod"], texts=Texts("Another title", tags=("c",)))


def _publish(plan: Plan) -> None:
    content = Content(plan.number(), "Other files", files=(FILES[0], ("main.py", b"print('two')\n")))
    plan.specs["etl"] = replace(plan.specs["etl"], content=content)


def _publish_files(plan: Plan) -> None:
    spec = plan.specs["etl"]
    content = replace(spec.content, files=(FILES[0], ("main.py", b"print('three')\n")))
    plan.specs["etl"] = replace(spec, content=content)


def _set_parameters(plan: Plan) -> None:
    plan.deployments["prod"] = replace(plan.deployments["prod"], run=(("rows", 2), ("mode", "slow")))


def _revise(plan: Plan) -> None:
    plan.deployments["prod"] = replace(plan.deployments["prod"], build=(("size", 2),), notes="Bigger")


def _release(plan: Plan) -> None:
    plan.releases["next"] = replace(plan.releases["next"], number=plan.number(), content=Content(plan.number()))
    plan.deployments["prod"] = replace(plan.deployments["prod"], release="next")


def _rename(plan: Plan) -> None:
    plan.specs["etl"] = replace(plan.specs["etl"], name="etl/2 größe")
    plan.deployments["prod"] = replace(plan.deployments["prod"], name="etl prod #2")


def _replace(plan: Plan) -> None:
    plan.specs["etl"] = replace(plan.specs["etl"], kind="service")
    plan.raise_releases("etl", also_published=True)


def _remove(plan: Plan) -> None:
    plan.deployments["prod"] = replace(plan.deployments["prod"], release="etl")
    plan.deployments["second"] = DeploymentPlan("etl second", "etl", "etl", wait=False)
    plan.releases.clear()


def _leave(plan: Plan) -> None:
    """Change nothing."""


def _create_plain(plan: Plan) -> None:
    """Declare a spec without files, which the service can tell whole, and its deployment."""
    plan.specs["etl"] = SpecPlan("etl", "workflow", Content(plan.number()), Texts("Title"))
    plan.deployments["prod"] = DeploymentPlan("etl prod", "etl", "etl", run=(("rows", 1),))


def _rename_resources(plan: Plan) -> None:
    """Give every resource another name in the program, without an alias."""
    plan.specs = {"new-etl": plan.specs["etl"]}
    plan.deployments = {"new-prod": replace(plan.deployments["prod"], spec="new-etl", release="new-etl")}


def _add_release(plan: Plan) -> None:
    plan.numbers = 10
    plan.releases["next"] = ReleasePlan("new-etl", plan.number(), Content(plan.number(), "The next one"))
    plan.deployments["new-prod"] = replace(plan.deployments["new-prod"], release="next")


def _rename_release(plan: Plan) -> None:
    plan.releases = {"new-next": plan.releases["next"]}
    plan.deployments["new-prod"] = replace(plan.deployments["new-prod"], release="new-next")


def _create_block(plan: Plan) -> None:
    """Declare a spec and its deployment as a `Block`."""
    plan.in_block = True
    plan.specs["etl"] = SpecPlan("etl", "workflow", Content(plan.number()))
    plan.deployments["etl"] = DeploymentPlan("etl", "etl", "etl")


def _crowd(specs: int, sample: int, config: Mapping[str, str] = MappingProxyType({})) -> Life:
    """Give the life of a stack of many blocks, all of which are under way at once; those of a hundred take long."""
    stages = (
        Stage("create", partial(crowd.declare, specs=specs)),
        Stage("patch metadata", crowd.describe, tried=specs < LARGE),
        Stage("publish", crowd.publish),
        Stage("revise", crowd.revise, tried=specs < LARGE),
        Stage("replace", crowd.replace_all),
        Stage("destroy", _leave, "destroy"),
    )
    return Life(stages, config, is_forgetful=bool(config), parallel=crowd.count_declared(specs), sample=sample)


_MARKS = {"press:marks": "owner"}
_SHARED = (
    Stage("create plain", _create_plain, tried=False),
    Stage("another stack", _leave, is_anothers=True),
)

LIVES: dict[str, Life] = {
    "main": Life(
        (
            Stage("create", _create),
            Stage("patch metadata", _describe),
            Stage("publish", _publish),
            Stage("publish files alone", _publish_files),
            Stage("run parameters", _set_parameters),
            Stage("revise", _revise),
            Stage("release declared apart", _release),
            Stage("rename blocks", _rename),
            Stage("replace", _replace),
            Stage("refresh", _leave, "refresh"),
            Stage("remove and add", _remove),
            Stage("destroy", _leave, "destroy"),
        )
    ),
    "renamed": Life(
        (
            Stage("create plain", _create_plain, tried=False),
            Stage("rename resources", _rename_resources),
            Stage("add a release", _add_release, tried=False),
            Stage("rename a release", _rename_release),
        ),
        {"press:adopt": "identical"},
    ),
    "failed": Life(
        (
            Stage("fail", _create_plain, tried=False, outcomes=({"status": "failed", "times": 1},)),
            Stage("redeploy", _leave),
        )
    ),
    "forced": Life(
        (
            Stage("create plain", _create_plain, tried=False),
            Stage("replace the deployment", _leave, forced=("deployment:prod",)),
            Stage("taint the deployment", _leave, tainted=("deployment:prod",)),
            Stage("taint the spec", _leave, tainted=("spec:etl",)),
            Stage("replace both", _leave, forced=("spec:etl", "deployment:prod")),
        )
    ),
    "forced in a block": Life(
        (
            Stage("create a block", _create_block, tried=False),
            Stage("replace the spec", _leave, forced=("spec:etl",)),
            Stage("taint both", _leave, tainted=("spec:etl", "deployment:etl")),
        )
    ),
    "shared": Life(_SHARED),
    "shared, marked": Life(_SHARED, _MARKS, {**_MARKS, "press:adopt": "identical"}),
    "marked": Life(
        (
            Stage("create", _create),
            Stage("publish files alone", _publish_files),
            Stage("revise", _revise),
            Stage("release declared apart", _release),
            Stage("replace the deployment", _leave, forced=("deployment:prod",)),
        ),
        _MARKS,
        is_forgetful=True,
    ),
    "10 blocks": _crowd(10, 4),
    "10 blocks, marked": _crowd(10, 2, _MARKS),
    "100 blocks": _crowd(100, 3),
}
"""What happens to stacks."""
