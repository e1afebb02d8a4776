"""A deployment's name that is taken: what has it is taken over at the revision it is at, or left alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.values import put

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World

DECLARED: dict[str, Any] = {
    "run": [
        {"name": "rows", "type": "number", "required": False},
        {"name": "mode", "type": "string", "required": False, "defaultValue": "fast"},
    ]
}
DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod", "title": "Orders"},
    "spec": {"release": {"version": "1.0.0"}},
    "parameters": {"run": {"rows": 10}},
}


def test_identical_deployment_is_taken_over_at_its_own_revision(world: World) -> None:
    """A deployment that is what the program wants is taken over, whatever the number of its revision."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    theirs = world.manage(DeploymentResource())
    theirs.up(program)
    theirs.up({**program, "triggers": {"again": True}})
    before = world.press.state()

    ours = world.manage(DeploymentResource(), adopt="identical")
    ours.up(program)

    assert (ours.id, ours.outputs["revision_number"]) == (theirs.id, 2)
    foreseen, warning = world.told.warnings
    assert foreseen == f"will take over deployment etl-prod ({ours.id})"
    assert warning == f"deployment etl-prod exists already as {ours.id} and is identical; taken over"
    assert world.press.state() == before
    rollout = world.manage(RolloutResource())
    rollout.up({"deployment_id": ours.id, "revision": ours.outputs["revision_number"]})
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
    theirs = world.manage(DeploymentResource())
    theirs.up(put(DEPLOYMENT, "spec.id", spec_id))
    before = world.press.state()

    told = world.manage(DeploymentResource(), adopt=adopt).refusal(put(wanted, "spec.id", spec_id))

    why = {"never": "and press:adopt is never", "identical": "and differs from this program"}[adopt]
    first, *remedies = told.splitlines()
    assert first == f"metadata.name: a deployment named 'etl-prod' exists already as {theirs.id} {why}:"
    assert f"`pulumi-press import deployment <resource name> {theirs.id}`" in remedies[1]
    assert ["aliases=" in remedies[0], "press:adopt" in remedies[2]] == [True] * 2
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
    theirs, wanted = world.manage(DeploymentResource()), put(wanted, "spec.id", spec_id)
    theirs.up(put(DEPLOYMENT, "spec.id", spec_id))
    theirs.up({**put(DEPLOYMENT, "spec.id", spec_id), "triggers": {"again": True}})
    world.calls()

    ours = world.manage(DeploymentResource(), adopt="always")
    ours.up(wanted)

    assert (ours.id, ours.outputs["revision_number"]) == (theirs.id, revision)
    assert world.writes() == ["POST /v1/blocks/deployments/", *(call.format(id=ours.id) for call in writes)]
    assert len(world.told.warnings) == 2
    rollout = world.manage(RolloutResource())
    rollout.up({"deployment_id": ours.id, "revision": ours.outputs["revision_number"]})
    assert ours.refresh()
    assert ours.preview(wanted).changes == ()


def test_deployment_of_another_spec_is_never_taken(world: World) -> None:
    """Even with `always`, a deployment of another spec is left alone: no update can turn it into ours."""
    theirs = put(DEPLOYMENT, "spec.id", world.publish("first", parameters=DECLARED))
    ours = put(DEPLOYMENT, "spec.id", world.publish("second", parameters=DECLARED))
    world.manage(DeploymentResource()).up(theirs)
    before = world.press.state()

    told = world.manage(DeploymentResource(), adopt="always").refusal(ours)

    assert re.search(r"exists already as .* of another spec; choose another name, or delete it$", told)

    assert world.press.state() == before


def test_failed_deployment_that_is_taken_over_is_redeployed(world: World) -> None:
    """A deployment that had failed before it was taken over gets another try, as any that this process did not make."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    world.press.outcomes({"status": "failed", "times": 1})
    body = {key: program[key] for key in ("metadata", "spec", "parameters")}
    identity = world.client.create_deployment(body)["id"]
    world.manage(DeploymentResource(), adopt="identical").up(program)
    world.calls()

    rollout = world.manage(RolloutResource())
    rollout.up({"deployment_id": identity, "revision": 1})

    assert world.writes() == [f"POST /v1/blocks/deployments/{identity}/redeploy"]
    assert rollout.outputs["status"] == "deployed"
