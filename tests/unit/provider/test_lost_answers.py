"""A POST whose answer never came is not sent again: what it made is looked up and taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import PressError, UnprocessableEntity
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.provider.conftest import World

CONFIG: dict[str, Any] = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}
DECLARED: dict[str, Any] = {
    "build": [{"name": "size", "type": "number", "required": False}],
    "run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 1},
        {"name": "key", "type": "string", "required": False, "hideValue": True},
    ],
}
SPEC: dict[str, Any] = {
    # Each in the spelling that the service would not choose by itself.
    "version": "1",
    "kind": "workflow",
    "metadata": {
        "name": "etl",
        "summary": "Loads orders",
        "title": "",
        "descriptionContentType": "text/plain",
        "tags": [],
    },
    "release": {"notes": ""},
    "config": CONFIG,
    "parameters": {**DECLARED, "build": []},
    "featured": False,
    "scope": "private",
    "tenants": [],
    "auto_run_on_deploy": False,
}
DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod", "title": "", "descriptionContentType": "text/plain", "tags": []},
    "spec": {"release": {"version": "1.0.0"}},
    "parameters": {"build": {"size": 3}, "run": {"rows": 1, "key": "secret-one"}},
    "revision": {"notes": "First"},
    "triggers": {"image": "one"},
    "timeouts": {"create": "30m"},
}

LOST = {
    "dropped": {"drop": True, "when": "after"},
    "failed": {"status": 500, "when": "after"},
    "gateway": {"status": 504, "when": "after"},
    "garbage": {"body": "garbage"},
    "truncated": {"body": "truncated"},
    "empty": {"body": "empty"},
}
"""Ways in which the work is done and the answer is lost."""

UNDONE = {
    "dropped": {"drop": True},
    "failed": {"status": 500},
    "gateway": {"status": 504},
}
"""Ways in which the work is not done, and nobody can tell."""

lost = pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
undone = pytest.mark.parametrize("fault", UNDONE.values(), ids=UNDONE)


def break_post(world: World, path: str, fault: dict[str, Any]) -> None:
    """Let the next POST to a path go wrong."""
    world.press.faults({"match": {"method": "POST", "path": path}, "times": 1, "then": fault})  # type: ignore[typeddict-item]  # One of the above.


@lost
def test_spec_is_found_after_a_lost_answer(fault: dict[str, Any], world: World) -> None:
    """A spec that was made is taken without a word, sent once, and is no change after that."""
    spec = world.manage(SpecResource(), adopt="never")
    break_post(world, "/v1/blocks/specs/", fault)

    spec.up(SPEC)

    (made,) = world.press.state()["specs"]
    assert made["id"] == spec.id
    assert world.writes() == ["POST /v1/blocks/specs/"]
    assert world.told.lines == []
    world.restart()
    as_written = spec.inputs
    assert spec.refresh()
    assert spec.inputs == as_written
    assert spec.preview(SPEC).changes == ()


@undone
def test_spec_that_was_not_made_is_an_error_and_made_by_the_next_try(fault: dict[str, Any], world: World) -> None:
    """A spec that is not there after a lost answer fails the operation; the next one makes it, once."""
    spec = world.manage(SpecResource())
    break_post(world, "/v1/blocks/specs/", fault)

    with pytest.raises(PressError, match="Whether it was carried out is not known") as caught:
        spec.up(SPEC)

    assert caught.value.outcome_unknown
    assert world.writes() == ["POST /v1/blocks/specs/"]
    assert world.press.state()["specs"] == []
    spec.up(SPEC)
    assert len(world.press.state()["specs"]) == 1


@lost
def test_release_is_found_after_a_lost_answer(fault: dict[str, Any], world: World) -> None:
    """A release that was made is taken, sent once, and is no change after that."""
    spec_id = world.publish()
    program = {"spec_id": spec_id, "release": {"version": "1.1.0", "notes": "Next"}, "config": CONFIG}
    release = world.manage(ReleaseResource())
    world.calls()
    break_post(world, f"/v1/blocks/specs/{spec_id}/releases", fault)

    release.up(program)

    assert release.id == f"{spec_id}/1.1.0"
    assert world.told.lines == []
    assert world.writes() == [f"POST /v1/blocks/specs/{spec_id}/releases"]
    assert [item["version"] for item in world.press.state()["specs"][0]["releases"]] == ["1.0.0", "1.1.0"]
    assert release.refresh()
    assert release.preview(program).changes == ()


@undone
def test_release_that_was_not_made_is_an_error_and_made_by_the_next_try(fault: dict[str, Any], world: World) -> None:
    """A release that is not there after a lost answer fails the operation; the next one makes it, once."""
    spec_id = world.publish()
    program = {"spec_id": spec_id, "release": {"version": "1.1.0"}, "config": CONFIG}
    release = world.manage(ReleaseResource())
    break_post(world, f"/v1/blocks/specs/{spec_id}/releases", fault)

    with pytest.raises(PressError, match="Whether it was carried out is not known"):
        release.up(program)

    assert len(world.press.state()["specs"][0]["releases"]) == 1
    release.up(program)
    assert len(world.press.state()["specs"][0]["releases"]) == 2


@lost
def test_content_change_survives_a_lost_answer(fault: dict[str, Any], world: World) -> None:
    """A changed spec whose release was made while the answer was lost has that release once."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    changed = put(SPEC, "config.steps.train.command", "python train.py --fast")
    break_post(world, "*/releases", fault)

    spec.up(changed)

    (made,) = world.press.state()["specs"]
    assert [release["version"] for release in made["releases"]] == ["1.0.0", "1.0.1"]
    assert spec.refresh()
    assert spec.preview(changed).changes == ()


@lost
def test_deployment_is_found_after_a_lost_answer(fault: dict[str, Any], world: World) -> None:
    """A deployment that was made is taken without a word, sent once, and is no change after that."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    deployment = world.manage(DeploymentResource(), adopt="never")
    world.calls()
    break_post(world, "/v1/blocks/deployments/", fault)

    deployment.up(program)

    (made,) = world.press.state()["deployments"]
    assert made["id"] == deployment.id
    assert world.writes() == ["POST /v1/blocks/deployments/"]
    assert world.told.lines == []
    assert deployment.refresh()
    assert deployment.preview(program).changes == ()


@lost
def test_deployment_is_found_though_a_later_release_came_out(
    fault: dict[str, Any], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that the same program publishes meanwhile does not make the deployment somebody else's."""
    spec_id = world.publish()
    program = {"metadata": {"name": "etl-prod"}, "spec": {"id": spec_id}}
    managed = world.manage(DeploymentResource())
    break_post(world, "/v1/blocks/deployments/", fault)
    find = world.client.list_deployments

    def publish_and_find(**filters: Any) -> Any:
        world.client.create_spec_release(spec_id, {"release": {"version": "1.1.0"}, "config": CONFIG})
        return find(**filters)

    monkeypatch.setattr(world.client, "list_deployments", publish_and_find)
    managed.up(program)

    assert [item["id"] for item in world.press.state()["deployments"]] == [managed.id]
    assert not managed.preview(program).changes


@pytest.mark.parametrize(("notes", "count"), [("First", 1), ("", 2), ("somebody's", 1)])
@lost
def test_revision_of_somebody_is_not_taken_with_the_deployment(
    fault: dict[str, Any], notes: str, count: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision that somebody makes before the look-up is theirs: a refresh shows it, and the next `up` reverts it."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    deployment = world.manage(DeploymentResource(), drift="revert")
    break_post(world, "/v1/blocks/deployments/", fault)
    describe = world.client.describe_deployment

    def revise_and_describe(identity: str) -> Any:
        monkeypatch.undo()
        for _ in range(count):
            world.client.create_deployment_revision(identity, {"revision": {"notes": notes}})
        return describe(identity)

    monkeypatch.setattr(world.client, "describe_deployment", revise_and_describe)
    deployment.up(program)

    assert deployment.outputs["revision_number"] == 1
    assert deployment.refresh()
    assert deployment.preview(program).changes
    deployment.up(program)
    revisions = world.press.state()["deployments"][0]["revisions"]
    assert [revision["notes"] for revision in revisions] == ["First", *[notes] * count, "First"]
    assert not deployment.preview(program).changes


@undone
def test_deployment_that_was_not_made_is_an_error_and_made_by_the_next_try(fault: dict[str, Any], world: World) -> None:
    """A deployment that is not there after a lost answer fails the operation; the next one makes it, once."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    deployment = world.manage(DeploymentResource())
    break_post(world, "/v1/blocks/deployments/", fault)

    with pytest.raises(PressError, match="Whether it was carried out is not known"):
        deployment.up(program)

    assert world.press.state()["deployments"] == []
    deployment.up(program)
    assert len(world.press.state()["deployments"]) == 1


CHANGED = {
    "notes": {"revision": {"notes": "Second"}},
    "no notes": {"revision": {}},
    "triggers": {"triggers": {"image": "two"}},
    "build": {"parameters": {"build": {"size": 4}, "run": {"rows": 1, "key": "secret-one"}}},
    "both": {"parameters": {"build": {"size": 4}, "run": {"rows": 5, "key": "secret-two"}}},
    "release": {"spec": {"release": {"version": "1.1.0"}}},
    "latest": {"spec": {}},
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
@lost
def test_revision_is_found_after_a_lost_answer(fault: dict[str, Any], change: dict[str, Any], world: World) -> None:
    """A revision that was made is taken, sent once, and is no change after that."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0", parameters=DECLARED)
    program, changed = (put(item, "spec.id", spec_id) for item in (DEPLOYMENT, {**DEPLOYMENT, **change}))
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    world.calls()
    break_post(world, "*/revisions", fault)

    deployment.up(changed)

    assert deployment.outputs["revision_number"] == 2
    assert world.writes() == [f"POST /v1/blocks/deployments/{deployment.id}/revisions"]
    assert [item["revision"] for item in world.press.state()["deployments"][0]["revisions"]] == [1, 2]
    assert deployment.refresh()
    assert deployment.preview(changed).changes == ()


@undone
def test_revision_that_was_not_made_is_an_error_and_made_by_the_next_try(fault: dict[str, Any], world: World) -> None:
    """A revision that is not there after a lost answer fails the operation; the next one makes it, once."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    break_post(world, "*/revisions", fault)

    with pytest.raises(PressError, match="Whether it was carried out is not known"):
        deployment.up(put(program, "triggers.image", "two"))

    assert len(world.press.state()["deployments"][0]["revisions"]) == 1
    deployment.up(put(program, "triggers.image", "two"))
    assert [item["revision"] for item in world.press.state()["deployments"][0]["revisions"]] == [1, 2]


FOREIGN: dict[str, dict[str, Any]] = {
    "notes": {"revision": {"notes": "Not ours"}},
    "release": {"release": {"version": "1.1.0"}},
    "run": {"parameters": {"run": {"rows": 7}}},
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_another_revision_is_not_taken_for_the_lost_one(foreign: dict[str, Any], world: World) -> None:
    """A revision that somebody else made, and that differs, is not taken for the one that was never made."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0", parameters=DECLARED)
    program = put(DEPLOYMENT, "spec.id", spec_id)
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    body = {
        "release": {"version": "1.0.0"},
        "revision": {"notes": "First"},
        "parameters": {"run": {"rows": 1, "key": "secret-one"}},
    }
    world.client.create_deployment_revision(deployment.id, {**body, **foreign})
    break_post(world, "*/revisions", {"drop": True})

    with pytest.raises(PressError, match="Whether it was carried out is not known"):
        deployment.up(put(program, "triggers.image", "two"))

    assert deployment.outputs["revision_number"] == 1


def test_refused_post_without_a_twin_is_the_refusal_itself(world: World) -> None:
    """A refusal that is not about a name shows the service's own words."""
    deployment = world.manage(DeploymentResource())
    program = put(DEPLOYMENT, "spec.id", world.publish())

    with pytest.raises(UnprocessableEntity, match=r"parameters\.build\.size: is not declared"):
        deployment.codec.create({**program, "parameters": {"build": {"size": 3}}}, deployment.context)


@pytest.mark.parametrize("unchanged", ["accept", "refuse"])
@pytest.mark.parametrize("kind", ["spec", "deployment", "run parameters"])
def test_patch_is_sent_again_after_a_lost_answer(
    kind: str, unchanged: str, special_world: Callable[..., World]
) -> None:
    """A PATCH may be sent again; where the service then finds nothing left to change, that is what was wanted."""
    world = special_world(unchanged_patch=unchanged)
    program = put(DEPLOYMENT, "spec.id", world.publish("deployed", parameters=DECLARED))
    resource = world.manage(DeploymentResource())
    changed = put(program, "metadata.title" if kind == "deployment" else "parameters.run.rows", "Orders")
    if kind == "run parameters":
        changed = put(program, "parameters.run.rows", 7)
    if kind == "spec":
        resource, program, changed = world.manage(SpecResource()), SPEC, put(SPEC, "metadata.title", "Orders")
    resource.up(program)
    world.calls()
    world.press.faults({"match": {"method": "PATCH"}, "times": 1, "then": {"drop": True, "when": "after"}})

    resource.up(changed)

    assert [call.partition(" ")[0] for call in world.writes()] == ["PATCH", "PATCH"]
    assert resource.refresh()
    assert resource.preview(changed).changes == ()


@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_refused_patch_is_an_error(kind: str, world: World) -> None:
    """Any other refusal of a PATCH shows the service's words."""
    world.manage(SpecResource()).up(put(SPEC, "metadata.name", "taken"))
    spec_id = world.publish("deployed", parameters=DECLARED)
    world.manage(DeploymentResource()).up(put(put(DEPLOYMENT, "spec.id", spec_id), "metadata.name", "taken"))
    resource, program = world.manage(SpecResource()), SPEC
    if kind == "deployment":
        resource, program = world.manage(DeploymentResource()), put(DEPLOYMENT, "spec.id", spec_id)
    resource.up(program)

    with pytest.raises(PressError, match=r"name: there is a block .* with the name 'taken' already"):
        resource.up(put(program, "metadata.name", "taken"))


@undone
@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_block_that_is_replaced_is_not_taken_for_the_new_one(kind: str, fault: dict[str, Any], world: World) -> None:
    """While the old block has the name, a lost POST has made nothing: it is refused as an answered one would be."""
    resource, program = (SpecResource(), SPEC) if kind == "spec" else (DeploymentResource(), deployment_of(world))
    managed = world.manage(resource)
    managed.up(program)
    managed.preview(program)
    before = world.press.state()
    # A replacement that somebody demands is checked twice, and with delete_before_replace=False created first.
    managed.check(program)
    again = replace(managed, id="", inputs={}, outputs={})
    inputs = again.check(program)
    break_post(world, f"/v1/blocks/{kind}s/", fault)

    with pytest.raises(AlreadyExistsError, match="delete_before_replace=True"):
        again.codec.create(inputs, again.context)

    assert world.press.state() == before


def deployment_of(world: World) -> dict[str, Any]:
    """Return a program of a deployment whose spec is published."""
    spec_id = world.publish(parameters=DECLARED)
    return put(DEPLOYMENT, "spec.id", spec_id)
