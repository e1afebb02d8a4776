"""A name that is taken: `press:adopt` says whether what has it is taken over; what differs never is silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.api import PressError, UnprocessableEntity
from pulumi_press.lifecycle import (
    DeploymentLifecycle,
    ReleaseLifecycle,
    RolloutLifecycle,
    SpecLifecycle,
    TakenError,
)
from pulumi_press.lifecycle.values import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.lifecycle.conftest import World

CONFIG: dict[str, Any] = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}
DECLARED: dict[str, Any] = {
    "run": [
        {"name": "rows", "type": "number", "required": False},
        {"name": "mode", "type": "string", "required": False, "defaultValue": "fast"},
    ]
}
SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders", "title": "Orders"},
    "release": {"version": "1.0.0", "notes": "First"},
    "config": CONFIG,
    "parameters": DECLARED,
}
DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod", "title": "Orders"},
    "spec": {"release": {"version": "1.0.0"}},
    "parameters": {"run": {"rows": 10}},
}

SPEC_DIFFERS: dict[str, dict[str, Any]] = {
    "text": put(SPEC, "metadata.title", "Customers"),
    "text too many": put(SPEC, "metadata.title", None),
    "tags": put(SPEC, "metadata.tags", [{"name": "daily"}]),
    "featured": {**SPEC, "featured": True},
    "scope": {**SPEC, "scope": "public"},
    "tenants": {**SPEC, "tenants": ["north"]},
    "command": put(SPEC, "config.steps.train.command", "python other.py"),
    "parameters": {**SPEC, "parameters": {}},
    "auto run": {**SPEC, "auto_run_on_deploy": True},
    "notes": put(SPEC, "release.notes", "Second"),
    "version": put(SPEC, "release.version", "1.1.0"),
}


def test_identical_spec_is_taken_over_with_a_warning(world: World) -> None:
    """By default a spec that is what the program wants becomes the resource, and a warning says so."""
    theirs = world.manage(SpecLifecycle())
    theirs.up(SPEC)
    before = world.press.state()
    world.calls()

    ours = world.manage(SpecLifecycle())
    ours.up(SPEC)

    assert ours.identity == theirs.identity
    assert world.told.warnings == [f"workflow etl exists already as {theirs.identity} and is identical; taken over"]
    assert world.writes() == ["POST /v1/blocks/specs/"]
    assert world.press.state() == before
    assert ours.refresh()
    assert ours.preview(SPEC).changes == ()


@pytest.mark.parametrize("adopt", ["never", "identical"])
@pytest.mark.parametrize("wanted", SPEC_DIFFERS.values(), ids=SPEC_DIFFERS)
def test_different_spec_is_not_taken(wanted: dict[str, Any], adopt: str, world: World) -> None:
    """A spec that differs in anything the service tells is left alone; the error names its id and what to do."""
    theirs = world.manage(SpecLifecycle())
    theirs.up(SPEC)
    before = world.press.state()

    with pytest.raises(TakenError) as caught:
        world.manage(SpecLifecycle(), adopt=adopt).up(wanted)

    why = {"never": "and press:adopt is never", "identical": "and differs from this program"}[adopt]
    assert str(caught.value) == (
        f"metadata.name: a workflow named 'etl' exists already as {theirs.identity} {why}; "
        "choose another name, delete it, or set press:adopt to always to take it over"
    )
    assert isinstance(caught.value.__cause__, PressError)
    assert world.press.state() == before


@pytest.mark.parametrize("status", [400, 409, 422])
def test_name_is_taken_whatever_the_status_is(status: int, special_world: Callable[..., World]) -> None:
    """Which status a taken name gets is not documented: each of the candidates is looked into."""
    world = special_world(duplicate_name=status)
    first, second = world.manage(SpecLifecycle()), world.manage(SpecLifecycle())
    deployed = put(DEPLOYMENT, "spec.id", world.publish("deployed", parameters=DECLARED))
    one, two = world.manage(DeploymentLifecycle()), world.manage(DeploymentLifecycle())

    for resource, program in ((first, SPEC), (second, SPEC), (one, deployed), (two, deployed)):
        resource.up(program)

    assert (first.identity, one.identity) == (second.identity, two.identity)


def test_identical_spec_is_not_taken_where_nothing_is(world: World) -> None:
    """With `never`, even a spec that is what the program wants is left alone."""
    world.manage(SpecLifecycle()).up(SPEC)

    with pytest.raises(TakenError, match="press:adopt is never"):
        world.manage(SpecLifecycle(), adopt="never").up(SPEC)


@pytest.mark.parametrize(
    ("wanted", "writes"),
    [
        (SPEC, []),
        (SPEC_DIFFERS["text"], ["PATCH /v1/blocks/specs/{id}"]),
        (SPEC_DIFFERS["text too many"], ["PATCH /v1/blocks/specs/{id}"]),
        (SPEC_DIFFERS["scope"], ["PATCH /v1/blocks/specs/{id}"]),
        (SPEC_DIFFERS["version"], ["POST /v1/blocks/specs/{id}/releases"]),
        (
            put(SPEC_DIFFERS["version"], "config.steps.train.command", "python other.py"),
            ["POST /v1/blocks/specs/{id}/releases"],
        ),
        (
            put(SPEC_DIFFERS["version"], "metadata.title", "Customers"),
            ["PATCH /v1/blocks/specs/{id}", "POST /v1/blocks/specs/{id}/releases"],
        ),
    ],
)
def test_different_spec_is_taken_over_and_updated(wanted: dict[str, Any], writes: list[str], world: World) -> None:
    """With `always`, a spec that differs is changed as an update would, and a warning says that it was there."""
    theirs = world.manage(SpecLifecycle())
    theirs.up(SPEC)
    world.calls()

    ours = world.manage(SpecLifecycle(), adopt="always")
    ours.up(wanted)

    assert ours.identity == theirs.identity
    assert world.writes() == ["POST /v1/blocks/specs/", *(call.format(id=ours.identity) for call in writes)]
    assert len(world.told.warnings) == 1
    assert ours.refresh()
    assert ours.preview(wanted).changes == ()


def test_different_content_needs_a_higher_version_to_be_taken_over(world: World) -> None:
    """With `always`, content that differs under a version that is out is refused with the next free one."""
    theirs = world.manage(SpecLifecycle())
    theirs.up(put(SPEC, "release.version", "1.4.0"))
    before = world.press.state()

    with pytest.raises(TakenError, match=r"its latest release is 1\.4\.0, and .*; set release\.version to 1\.4\.1$"):
        world.manage(SpecLifecycle(), adopt="always").up(SPEC_DIFFERS["command"])

    assert world.press.state() == before


@pytest.mark.parametrize("resource", ["spec", "deployment"])
def test_argument_wins_over_the_setting(resource: str, world: World) -> None:
    """The resource's own `adopt` says what becomes of a taken name, whatever the setting is."""
    lifecycle, program = SpecLifecycle() if resource == "spec" else DeploymentLifecycle(), SPEC
    if resource == "deployment":
        program = put(DEPLOYMENT, "spec.id", world.publish("deployed", parameters=DECLARED))
    theirs = world.manage(lifecycle)
    theirs.up(program)
    changed = put(program, "metadata.title", "Customers")

    with pytest.raises(TakenError, match="press:adopt is never"):
        world.manage(lifecycle, adopt="always").up({**changed, "adopt": "never"})
    ours = world.manage(lifecycle, adopt="never")
    ours.up({**changed, "adopt": "always"})

    assert ours.identity == theirs.identity
    assert ours.refresh()
    assert ours.preview({**changed, "adopt": "always"}).changes == ()


def test_longer_names_and_other_kinds_are_no_twins(world: World) -> None:
    """A name is taken only by the same name and kind: the service's own filter matches prefixes."""
    for other in (
        put(SPEC, "metadata.name", "etl-2"),
        {**SPEC, "kind": "service", "config": {"imageDetails": {"id": 1}}},
    ):
        world.manage(SpecLifecycle()).up(other)
    world.press.faults({"match": {"method": "POST"}, "times": 1, "then": {"drop": True}})

    with pytest.raises(Exception, match="Whether it was carried out is not known"):
        world.manage(SpecLifecycle(), adopt="always").up(SPEC)

    assert len(world.press.state()["specs"]) == 2


def test_identical_deployment_is_taken_over_at_its_own_revision(world: World) -> None:
    """A deployment that is what the program wants is taken over, whatever the number of its revision."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    theirs = world.manage(DeploymentLifecycle())
    theirs.up(program)
    theirs.up({**program, "triggers": {"again": True}})
    before = world.press.state()

    ours = world.manage(DeploymentLifecycle())
    ours.up(program)

    assert (ours.identity, ours.outputs["revision_number"]) == (theirs.identity, 2)
    (warning,) = world.told.warnings
    assert warning == f"deployment etl-prod exists already as {ours.identity} and is identical; taken over"
    assert world.press.state() == before
    rollout = world.manage(RolloutLifecycle())
    rollout.up({"deployment_id": ours.identity, "revision": ours.outputs["revision_number"]})
    assert rollout.outputs["status"] == "deployed"


DEPLOYMENT_DIFFERS: dict[str, dict[str, Any]] = {
    "text": put(DEPLOYMENT, "metadata.title", "Customers"),
    "tags": put(DEPLOYMENT, "metadata.tags", [{"name": "daily"}]),
    "version": put(DEPLOYMENT, "spec.release.version", "1.1.0"),
    "value": put(DEPLOYMENT, "parameters.run.rows", 11),
    "value left out": put(DEPLOYMENT, "parameters", None),
    "value too many": put(DEPLOYMENT, "parameters.run.mode", "slow"),
}


@pytest.mark.parametrize("adopt", ["never", "identical"])
@pytest.mark.parametrize("wanted", DEPLOYMENT_DIFFERS.values(), ids=DEPLOYMENT_DIFFERS)
def test_different_deployment_is_not_taken(wanted: dict[str, Any], adopt: str, world: World) -> None:
    """A deployment that differs in anything the service tells is left alone; the error names its id and the remedy."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0", parameters=DECLARED)
    theirs = world.manage(DeploymentLifecycle())
    theirs.up(put(DEPLOYMENT, "spec.id", spec_id))
    before = world.press.state()

    with pytest.raises(TakenError) as caught:
        world.manage(DeploymentLifecycle(), adopt=adopt).up(put(wanted, "spec.id", spec_id))

    why = {"never": "and press:adopt is never", "identical": "and differs from this program"}[adopt]
    assert str(caught.value) == (
        f"metadata.name: a deployment named 'etl-prod' exists already as {theirs.identity} {why}; "
        "choose another name, delete it, or set press:adopt to always to take it over"
    )
    assert world.press.state() == before


PATCH_TEXTS, PATCH_RUN, REVISE = (
    "PATCH /v1/blocks/deployments/{id}",
    "PATCH /v1/deployments/{id}/parameters/run",
    "POST /v1/blocks/deployments/{id}/revisions",
)


@pytest.mark.parametrize(
    ("wanted", "writes", "revision"),
    [
        (DEPLOYMENT, [], 2),
        (DEPLOYMENT_DIFFERS["text"], [PATCH_TEXTS], 2),
        (DEPLOYMENT_DIFFERS["value"], [PATCH_RUN], 2),
        (DEPLOYMENT_DIFFERS["version"], [REVISE], 3),
    ],
)
def test_different_deployment_is_taken_over_and_updated(
    wanted: dict[str, Any], writes: list[str], revision: int, world: World
) -> None:
    """With `always`, a deployment that differs is changed as by an update, and the rollout waits for its revision."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0", parameters=DECLARED)
    theirs, wanted = world.manage(DeploymentLifecycle()), put(wanted, "spec.id", spec_id)
    theirs.up(put(DEPLOYMENT, "spec.id", spec_id))
    theirs.up({**put(DEPLOYMENT, "spec.id", spec_id), "triggers": {"again": True}})
    world.calls()

    ours = world.manage(DeploymentLifecycle(), adopt="always")
    ours.up(wanted)

    assert (ours.identity, ours.outputs["revision_number"]) == (theirs.identity, revision)
    assert world.writes() == ["POST /v1/blocks/deployments/", *(call.format(id=ours.identity) for call in writes)]
    assert len(world.told.warnings) == 1
    rollout = world.manage(RolloutLifecycle())
    rollout.up({"deployment_id": ours.identity, "revision": ours.outputs["revision_number"]})
    assert ours.refresh()
    assert ours.preview(wanted).changes == ()


def test_deployment_of_another_spec_is_never_taken(world: World) -> None:
    """Even with `always`, a deployment of another spec is left alone: no update can turn it into ours."""
    theirs = put(DEPLOYMENT, "spec.id", world.publish("first", parameters=DECLARED))
    ours = put(DEPLOYMENT, "spec.id", world.publish("second", parameters=DECLARED))
    world.manage(DeploymentLifecycle()).up(theirs)
    before = world.press.state()

    with pytest.raises(TakenError, match=r"exists already as .* of another spec; choose another name, or delete it$"):
        world.manage(DeploymentLifecycle(), adopt="always").up(ours)

    assert world.press.state() == before


def test_failed_deployment_that_is_taken_over_is_redeployed(world: World) -> None:
    """A deployment that had failed before it was taken over gets another try, as any that this process did not make."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    world.press.outcomes({"status": "failed", "times": 1})
    body = {key: program[key] for key in ("metadata", "spec", "parameters")}
    identity = world.client.create_deployment(body)["id"]
    world.manage(DeploymentLifecycle()).up(program)
    world.calls()

    rollout = world.manage(RolloutLifecycle())
    rollout.up({"deployment_id": identity, "revision": 1})

    assert world.writes() == [f"POST /v1/blocks/deployments/{identity}/redeploy"]
    assert rollout.outputs["status"] == "deployed"


def test_release_with_the_same_content_is_taken_with_a_warning(world: World) -> None:
    """A version that is out with the content that was to be published is taken as it is."""
    program = {"spec_id": world.publish("etl", "1.0.0", "1.1.0"), "release": {"version": "1.1.0"}, "config": CONFIG}
    release = world.manage(ReleaseLifecycle())

    release.up(program)

    assert release.identity == f"{program['spec_id']}/1.1.0"
    assert world.told.warnings == ["release 1.1.0 exists already with the same content; taken as it is"]
    assert release.preview(program).changes == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python other.py"}}}},
        {"parameters": DECLARED},
        {"auto_run_on_deploy": True},
        {"release": {"version": "1.1.0", "notes": "Other"}},
    ],
)
def test_release_with_other_content_is_refused(changed: dict[str, Any], world: World) -> None:
    """A version that is out with other content is an error that names another version."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0")
    program = {"spec_id": spec_id, "release": {"version": "1.1.0"}, "config": CONFIG, **changed}

    with pytest.raises(TakenError, match=r"release 1\.1\.0 exists already with other content .* to 1\.1\.1$"):
        world.manage(ReleaseLifecycle()).up(program)


def test_release_below_the_latest_shows_the_service_s_own_refusal(world: World) -> None:
    """A version that is not out, and lower than one that is, is refused in the service's words."""
    program = {"spec_id": world.publish("etl", "2.0.0"), "release": {"version": "1.5.0"}, "config": CONFIG}

    with pytest.raises(UnprocessableEntity, match=r"1\.5\.0 is not greater than 2\.0\.0"):
        world.manage(ReleaseLifecycle()).up(program)
