"""Objects that were there before this program asked for one: they are somebody's, however alike they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.spec import SpecResource

if TYPE_CHECKING:
    from pulumi_press.emulator.control.faults import FaultEffect
    from pulumi_press.provider.base import Resource
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}
LOST: list[FaultEffect] = [
    {"drop": True, "when": "after"},
    {"status": 502, "when": "after"},
    {"body": "garbage"},
]
LIFECYCLES: list[Resource] = [SpecResource(), DeploymentResource()]


def program_of(lifecycle: Resource, world: World) -> dict[str, Any]:
    """Give a program of a kind of resource."""
    if isinstance(lifecycle, SpecResource):
        return SPEC
    return {"metadata": {"name": "prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}


def live(world: World) -> list[Any]:
    """Give what is there, with all that could be changed."""
    state = world.press.state()
    return [(item["id"], item["metadata"]) for kind in ("specs", "deployments") for item in state[kind]]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda item: item.kind)
@pytest.mark.parametrize("effect", LOST, ids=["dropped", "502", "garbage"])
def test_an_older_object_is_not_taken_for_what_a_lost_answer_made(
    lifecycle: Resource, effect: FaultEffect, world: World
) -> None:
    """The service refused a POST because of the name, and that answer is lost: the block of that name is another's."""
    program = program_of(lifecycle, world)
    other = world.manage(lifecycle)
    other.up(program)
    world.press.advance(3600)
    before = live(world)
    world.restart()
    ours = world.manage(lifecycle)
    ours.context = replace(ours.context, urn="urn::ours")
    world.press.faults({"match": {"method": "POST"}, "then": effect, "times": 1})

    with pytest.raises(AlreadyExistsError, match=str(other.id)):
        ours.up(program)

    assert live(world) == before


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda item: item.kind)
def test_an_older_object_is_not_taken_for_what_an_ended_run_made(lifecycle: Resource, world: World) -> None:
    """A run was ended while a POST was under way that the service refused: its note makes no block ours."""
    program = program_of(lifecycle, world)
    other = world.manage(lifecycle)
    other.up(program)
    world.press.advance(3600)
    before = live(world)
    world.restart()
    ours = world.manage(lifecycle)
    ours.context = replace(ours.context, urn="urn::ours")
    world.press.faults({"match": {"method": "POST"}, "then": {"drop": True, "when": "after"}, "times": 1})
    world.press.faults({"match": {"method": "GET"}, "then": {"drop": True}, "times": 9})
    with pytest.raises(Exception, match="broke"):
        ours.up(program)
    world.press.clear_faults()
    world.restart()

    with pytest.raises(AlreadyExistsError, match=str(other.id)):
        ours.up(program)

    assert live(world) == before


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda item: item.kind)
@pytest.mark.parametrize("ahead", [-7200.0, 0.0, 7200.0], ids=["behind", "alike", "ahead"])
def test_what_a_lost_answer_made_is_ours_whatever_the_clocks_say(
    lifecycle: Resource, ahead: float, world: World
) -> None:
    """The service's clock may be hours off this machine's: the dates of its answers are compared, not the clocks."""
    program = program_of(lifecycle, world)
    if ahead:
        world.press.advance(max(ahead, 0.0))
    ours = world.manage(lifecycle)
    if ahead < 0:
        wall = ours.context.client.times.now
        ours.context.client.times.now = lambda: wall() - ahead
    world.press.faults({"match": {"method": "POST"}, "then": {"drop": True, "when": "after"}, "times": 1})

    ours.up(program)

    assert ours.id in [identity for identity, _ in live(world)]
