"""Updates that were ended halfway: the next one goes on where they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import PressError
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, put

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World

WORKFLOW = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}
SPEC: dict[str, Any] = {"kind": "workflow", "metadata": {"name": "etl", "summary": "Loads orders"}, "config": WORKFLOW}


def test_release_follows_a_rename_that_is_not_in_the_state(world: World) -> None:
    """The latest version is that of the spec with the new name, where an ended run had renamed it already."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    for version in ("1.0.1", "1.0.2"):
        world.client.create_spec_release(spec.id, {"release": {"version": version}, "config": WORKFLOW})
    renamed = put(put(SPEC, "metadata.name", "etl-2"), "release.notes", "changed")
    world.press.faults({"match": {"method": "POST", "path": "*/releases"}, "times": 1, "then": {"status": 503}})
    with pytest.raises(PressError):
        spec.up(renamed)
    world.restart()

    spec.up(renamed)

    assert get(spec.outputs, "release.version") == "1.0.3"
