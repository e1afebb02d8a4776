"""A spec that somebody archived by hand shows as drift, and the next run offers it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.fields import Effect
from pulumi_press.provider.spec import SpecResource

if TYPE_CHECKING:
    from pulumi_press.provider.values import Values
    from tests.unit.provider.conftest import World

SPEC: Values = {
    "kind": "service",
    "metadata": {"name": "api", "summary": "An API", "tags": [{"name": "team-a"}]},
    "config": {"imageDetails": {"id": 1}},
    "release": {"version": "1.0.0"},
}

BY_HAND: dict[str, dict[str, Any]] = {
    "archived": {"metadata": {"status": "archived"}},
    "unavailable": {"metadata": {"status": "unavailable"}},
    "archived and edited": {"metadata": {"status": "archived", "title": "Old"}, "featured": True},
}


@pytest.mark.parametrize("edit", BY_HAND)
def test_withdrawn_spec_is_drift_and_is_offered_again(world: World, edit: str) -> None:
    """The status that somebody set shows after a refresh, the preview takes it back, and so does one PATCH."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    world.client.update_spec_metadata(spec.id, BY_HAND[edit])

    spec.refresh()

    assert spec.inputs["metadata"]["status"] == BY_HAND[edit]["metadata"]["status"]
    assert "metadata.status" in spec.preview(SPEC).paths(Effect.PATCH)
    world.sent()
    spec.up(SPEC)
    assert world.writes() == [f"PATCH /v1/blocks/specs/{spec.id}"]
    assert world.client.describe_spec(spec.id)["metadata"]["status"] == "available"
    spec.refresh()
    assert "status" not in spec.inputs["metadata"]
    assert not spec.preview(SPEC).changes


def test_archived_spec_is_not_identical(world: World) -> None:
    """One that is archived is not what would have been made, so it is not taken over as identical."""
    made = world.manage(SpecResource())
    made.up(SPEC)
    world.client.update_spec_metadata(made.id, BY_HAND["archived"])
    world.restart()

    with pytest.raises(Exception, match="exists already"):
        world.manage(SpecResource(), adopt="identical").up(SPEC)

    taken = world.manage(SpecResource(), adopt="always")
    taken.up(SPEC)
    assert world.client.describe_spec(taken.id)["metadata"]["status"] == "available"


def test_available_spec_shows_no_status(world: World) -> None:
    """The status that the service gives by itself is no drift, and neither is an import's."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    spec.refresh()

    assert "status" not in spec.inputs["metadata"]
    assert not spec.preview(SPEC).changes
