"""Runs that are ended between the service's work and the state: the next one takes their objects up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import PressError
from pulumi_press.provider.create_once import Intents
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put
from tests.unit.provider.conftest import WORKFLOW

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.emulator.control.faults import FaultRule
    from pulumi_press.provider.base import Resource
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifact's folder."""
    made = tmp_path / "etl"
    made.mkdir()
    (made / "train.py").write_text("print(1)\n")
    return made


@pytest.fixture
def spec(folder: Path) -> dict[str, Any]:
    """A spec with files, whose version is left out."""
    return {
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": "Loads orders"},
        "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
        "artifact": {"path": str(folder)},
    }


def end(managed: Managed, program: dict[str, Any], world: World) -> None:
    """Bring a resource up in a process that is ended before the engine hears of it."""
    replace(managed).up(program)
    world.restart()
    world.calls()


def let_an_hour_pass(world: World) -> None:
    """Move the clocks of the service and of this machine."""
    world.press.advance(3600)
    now = world.client.times.now
    world.client.times.now = lambda: now() + 3600


def published(world: World) -> list[str]:
    """Give the versions of the only spec."""
    (live,) = world.press.state()["specs"]
    return [item["version"] for item in live["releases"]]


@pytest.mark.parametrize("adopt", ["never", "identical"])
def test_published_spec_is_taken_up(adopt: str, spec: dict[str, Any], world: World) -> None:
    """A spec that the state does not know is the program's own, whatever `press:adopt` says, files and all."""
    managed = world.manage(SpecResource(), adopt=adopt)
    end(managed, spec, world)

    managed.up(spec)

    assert [item["id"] for item in world.press.state()["specs"]] == [managed.id]
    assert published(world) == ["1.0.0"]
    assert not managed.preview(spec).changes


@pytest.mark.parametrize("lifecycle", [SpecResource(), DeploymentResource()], ids=lambda item: item.kind)
def test_object_is_taken_up_after_several_ended_runs(lifecycle: Resource, world: World) -> None:
    """It is as old as the first of them, however much later the next ones begin."""
    if lifecycle.kind == "spec":
        program = {"kind": "workflow", "metadata": {"name": "etl", "summary": "Loads orders"}, "config": WORKFLOW}
    else:
        program = {"metadata": {"name": "prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}
    managed = world.manage(lifecycle)
    for _ in range(2):
        end(managed, program, world)
        let_an_hour_pass(world)

    managed.up(program)

    assert [item["id"] for item in world.press.state()[f"{lifecycle.kind}s"]] == [managed.id]


def test_metadata_edited_since_is_patched(spec: dict[str, Any], world: World) -> None:
    """What the program changed of the metadata after the run was ended is changed in place."""
    managed = world.manage(SpecResource())
    end(managed, spec, world)

    managed.up(put(spec, "metadata.summary", "Loads all orders"))

    (live,) = world.press.state()["specs"]
    assert live["metadata"]["summary"] == "Loads all orders"


def test_spec_of_other_content_is_taken_up_with_a_new_release(spec: dict[str, Any], folder: Path, world: World) -> None:
    """Files that changed since the run was ended are published as the next release of the spec that it made."""
    managed = world.manage(SpecResource())
    end(managed, spec, world)
    (folder / "train.py").write_text("print(2)\n")

    managed.up(spec)

    assert published(world) == ["1.0.0", "1.0.1"]
    assert managed.outputs["release"]["version"] == "1.0.1"
    assert not managed.preview(spec).changes


SPEC_EDITS: list[dict[str, Any]] = [
    {"metadata": {"summary": "Edited by a person"}},
    {"metadata": {"tags": [{"name": "keep"}]}},
    {"featured": True},
    {"scope": "public"},
]


@pytest.mark.parametrize("edit", SPEC_EDITS, ids=".".join)
def test_spec_edited_by_a_person_since_is_left_alone(edit: dict[str, Any], spec: dict[str, Any], world: World) -> None:
    """A note of an ended run is no reason to undo what somebody did to the spec since."""
    managed = world.manage(SpecResource())
    end(managed, spec, world)
    (live,) = world.press.state()["specs"]
    world.client.update_spec_metadata(live["id"], edit)
    before = world.press.state()

    told = managed.refusal(spec)

    assert "exists already" in told
    assert world.press.state() == before


@pytest.mark.parametrize("edit", [{"title": "Edited"}, {"summary": "Edited"}, {"tags": [{"name": "keep"}]}], ids=str)
def test_deployment_edited_by_a_person_since_is_left_alone(edit: dict[str, Any], world: World) -> None:
    """The same for texts of a deployment."""
    program = {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}
    managed = world.manage(DeploymentResource())
    end(managed, program, world)
    (live,) = world.press.state()["deployments"]
    world.client.update_deployment_metadata(live["id"], edit)
    before = world.press.state()

    told = managed.refusal(program)

    assert "exists already" in told
    assert world.press.state() == before


def test_deployment_whose_parameters_a_person_changed_since_is_left_alone(world: World) -> None:
    """The same for its run parameters."""
    rows = {"name": "rows", "type": "number", "required": False}
    program: dict[str, Any] = {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish(parameters={"run": [rows]}), "release": {"version": "1.0.0"}},
        "parameters": {"run": {"rows": 1}},
    }
    managed = world.manage(DeploymentResource())
    end(managed, program, world)
    (live,) = world.press.state()["deployments"]
    world.client.patch_parameters(live["id"], {"rows": 7})

    told = managed.refusal(program)

    assert "exists already" in told
    assert world.client.get_parameters(live["id"]) == {"rows": 7}


def test_deployment_whose_program_changed_since_is_taken_up(world: World) -> None:
    """What the program changed after the run was ended is done to the deployment that it made."""
    program: dict[str, Any] = {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish("etl", "1.0.0", "1.1.0"), "release": {"version": "1.0.0"}},
    }
    managed = world.manage(DeploymentResource())
    end(managed, program, world)
    program = put(put(program, "metadata.title", "Orders"), "spec.release.version", "1.1.0")

    managed.up(program)

    (live,) = world.press.state()["deployments"]
    assert (live["id"], managed.outputs["revision_number"]) == (managed.id, 2)
    assert not managed.preview(program).changes


@pytest.mark.parametrize("version", [None, "1.1.0"])
def test_published_release_is_taken_up(version: str | None, spec: dict[str, Any], folder: Path, world: World) -> None:
    """A release that the state does not know is not published twice, whether its version was chosen or given."""
    managed = world.manage(SpecResource())
    managed.up(spec)
    managed.preview(spec)
    (folder / "train.py").write_text("print(2)\n")
    program = put(spec, "release.version", version)
    end(managed, program, world)

    managed.up(program)

    wanted = version or "1.0.1"
    assert published(world) == ["1.0.0", wanted]
    assert managed.outputs["release"]["version"] == wanted
    assert world.writes() == []
    assert not managed.preview(program).changes


def test_release_of_its_own_is_taken_up(spec: dict[str, Any], world: World) -> None:
    """A `BlockSpecRelease` with files that the state does not know is not refused."""
    program = {
        "spec_id": world.publish("other"),
        "release": {"version": "2.0.0"},
        "config": spec["config"],
        "artifact": spec["artifact"],
    }
    managed = world.manage(ReleaseResource())
    end(managed, program, world)

    managed.up(program)

    assert world.writes() == []
    assert published(world) == ["1.0.0", "2.0.0"]


def test_deployment_is_taken_up(world: World) -> None:
    """A deployment that the state does not know is the program's own, also where nothing is adopted."""
    program = {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish(), "release": {"version": "1.0.0"}},
        "parameters": {"build": {}},
    }
    managed = world.manage(DeploymentResource(), adopt="never")
    end(managed, program, world)

    managed.up(program)

    assert [item["id"] for item in world.press.state()["deployments"]] == [managed.id]


def test_deployment_is_taken_up_after_a_later_release(world: World) -> None:
    """A release that came out since does not make a deployment somebody else's, where the service chose the version."""
    spec_id = world.publish()
    program = {"metadata": {"name": "etl-prod"}, "spec": {"id": spec_id}}
    managed = world.manage(DeploymentResource(), adopt="never")
    end(managed, program, world)
    world.client.create_spec_release(spec_id, {"release": {"version": "1.1.0"}, "config": WORKFLOW})

    managed.up(program)

    assert [item["id"] for item in world.press.state()["deployments"]] == [managed.id]
    assert not managed.preview(program).changes


def test_revision_is_taken_up(world: World) -> None:
    """A revision that the state does not know is not made twice."""
    program: dict[str, Any] = {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish(), "release": {"version": "1.0.0"}},
    }
    managed = world.manage(DeploymentResource())
    managed.up(program)
    managed.preview(program)
    program = {**program, "triggers": {"again": "1"}}
    end(managed, program, world)

    managed.up(program)

    assert world.writes() == []
    assert managed.outputs["revision_number"] == 2
    (live,) = world.press.state()["deployments"]
    assert [item["revision"] for item in live["revisions"]] == [1, 2]


def test_what_the_state_has_is_not_taken_for_a_lost_one(spec: dict[str, Any], world: World) -> None:
    """Once the state has an object, its note is forgotten: a second resource of the same name is refused."""
    managed = world.manage(SpecResource())
    managed.up(spec)
    managed.preview(spec)
    world.restart()

    with pytest.raises(AlreadyExistsError, match="exists already"):
        world.manage(SpecResource()).up(spec)


def test_destroyed_blocks_leave_no_notes(spec: dict[str, Any], tmp_path: Path, world: World) -> None:
    """What was made and destroyed again is noted nowhere."""
    world.intents = Intents(tmp_path / "notes")
    published = world.manage(SpecResource())
    published.up(spec)
    deployment = world.manage(DeploymentResource())
    deployment.up({"metadata": {"name": "etl-prod"}, "spec": {"id": published.id}})
    assert len(list((tmp_path / "notes").iterdir())) == 2

    deployment.destroy()
    published.destroy()

    assert list((tmp_path / "notes").iterdir()) == []


@pytest.mark.parametrize("again", [1, 2, 3])
def test_replacement_that_was_made_is_taken_up(again: int, world: World) -> None:
    """A run deletes a deployment, makes the one in its place, and is ended: the state still has the old one."""
    first, second = world.publish("etl"), world.publish("sum")
    managed = world.manage(DeploymentResource())
    managed.up({"metadata": {"name": "prod"}, "spec": {"id": first, "release": {"version": "1.0.0"}}})
    moved = {"metadata": {"name": "prod"}, "spec": {"id": second, "release": {"version": "1.0.0"}}}
    end(managed, moved, world)
    made = [item["id"] for item in world.press.state()["deployments"]]
    # The engine compares what it had before it goes on with the replacement.
    for _ in range(again):
        managed.preview(moved)
        world.restart()

    managed.outputs, managed.id = {}, ""
    managed.up(moved)

    assert [managed.id] == made


@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_replacement_is_taken_up_though_the_state_has_the_old_object(
    kind: str, spec: dict[str, Any], world: World
) -> None:
    """The engine compares the entry of what it has deleted to replace; what was made since is kept in mind."""
    program = spec if kind == "spec" else {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish("base")}}
    managed = world.manage(SpecResource() if kind == "spec" else DeploymentResource())
    managed.up(program)
    managed.preview(program)
    replace(managed).destroy()
    end(replace(managed, id="", inputs={}, outputs={}), program, world)
    assert managed.preview(program).changes == ()
    again = replace(managed, id="", inputs={}, outputs={})

    again.up(program)

    assert world.writes() == []
    assert again.id != managed.id
    assert not again.preview(program).changes


def fail(method: str, path: str = "*") -> FaultRule:
    """Describe a service that fails before it does anything."""
    return {"match": {"method": method, "path": path}, "times": 20, "then": {"status": 503, "when": "before"}}


AMID: dict[str, list[FaultRule]] = {
    "the metadata": [fail(method="PATCH")],
    "the content": [fail(method="POST")],
    "its answer": [
        {"match": {"method": "POST"}, "times": 1, "then": {"drop": True, "when": "after"}},
        fail(method="GET", path="*/releases/1.0.1"),
        fail(method="GET", path="*/revisions/2"),
    ],
}
"""Faults amid the change of what was taken up."""


@pytest.mark.parametrize("amid", AMID)
@pytest.mark.parametrize("lifecycle", [SpecResource(), DeploymentResource()], ids=lambda item: item.kind)
def test_object_is_taken_up_after_a_run_that_failed_amid_its_change(
    lifecycle: Resource, amid: str, world: World
) -> None:
    """The program was edited after the run that made it, and the run that took it up was ended halfway, too."""
    if lifecycle.kind == "spec":
        program = {"kind": "workflow", "metadata": {"name": "etl", "summary": "Loads orders"}, "config": WORKFLOW}
        edited = put(program, "release.notes", "Other")
    else:
        program = {"metadata": {"name": "prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}
        edited = put(program, "revision.notes", "Other")
    edited = put(edited, "metadata.summary", "Loads all orders")
    managed = world.manage(lifecycle, adopt="never")
    end(managed, program, world)
    for fault in AMID[amid]:
        world.press.faults(fault)
    with pytest.raises(PressError):
        replace(managed).up(edited)
    world.press.clear_faults()
    world.restart()

    managed.up(edited)

    assert not managed.preview(edited).changes
    (live,) = world.press.state()[f"{lifecycle.kind}s"]
    assert live["id"] == managed.id
    made = live["releases"] if lifecycle.kind == "spec" else live["revisions"]
    assert len(made) == 2
