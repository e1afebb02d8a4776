"""Two resources of one object: the one that the program gave up must not take it along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import PressError
from pulumi_press.provider.adoption import CLAIM, note_owner
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put

if TYPE_CHECKING:
    from pulumi_press.provider.base import Resource
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}


@pytest.mark.parametrize("lifecycle", [SpecResource(), DeploymentResource()], ids=lambda item: item.kind)
def test_object_of_another_resource_outlives_the_one_that_was_given_up(lifecycle: Resource, world: World) -> None:
    """An object that the program gives to another resource stays, though this process did not take it over."""
    program = SPEC
    if lifecycle.kind == "deployment":
        program = {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}
    old = world.manage(lifecycle)
    old.up(program)
    identity = old.id
    # A run was ended after the new resource took the object over; the next one compares the new resource only.
    world.restart()
    old.context = replace(old.context, urn="urn::old")
    note_owner(lifecycle.kind, identity, replace(old.context, urn="urn::new"))
    world.calls()

    old.destroy()

    assert world.sent() == []
    assert "it is only removed from the state" in world.told.news[-1]


def test_object_is_deleted_by_the_resource_that_has_it(world: World) -> None:
    """The owner itself deletes its object."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    world.restart()
    spec.context = replace(spec.context, urn="urn::new")
    note_owner("spec", spec.id, spec.context)
    identity = spec.id
    world.calls()

    spec.destroy()

    assert world.writes() == [f"DELETE /v1/blocks/specs/{identity}"]


@pytest.fixture(params=["spec", "deployment"])
def managed(request: pytest.FixtureRequest, world: World) -> tuple[Resource, dict[str, Any]]:
    """A kind of block, and a program that makes one."""
    if request.param == "spec":
        return SpecResource(), SPEC
    return DeploymentResource(), {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish()}}


def live_ids(world: World) -> set[str]:
    """Give the ids of all that is there."""
    state = world.press.state()
    return {item["id"] for item in (*state["specs"], *state["deployments"])}


def test_rename_that_failed_halfway_keeps_the_block(managed: tuple[Resource, dict[str, Any]], world: World) -> None:
    """The old name's entry, deleted by a later run, leaves the block to the new name, which can then delete it."""
    lifecycle, program = managed
    old = world.manage(lifecycle, adopt="always")
    old.up(program)
    new = world.manage(lifecycle, adopt="always")
    new.up(program)
    identity = new.id
    assert identity == old.id
    # The run ended before the old resource was deleted; another process destroys it by its name.
    world.restart()

    old.destroy()

    assert identity in live_ids(world)
    assert "it is only removed from the state" in world.told.news[-1]
    new.destroy()
    assert identity not in live_ids(world)


def test_block_taken_over_is_deleted_under_a_new_name(managed: tuple[Resource, dict[str, Any]], world: World) -> None:
    """A resource that took a block over and got another name by an alias since still deletes it."""
    lifecycle, program = managed
    old = world.manage(lifecycle, adopt="always")
    old.up(program)
    new = world.manage(lifecycle, adopt="always")
    new.up(program)
    world.restart()
    new.context = replace(new.context, urn="urn::alias")
    note_owner(lifecycle.kind, new.id, new.context)
    world.restart()

    new.destroy()

    assert old.id not in live_ids(world)


def test_old_entry_of_the_same_name_leaves_the_block(managed: tuple[Resource, dict[str, Any]], world: World) -> None:
    """Where a state holds one block twice under one name, what the engine keeps outlives the deletion of the other."""
    lifecycle, program = managed
    theirs = world.manage(lifecycle)
    theirs.up(program)
    resource = world.manage(lifecycle, adopt="always")
    resource.up(program)
    world.restart()
    old = replace(resource, outputs=theirs.outputs)

    old.destroy()

    assert resource.id in live_ids(world)
    resource.destroy()
    assert resource.id not in live_ids(world)


def test_claim_is_kept_through_changes_and_refreshes(managed: tuple[Resource, dict[str, Any]], world: World) -> None:
    """What a state says of a takeover stays with the resource, and never shows as a difference."""
    lifecycle, program = managed
    world.manage(lifecycle).up(program)
    resource = world.manage(lifecycle, adopt="always")
    resource.up(program)
    world.restart()
    changed = put(program, "metadata.title", "Another")

    resource.up(changed)

    assert resource.refresh()
    assert CLAIM in resource.outputs
    assert CLAIM not in resource.inputs
    assert resource.preview(changed).changes == ()
    resource.destroy()
    assert resource.id not in live_ids(world)


def test_takeover_that_failed_claims_nothing(managed: tuple[Resource, dict[str, Any]], world: World) -> None:
    """Where the service refuses what a takeover asks for, the resource that has the block still deletes it."""
    lifecycle, program = managed
    old = world.manage(lifecycle)
    old.up(program)
    world.press.faults({"match": {"method": "PATCH"}, "times": 1, "then": {"status": 403}})
    with pytest.raises(PressError):
        world.manage(lifecycle, adopt="always").up(put(program, "metadata.title", "Another"))
    world.restart()

    old.destroy()

    assert live_ids(world) & {old.id} == set()
