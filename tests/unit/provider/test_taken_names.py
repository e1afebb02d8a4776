"""A spec's name that is taken: `press:adopt` says whether what has it is taken over, if it differs or at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.provider.conftest import World

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
    """With `identical`, a spec that is what the program wants becomes the resource, and a warning says so."""
    theirs = world.manage(SpecResource())
    theirs.up(SPEC)
    before = world.press.state()
    world.calls()

    ours = world.manage(SpecResource(), adopt="identical")
    ours.up(SPEC)

    assert ours.id == theirs.id
    assert world.told.warnings == [
        f"will take over spec etl ({theirs.id})",
        f"workflow etl exists already as {theirs.id} and is identical; taken over",
    ]
    assert world.writes() == ["POST /v1/blocks/specs/"]
    assert world.press.state() == before
    assert ours.refresh()
    assert ours.preview(SPEC).changes == ()


@pytest.mark.parametrize("adopt", ["never", "identical"])
@pytest.mark.parametrize("wanted", SPEC_DIFFERS.values(), ids=SPEC_DIFFERS)
def test_different_spec_is_not_taken(wanted: dict[str, Any], adopt: str, world: World) -> None:
    """A spec that differs in anything the service tells is left alone; the error names its id and what to do."""
    theirs = world.manage(SpecResource())
    theirs.up(SPEC)
    before = world.press.state()

    told = world.manage(SpecResource(), adopt=adopt).refusal(wanted)

    why = {"never": "and press:adopt is never", "identical": "and differs from this program"}[adopt]
    first, *remedies = told.splitlines()
    assert first == f"metadata.name: a workflow named 'etl' exists already as {theirs.id} {why}:"
    assert f"`pulumi-press import spec <resource name> {theirs.id}`" in remedies[1]
    assert ["aliases=" in remedies[0], "press:adopt" in remedies[2]] == [True] * 2
    assert world.press.state() == before


@pytest.mark.parametrize("status", [400, 409, 422])
def test_name_is_taken_whatever_the_status_is(status: int, special_world: Callable[..., World]) -> None:
    """Which status a taken name gets is not documented: each of the candidates is looked into."""
    world = special_world(duplicate_name=status)
    first, second = (world.manage(SpecResource(), adopt="identical") for _ in range(2))
    deployed = put(DEPLOYMENT, "spec.id", world.publish("deployed", parameters=DECLARED))
    one, two = (world.manage(DeploymentResource(), adopt="identical") for _ in range(2))

    for resource, program in ((first, SPEC), (second, SPEC), (one, deployed), (two, deployed)):
        resource.up(program)

    assert (first.id, one.id) == (second.id, two.id)


def test_identical_spec_is_not_taken_where_nothing_is(world: World) -> None:
    """With `never`, even a spec that is what the program wants is left alone."""
    world.manage(SpecResource()).up(SPEC)

    with pytest.raises(AlreadyExistsError, match="press:adopt is never"):
        world.manage(SpecResource(), adopt="never").up(SPEC)


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
    theirs = world.manage(SpecResource())
    theirs.up(SPEC)
    world.calls()

    ours = world.manage(SpecResource(), adopt="always")
    ours.up(wanted)

    assert ours.id == theirs.id
    assert world.writes() == ["POST /v1/blocks/specs/", *(call.format(id=ours.id) for call in writes)]
    assert len(world.told.warnings) == 2
    assert ours.refresh()
    assert ours.preview(wanted).changes == ()


def test_different_content_needs_a_higher_version_to_be_taken_over(world: World) -> None:
    """With `always`, content that differs under a version that is out is refused with the next free one."""
    theirs = world.manage(SpecResource())
    theirs.up(put(SPEC, "release.version", "1.4.0"))
    before = world.press.state()

    with pytest.raises(
        AlreadyExistsError, match=r"its latest release is 1\.4\.0, and .*; set release\.version to 1\.4\.1$"
    ):
        world.manage(SpecResource(), adopt="always").up(SPEC_DIFFERS["command"])

    assert world.press.state() == before


@pytest.mark.parametrize("resource", ["spec", "deployment"])
def test_argument_wins_over_the_setting(resource: str, world: World) -> None:
    """The resource's own `adopt` says what becomes of a taken name, whatever the setting is."""
    lifecycle, program = SpecResource() if resource == "spec" else DeploymentResource(), SPEC
    if resource == "deployment":
        program = put(DEPLOYMENT, "spec.id", world.publish("deployed", parameters=DECLARED))
    theirs = world.manage(lifecycle)
    theirs.up(program)
    changed = put(program, "metadata.title", "Customers")

    with pytest.raises(AlreadyExistsError, match="press:adopt is never"):
        world.manage(lifecycle, adopt="always").up({**changed, "adopt": "never"})
    ours = world.manage(lifecycle, adopt="never")
    ours.up({**changed, "adopt": "always"})

    assert ours.id == theirs.id
    assert ours.refresh()
    assert ours.preview({**changed, "adopt": "always"}).changes == ()


def test_longer_names_and_other_kinds_are_no_twins(world: World) -> None:
    """A name is taken only by the same name and kind: the service's own filter matches prefixes."""
    for other in (
        put(SPEC, "metadata.name", "etl-2"),
        {**SPEC, "kind": "service", "config": {"imageDetails": {"id": 1}}},
    ):
        world.manage(SpecResource()).up(other)
    world.press.faults({"match": {"method": "POST"}, "times": 1, "then": {"drop": True}})

    with pytest.raises(Exception, match="Whether it was carried out is not known"):
        world.manage(SpecResource(), adopt="always").up(SPEC)

    assert len(world.press.state()["specs"]) == 2


def test_later_release_with_the_same_content_is_kept(world: World) -> None:
    """With `always`, a version that was left out gives way to a later one that has the program's content already."""
    theirs = world.manage(SpecResource())
    theirs.up(put(SPEC, "release.version", "1.2.0"))
    program = put(put(SPEC, "release.version", None), "metadata.summary", "Another summary")
    world.calls()

    ours = world.manage(SpecResource(), adopt="always")
    ours.up(program)

    assert (ours.id, get(ours.outputs, "release.version")) == (theirs.id, "1.2.0")
    assert world.writes() == ["POST /v1/blocks/specs/", f"PATCH /v1/blocks/specs/{theirs.id}"]
    assert ours.refresh()
    assert ours.preview(program).changes == ()


@pytest.mark.parametrize("adopt", ["identical", "always"])
def test_spec_whose_later_release_is_the_program_s_is_no_change_afterwards(adopt: str, world: World) -> None:
    """A state that was lost is no reason for a refusal or a new release, though the version went up meanwhile."""
    world.manage(SpecResource()).up(put(SPEC, "release.version", "1.2.0"))
    program = put(SPEC, "release.version", None)
    world.calls()

    ours = world.manage(SpecResource(), adopt=adopt)
    ours.up(program)

    assert get(ours.outputs, "release.version") == "1.2.0"
    assert world.writes() == ["POST /v1/blocks/specs/"]
    assert ours.preview(program).changes == ()
    changed = put(program, "config.steps.train.command", "python other.py")
    ours.up(changed)
    assert get(ours.outputs, "release.version") == "1.2.1"
    assert ours.preview(changed).changes == ()
