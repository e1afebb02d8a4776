"""Run parameters: checked against what the release declares, changed in place, read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.context import Declaration
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, put
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

CONFIG: dict[str, Any] = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}
DECLARED: dict[str, Any] = {
    "run": [
        {"name": "rows", "type": "number", "required": True},
        {
            "name": "mode",
            "type": "string",
            "required": False,
            "defaultValue": "fast",
            "options": [{"value": "fast"}, {"value": "slow"}],
        },
        {"name": "key", "type": "string", "required": False, "hideValue": True},
    ]
}
DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod"},
    "spec": {"release": {"version": "1.0.0"}},
    "parameters": {"run": {"rows": 10, "mode": "slow", "key": "secret-one"}},
}


@pytest.fixture
def program(world: World) -> dict[str, Any]:
    """A program that deploys a spec which somebody else published."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0", parameters=DECLARED)
    world.calls()
    return put(DEPLOYMENT, "spec.id", spec_id)


@pytest.fixture
def deployment(world: World) -> Managed:
    """A deployment to be made."""
    return world.manage(DeploymentResource())


def test_every_wrong_value_is_told_before_anything_is_sent(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """Names that are not declared, other types, other options and missing values are all mistakes."""
    failures = deployment.failures(put(program, "parameters.run", {"mode": "odd", "key": 7, "row": 1}))

    assert sorted(failures) == [
        "parameters.run.key: must be a text",
        "parameters.run.mode: is not one of the options that the release declares",
        "parameters.run.row: is not declared by the release (declared: key, mode, rows); did you mean `rows`?",
        "parameters.run.rows: is required by the release",
    ]
    assert world.writes() == []


def test_release_is_asked_for_once_and_only_when_something_changed(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """What a release declares is read once for a process, and not at all for an unchanged deployment."""
    release = f"GET /v1/blocks/specs/{program['spec']['id']}/releases/1.0.0"
    deployment.check(program)
    deployment.check(put(program, "parameters.run.rows", 11))
    assert world.sent() == [release]

    deployment.up(program)
    world.calls()
    deployment.check(program)
    deployment.check(put(program, "metadata.title", "Orders"))
    assert world.sent() == []


def test_unchanged_deployment_asks_nothing_in_a_new_process(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """A preview without changes sends nothing, whatever the process knows."""
    deployment.up(program)
    world.restart()
    world.calls()

    assert deployment.preview(program).changes == ()
    assert world.sent() == []


def test_release_of_the_same_program_is_known_without_asking(world: World) -> None:
    """What this process published, read or saw unchanged is not asked for again."""
    spec, release = world.manage(SpecResource()), world.manage(ReleaseResource())
    spec.up(
        {"kind": "workflow", "metadata": {"name": "etl", "summary": "Loads"}, "config": CONFIG, "parameters": DECLARED}
    )
    release.up({"spec_id": spec.id, "release": {"version": "1.1.0"}, "config": CONFIG})
    first = put(DEPLOYMENT, "spec.id", spec.id)
    world.calls()

    assert world.manage(DeploymentResource()).failures(put(first, "parameters.run.rows", "many")) == [
        "parameters.run.rows: must be a number"
    ]
    (undeclared, *_) = world.manage(DeploymentResource()).failures(put(first, "spec.release.version", "1.1.0"))

    assert undeclared == "parameters.run.rows: is not declared by the release (declared: none)"
    assert world.sent() == []


@pytest.mark.parametrize("release", [{}, {"release": {"version": "1.0.0"}}], ids=["latest", "named"])
def test_spec_that_is_not_there_is_a_mistake(
    release: dict[str, Any], program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """A preview tells that the spec is not on the service, whether the program names a release of it or not."""
    elsewhere = {**program, "spec": {"id": "no-such-id", **release}}

    assert deployment.failures(elsewhere) == [
        "spec.id: there is no spec with the id 'no-such-id'; was it deleted, or is it another tenant's?"
    ]
    assert world.writes() == []


def test_release_that_is_not_there_may_still_come(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """A release that the service does not have yet is no mistake: the same program may be about to publish it."""
    assert deployment.failures(put(program, "spec.release.version", "9.0.0")) == []
    assert world.writes() == []


UNSETTLED = {
    "spec": {"spec": UNKNOWN},
    "version": {"spec": {"id": "an-id", "release": {"version": UNKNOWN}}},
    "values": {"parameters": {"run": UNKNOWN}},
}


@pytest.mark.parametrize("change", UNSETTLED.values(), ids=UNSETTLED)
def test_what_is_not_known_yet_is_not_checked(
    change: dict[str, Any], program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """Neither a release that is not known, nor values that are not, lead to a mistake or a request."""
    wrong = put(program, "parameters.run", {"undeclared": 1})

    assert deployment.failures({**wrong, **change}) == []
    assert world.sent() == []


def test_unknown_value_is_right_for_any_declaration(program: dict[str, Any], deployment: Managed) -> None:
    """A single value that is not known yet is skipped, the others are not."""
    values = {"rows": UNKNOWN, "mode": UNKNOWN, "key": 7}

    assert deployment.failures(put(program, "parameters.run", values)) == ["parameters.run.key: must be a text"]


def test_service_that_does_not_answer_is_no_mistake(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """Where the declaration cannot be read, the operation itself will tell."""
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 500}})

    assert deployment.failures(put(program, "parameters.run.rows", "many")) == []


def test_one_patch_carries_what_changed(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """Changed values, added ones, and the defaults of those left out, go in one PATCH; others are not sent."""
    deployment.up(put(program, "parameters.run.key", None))
    world.calls()
    changed = put(program, "parameters.run", {"rows": 10, "key": "secret-one"})

    deployment.up(changed)

    call, look = world.calls()
    assert look["method"] == "GET"
    assert call["path"] == f"/v1/deployments/{deployment.id}/parameters/run"
    assert call["body"] == {"mode": "fast", "key": "********"}
    assert world.told.news == ["etl-prod: run parameters changed in place: parameters.run.mode and parameters.run.key"]


def test_patch_does_not_claim_the_revision_of_somebody_else(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """A revision that somebody made before a patch, or beside it, stays theirs: a refresh tells, and `up` reverts."""
    deployment.up(program)
    world.client.create_deployment_revision(deployment.id, {"revision": {"notes": "somebody's"}})

    deployment.up(changed := put(program, "parameters.run.rows", 20))

    assert deployment.outputs["revision_number"] == 1
    assert deployment.refresh()
    assert deployment.inputs["drift"] == "live revision 2 was not made by this stack"
    deployment.up(changed)
    assert deployment.outputs["revision_number"] == 3
    assert deployment.preview(changed).changes == ()


@pytest.mark.parametrize("notes", [None, "The first."])
def test_revision_that_the_service_makes_of_a_patch_is_ours(
    special_world: Callable[..., World], notes: str | None
) -> None:
    """Where a patch makes a revision, it is the one that was asked for."""
    world = special_world(run_parameter_patch="revision")
    program = put(DEPLOYMENT, "spec.id", world.publish("etl", parameters=DECLARED))
    program = put(program, "revision.notes", notes)
    deployment = world.manage(DeploymentResource())
    deployment.up(program)

    deployment.up(changed := put(program, "parameters.run.rows", 20))

    assert deployment.outputs["revision_number"] == 2
    assert deployment.refresh()
    assert deployment.preview(changed).changes == ()


def test_new_release_and_new_values_are_one_revision(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """Where a revision is made anyway, it carries the run parameters, and nothing is patched."""
    deployment.up(program)
    deployment.check(changed := put(put(program, "spec.release.version", "1.1.0"), "parameters.run.rows", 20))
    world.calls()

    deployment.up(changed)

    assert world.sent() == [f"POST /v1/blocks/deployments/{deployment.id}/revisions"]
    assert world.press.state()["deployments"][0]["revisions"][-1]["parameters"]["run"]["rows"] == 20
    assert deployment.refresh()
    assert deployment.preview(changed).changes == ()


def test_value_left_out_goes_back_to_its_default_on_the_latest_release_too(
    program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """Where the version is left to the service, the release that runs says what the default is."""
    latest = put(put(program, "spec.release", None), "parameters.run.key", None)
    deployment.up(latest)
    without = put(latest, "parameters.run.mode", None)

    deployment.up(without)

    assert world.press.state()["deployments"][0]["revisions"][-1]["parameters"]["run"]["mode"] == "fast"
    assert deployment.refresh()
    assert deployment.preview(without).changes == ()


def test_hidden_value_is_never_drift(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """A value that the service masks keeps the one that the program gave, and a changed one is sent."""
    deployment.up(program)

    assert deployment.refresh()
    assert get(deployment.outputs, "parameters.run.key") == "secret-one"
    assert deployment.preview(program).changes == ()

    world.client.patch_parameters(deployment.id, {"key": "secret-two"})
    assert deployment.refresh()
    assert deployment.preview(program).changes == ()
    world.calls()
    deployment.up(put(program, "parameters.run.key", "secret-three"))
    call, _ = world.calls()
    assert (call["method"], call["body"]) == ("PATCH", {"key": "********"})


def test_value_that_somebody_added_is_drift(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """A parameter that the program leaves at its default, and somebody set, shows and goes back."""
    without = put(program, "parameters.run.mode", None)
    deployment.up(without)
    world.client.patch_parameters(deployment.id, {"mode": "slow"})

    assert deployment.refresh()
    shown = [leaf for change in deployment.preview(without).changes for leaf in change.paths]
    assert shown == ["parameters.run.mode"]
    deployment.up(without)

    assert deployment.refresh()
    assert deployment.preview(without).changes == ()


def test_value_without_a_default_is_taken_away_by_a_revision(program: dict[str, Any], deployment: Managed) -> None:
    """A value that nothing stands behind cannot be cleared in place: a new revision is previewed and drops it."""
    deployment.up(program)
    cleared = put(program, "parameters.run.key", None)

    assert deployment.check(cleared)["revision_number"] == 2

    deployment.up(cleared)

    assert deployment.outputs["revision_number"] == 2
    assert deployment.refresh()
    assert deployment.preview(cleared).changes == ()


def test_value_that_the_service_lost_is_drift(program: dict[str, Any], deployment: Managed, world: World) -> None:
    """An optional value that somebody dropped on the service shows, and is sent again."""
    optional = {"name": "limit", "type": "number", "required": False}
    spec_id = world.publish("other", "1.0.0", parameters={"run": [*DECLARED["run"], optional]})
    program = put(put(program, "spec.id", spec_id), "parameters.run.limit", 5)
    deployment.up(program)
    rest = {"rows": 10, "mode": "slow", "key": "secret-one"}
    world.client.create_deployment_revision(deployment.id, {"parameters": {"run": rest}})

    assert deployment.refresh()

    assert "parameters.run.limit" in {leaf for change in deployment.preview(program).changes for leaf in change.paths}
    deployment.up(program)
    assert world.client.get_parameters(deployment.id)["limit"] == 5


def test_default_that_the_service_tells_as_a_bare_value_is_no_drift(special_world: Callable[..., World]) -> None:
    """Where the answer tells only names and values, the release says which of them are defaults."""
    world = special_world(described_parameters="pair")
    program = put(DEPLOYMENT, "spec.id", world.publish("etl", parameters=DECLARED))
    program = put(program, "parameters.run", {"rows": 10})
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    world.restart()

    assert deployment.refresh()
    assert deployment.inputs["parameters"]["run"] == {"rows": 10}
    assert deployment.preview(program).changes == ()

    world.client.patch_parameters(deployment.id, {"mode": "slow"})
    assert deployment.refresh()
    assert [change.paths for change in deployment.preview(program).changes] == [("parameters.run.mode",)]


def test_lost_revision_is_found_among_bare_values(special_world: Callable[..., World]) -> None:
    """A revision whose answer was lost is ours though the service tells a default that the program left out."""
    world = special_world(described_parameters="pair")
    program = put(DEPLOYMENT, "spec.id", world.publish("etl", parameters=DECLARED))
    program = put(program, "parameters.run", {"rows": 10})
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    world.press.faults({"match": {"path": "*/revisions", "method": "POST"}, "then": {"drop": True, "when": "after"}})

    deployment.up(put(program, "triggers", {"n": 1}))

    assert deployment.outputs["revision_number"] == 2
    assert [len(live["revisions"]) for live in world.press.state()["deployments"]] == [2]


NEW_SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads"},
    "config": CONFIG,
    "parameters": DECLARED,
}
WRONG = {"mode": "odd", "row": 1}
TOLD = [
    "parameters.run.mode: is not one of the options that the release declares",
    "parameters.run.row: is not declared by the release (declared: key, mode, rows); did you mean `rows`?",
    "parameters.run.rows: is required by the release",
]


def link(managed: Managed, source: str, *, certain: bool = True) -> Managed:
    """Let the program tell that an unknown id comes from another resource."""
    declaration = Declaration(source=source, certain=certain)
    return replace(managed, context=replace(managed.context, declaration=declaration))


def follow(version: str | None, run: dict[str, Any]) -> dict[str, Any]:
    """Give a deployment of a spec that has no id yet."""
    spec: dict[str, Any] = {"id": UNKNOWN, "release": {"version": version}} if version else {"id": UNKNOWN}
    return {"metadata": {"name": "etl-prod"}, "spec": spec, "parameters": {"run": run}}


@pytest.mark.parametrize("version", ["1.0.0", None], ids=str)
def test_values_are_checked_before_the_spec_has_an_id(version: str | None, world: World) -> None:
    """A spec that the same program is yet to publish says what its deployment may be given; nothing is asked."""
    spec = world.manage(SpecResource())
    spec.check(NEW_SPEC)
    deployment = link(world.manage(DeploymentResource()), spec.context.urn)

    assert sorted(deployment.failures(follow(version, WRONG))) == TOLD
    assert deployment.failures(follow(version, {"rows": 3})) == []
    assert world.sent() == []


def test_values_are_checked_against_a_release_that_is_yet_to_come(world: World) -> None:
    """So does a further release of such a spec, by its own name, or by its spec's and its version."""
    spec = world.manage(SpecResource())
    spec.check({**NEW_SPEC, "parameters": {}})
    release = link(world.manage(ReleaseResource()), spec.context.urn)
    release.check({"spec_id": UNKNOWN, "release": {"version": "2.0.0"}, "config": CONFIG, "parameters": DECLARED})

    for source in (spec.context.urn, release.context.urn):
        deployment = link(world.manage(DeploymentResource()), source)
        assert sorted(deployment.failures(follow("2.0.0", WRONG))) == TOLD
    of_the_spec = link(world.manage(DeploymentResource()), spec.context.urn)
    assert of_the_spec.failures(follow("1.0.0", {"rows": 3})) == [
        "parameters.run.rows: is not declared by the release (declared: none)"
    ]
    assert world.sent() == []


def test_values_are_checked_against_a_new_release_of_a_spec_that_is_there(world: World) -> None:
    """The service does not have the release yet, but the program does."""
    spec_id = world.publish()
    release = world.manage(ReleaseResource())
    release.check({"spec_id": spec_id, "release": {"version": "2.0.0"}, "config": CONFIG, "parameters": DECLARED})
    deployment = world.manage(DeploymentResource())

    program = put(follow("2.0.0", WRONG), "spec.id", spec_id)

    assert sorted(deployment.failures(program)) == TOLD


def test_values_are_checked_while_the_spec_is_replaced(world: World) -> None:
    """A spec of another kind gets another id, which nobody knows in the preview."""
    spec = world.manage(SpecResource())
    spec.up({**NEW_SPEC, "kind": "service", "config": {"imageDetails": {"id": 1}}})
    deployment = link(world.manage(DeploymentResource()), spec.context.urn)
    deployment.up(put(follow("1.0.0", {"rows": 3}), "spec.id", spec.id))
    spec.check({**NEW_SPEC, "parameters": {}})

    assert deployment.failures(follow("1.0.0", {"rows": 3})) == [
        "parameters.run.rows: is not declared by the release (declared: none)"
    ]


def test_an_id_that_was_computed_is_only_warned_of(world: World) -> None:
    """Where the program derives the id from a spec, it may be another spec's: nothing is refused."""
    spec = world.manage(SpecResource())
    spec.check(NEW_SPEC)
    deployment = link(world.manage(DeploymentResource()), spec.context.urn, certain=False)

    assert deployment.failures(follow("1.0.0", WRONG)) == []
    assert sorted(world.told.warnings) == [f"{line} (if 1 is the spec)" for line in TOLD]


@pytest.mark.parametrize(
    "parameters",
    [UNKNOWN, {"run": UNKNOWN}, {"run": [UNKNOWN]}, {"run": [{"name": UNKNOWN, "type": "number", "required": True}]}],
    ids=["all", "group", "declaration", "name"],
)
def test_declarations_that_are_not_known_yet_refuse_nothing(parameters: Any, world: World) -> None:
    """What the release will declare may be what the deployment gives."""
    spec = world.manage(SpecResource())
    spec.check({**NEW_SPEC, "parameters": parameters})
    deployment = link(world.manage(DeploymentResource()), spec.context.urn)

    assert deployment.failures(follow("1.0.0", {"rows": 3})) == []


def test_hidden_values_stay_hidden_before_the_spec_has_an_id(world: World) -> None:
    """What the spec hides is marked in the first preview, and no message holds it."""
    spec = world.manage(SpecResource())
    spec.check(NEW_SPEC)
    deployment = link(world.manage(DeploymentResource()), spec.context.urn)

    checked = deployment.check(follow("1.0.0", {"rows": 3, "key": "canary"}))
    (failure,) = deployment.failures(follow("1.0.0", {"rows": 3, "key": ["canary"]}))

    assert checked["hidden"] == ["run.key"]
    assert failure == "parameters.run.key: must be a text"


@pytest.mark.parametrize("certain", [True, False])
def test_id_in_the_place_of_a_spec_is_told_before_the_spec_has_one(world: World, *, certain: bool) -> None:
    """`spec=orders.id` is refused in the first preview, not once the spec is published; what is computed may fit."""
    spec = world.manage(SpecResource())
    spec.check(NEW_SPEC)
    deployment = link(world.manage(DeploymentResource()), spec.context.urn, certain=certain)

    told = deployment.failures({**follow(None, {"rows": 3}), "spec": UNKNOWN})

    assert [text.partition(";")[0] for text in told] == ["spec: must not be the bare id of a spec"] * certain
