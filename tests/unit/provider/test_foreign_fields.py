"""What the service adds to what a program gave is no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.metadata import flatten_metadata
from pulumi_press.provider.parameters import flatten_declared

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World


def test_more_about_a_tag_is_no_drift() -> None:
    """A tag that comes back with an id of its own is the tag that was given."""
    given = {"name": "etl", "tags": [{"name": "a"}, {"name": "b"}]}
    live = {"name": "etl", "tags": [{"id": 7, "name": "b"}, {"name": "a", "createdBy": "x"}]}

    assert flatten_metadata(live, given) == given


def test_more_about_a_parameter_is_no_other_declaration() -> None:
    """A declaration and its options come back as they were given, whatever else the service tells of them."""
    option = {"title": "All", "value": {"any": "thing"}}
    given = {"name": "rows", "type": "object", "required": False, "options": [option], "defaultValue": {"any": 1}}
    live = {**given, "id": 7, "options": [{**option, "id": 8}]}

    assert flatten_declared({"run": [live], "build": [], "groups": {"run": []}}) == {"run": [given]}
    assert flatten_declared(None) == {}


def test_values_are_hidden_where_nobody_tells_which_are_secret(world: World) -> None:
    """If the release cannot be read, each value given for the first time is taken for a secret, and no other."""
    declared: Any = {"run": [{"name": "key", "type": "string", "required": False}]}
    program = {
        "metadata": {"name": "d", "summary": "s"},
        "spec": {"id": world.publish(parameters=declared), "release": {"version": "1.0.0"}},
        "parameters": {"run": {"key": "value"}},
    }
    deployment = world.manage(DeploymentResource())
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 503}})
    assert deployment.check(program)["hidden"] == ["run.key"]

    world.press.clear_faults()
    assert "hidden" not in deployment.check(program)
    deployment.up(program)
    world.restart()
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 503}})
    assert "hidden" not in deployment.check({**program, "parameters": {"run": {"key": "another"}}})
