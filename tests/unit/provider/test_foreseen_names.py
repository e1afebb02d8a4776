"""A taken name is told in a preview already, where `press:validate` is `server`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import InvalidResponse, UnprocessableEntity
from pulumi_press.provider.adoption import note_entry
from pulumi_press.provider.context import Request, State
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from pulumi_press.provider.base import Resource
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads."},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}
DEPLOYMENT: dict[str, Any] = {"metadata": {"name": "etl-prod", "title": "Orders"}, "spec": {}}


@pytest.fixture(params=["spec", "deployment"])
def wanted(request: pytest.FixtureRequest, world: World) -> tuple[type[Resource], dict[str, Any]]:
    """A program whose object somebody has made."""
    if request.param == "spec":
        world.manage(SpecResource()).up(SPEC)
        return SpecResource, SPEC
    program = put(DEPLOYMENT, "spec.id", world.publish())
    world.manage(DeploymentResource()).up(program)
    return DeploymentResource, program


@pytest.mark.parametrize("adopt", ["never", "identical"])
def test_preview_tells_what_up_would_refuse(
    wanted: tuple[type[Resource], dict[str, Any]], adopt: str, world: World
) -> None:
    """The mistake has the words of the error, but for the service's own; nothing but GETs is sent."""
    lifecycle, program = wanted
    program = put(program, "metadata.title", "Another")
    world.calls()

    (told,) = world.manage(lifecycle(), adopt=adopt, validate="server").failures(program)

    assert {call["method"] for call in world.calls()} == {"GET"}
    refused = world.manage(lifecycle(), adopt=adopt).refusal(program)
    assert refused.partition("\n(the service says: ")[0] == told


def test_preview_of_what_is_taken_over_is_silent(wanted: tuple[type[Resource], dict[str, Any]], world: World) -> None:
    """An object that is identical, or that is taken over whatever it is, is no mistake."""
    lifecycle, program = wanted

    assert world.manage(lifecycle(), adopt="identical", validate="server").failures(program) == []
    another = put(program, "metadata.title", "Another")
    assert world.manage(lifecycle(), adopt="always", validate="server").failures(another) == []


def test_long_mistakes_of_a_validation_are_shortened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Path and message of each mistake are the service's own texts, of any length."""
    body = {"errors": [{"path": "p" * 50_000, "message": "y" * 50_000}]}

    def refuse(*_: object, **__: object) -> object:
        raise UnprocessableEntity("422", status=422, body=body)

    monkeypatch.setattr(world.client, "create_spec", refuse)

    (told,) = world.manage(SpecResource(), adopt="never", validate="server").failures(SPEC)

    assert "more characters): the service says: yyy" in told
    assert len(told) < 1_500


@pytest.mark.parametrize("given", ["", " ", "\ufffd", "y" * 100_000, None])
@pytest.mark.parametrize("settings", [{"validate": "server"}, {"adopt": "always"}], ids=str)
def test_name_of_what_has_no_usable_id_is_told(
    given: object, settings: dict[str, Any], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object of that name is there, so neither the check nor the operation goes on as if there were none."""
    listed = [{"id": given, "kind": "workflow", "metadata": {"name": "etl"}}]
    world.manage(SpecResource()).up(SPEC)
    monkeypatch.setattr(world.client, "list_specs", lambda **_: listed)

    with pytest.raises(InvalidResponse, match=r"lists a spec named 'etl' that cannot be used: id .*set press:endpoint"):
        world.manage(SpecResource(), **{"adopt": "never", **settings}).up(SPEC)


def test_name_of_what_is_replaced_is_not_taken(wanted: tuple[type[Resource], dict[str, Any]], world: World) -> None:
    """The engine checks a replacement as if nothing were there before; what goes first does not stand in its way."""
    lifecycle, program = wanted
    changed = put(program, "metadata.title", "Another")
    live = world.press.state()["specs" if lifecycle is SpecResource else "deployments"]
    managed = world.manage(lifecycle(), adopt="never", validate="server")
    managed.context.cache.owners[lifecycle.kind, live[0]["id"]] = managed.context.urn

    assert managed.failures(changed) == []


@pytest.mark.parametrize("settings", [{"validate": "server"}, {"adopt": "identical"}, {"adopt": "always"}], ids=str)
def test_name_of_what_is_replaced_on_request_is_not_taken(
    wanted: tuple[type[Resource], dict[str, Any]], settings: dict[str, Any], world: World
) -> None:
    """A demanded replacement is checked as a change first, so its own block does not stand in its way."""
    lifecycle, program = wanted
    managed = world.manage(lifecycle(), **{"adopt": "never", **settings})
    managed = replace(managed, context=replace(managed.context, urn="urn:pulumi:prod::shop::type::name"))
    note_entry(Request.of(managed.context, old=State(program)))

    assert managed.failures(put(program, "metadata.title", "Another")) == []
    assert world.told.warnings == []


def test_name_of_another_is_taken_for_a_renamed_block_too(world: World) -> None:
    """That the resource is replaced says nothing of a block whose name it had not before."""
    world.manage(SpecResource()).up(SPEC)
    managed = world.manage(SpecResource(), adopt="never", validate="server")
    managed = replace(managed, context=replace(managed.context, urn="urn:pulumi:prod::shop::type::name"))
    before = State(put(SPEC, "metadata.name", "before"))
    note_entry(Request.of(managed.context, old=before))

    (told,) = managed.failures(SPEC)

    assert "exists already" in told


def test_without_the_setting_nothing_is_asked(wanted: tuple[type[Resource], dict[str, Any]], world: World) -> None:
    """A preview that does not ask the service leaves it to the service to refuse the name."""
    lifecycle, program = wanted
    world.calls()

    assert world.manage(lifecycle(), adopt="never").failures(put(program, "metadata.title", "Another")) == []
    assert world.calls() == []


def test_deployment_of_a_spec_that_is_not_made_yet_finds_its_name_taken(world: World) -> None:
    """A deployment that is there must be of another spec, and is never taken over."""
    theirs = world.manage(DeploymentResource())
    theirs.up(put(DEPLOYMENT, "spec.id", world.publish()))

    ours = world.manage(DeploymentResource(), adopt="always", validate="server")

    (told,) = ours.failures(put(DEPLOYMENT, "spec.id", UNKNOWN))
    assert told == (
        f"metadata.name: a deployment named 'etl-prod' exists already as {theirs.id} of another spec; "
        "choose another name, or delete it"
    )
