"""Two resources of one object: the one that the program gave up must not take it along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.lifecycle import DeploymentLifecycle, SpecLifecycle
from pulumi_press.lifecycle.ownership import note_owner

if TYPE_CHECKING:
    from pulumi_press.lifecycle import Lifecycle
    from tests.unit.lifecycle.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}


@pytest.mark.parametrize("lifecycle", [SpecLifecycle(), DeploymentLifecycle()], ids=lambda item: item.noun)
def test_object_of_another_resource_outlives_the_one_that_was_given_up(lifecycle: Lifecycle, world: World) -> None:
    """An object that the program gives to another resource stays, though this process did not take it over."""
    program = SPEC
    if lifecycle.noun == "deployment":
        program = {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}
    old = world.manage(lifecycle)
    old.up(program)
    identity = old.identity
    # A run was ended after the new resource took the object over; the next one compares the new resource only.
    world.restart()
    old.context = replace(old.context, owner="urn::old")
    note_owner(lifecycle.noun, identity, replace(old.context, owner="urn::new"))
    world.calls()

    old.destroy()

    assert world.sent() == []
    assert "only forgotten here" in world.told.news[-1]


def test_object_is_deleted_by_the_resource_that_has_it(world: World) -> None:
    """The owner itself deletes its object."""
    spec = world.manage(SpecLifecycle())
    spec.up(SPEC)
    spec.context = replace(spec.context, owner="urn::new")
    note_owner("spec", spec.identity, spec.context)
    identity = spec.identity
    world.calls()

    spec.destroy()

    assert world.writes() == [f"DELETE /v1/blocks/specs/{identity}"]
