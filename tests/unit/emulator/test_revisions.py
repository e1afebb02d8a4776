"""Revisions: create, list and describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

DEPLOYMENTS = "/v1/blocks/deployments/"


def test_a_revision_takes_over(api: Api) -> None:
    """A revision runs the latest release; the one before is superseded."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.make_release(spec_id, "1.1.0")
    answer = api.revise(deployment_id, revision={"notes": "second"})
    assert (answer.status_code, answer.json()) == (201, {"id": deployment_id, "revision": 2})
    shown = api.show(deployment_id)
    assert (shown["latestRevision"]["revision"], shown["latestRevision"]["notes"]) == (2, "second")
    assert shown["spec"]["release"] == {"currentVersion": "1.1.0", "latestVersion": "1.1.0"}
    listing = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()
    assert [(item["revision"], item["status"]) for item in listing["revisions"]] == [(1, "superseded"), (2, "deployed")]


def test_a_revision_is_described_as_documented(api: Api, run_parameters: dict[str, Any]) -> None:
    """The description has resources, spec and parameters beside the item of the listing."""
    spec_id = api.make_spec("etl", parameters=run_parameters)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 1}})
    [item] = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    described = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions/1").json()
    shown = api.show(deployment_id)
    assert described == {
        **item,
        "resources": shown["latestRevision"]["resources"],
        "spec": {"id": spec_id, "release": {"version": "1.0.0"}},
        "parameters": shown["parameters"],
    }


def test_a_revision_may_go_back_to_an_older_release(api: Api) -> None:
    """The version is any release of the deployment's own spec."""
    spec_id = api.make_spec()
    api.make_release(spec_id, "1.1.0")
    deployment_id = api.make_deployment(spec_id)
    api.revise(deployment_id, release={"version": "1.0.0"})
    assert api.show(deployment_id)["spec"]["release"]["currentVersion"] == "1.0.0"
    assert api.revise(deployment_id, release={"version": "7.0.0"}).status_code == 404


def test_values_of_a_revision_are_checked_against_its_release(api: Api, run_parameters: dict[str, Any]) -> None:
    """What the new release does not declare is refused, and what it demands must be there."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.make_release(spec_id, "1.1.0", parameters=run_parameters)
    bodies: list[dict[str, Any]] = [{}, {"parameters": {"run": {"rounds": True}}}, {"parameters": {"walk": {}}}]
    answers = [api.revise(deployment_id, **body) for body in bodies]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert [answer.json()["errors"][0]["path"] for answer in answers] == [
        "parameters.run.rounds",
        "parameters.run.rounds",
        "parameters.walk",
    ]
    assert api.revise(deployment_id, parameters={"run": {"rounds": 2}}).status_code == 201


def test_values_that_are_not_declared_any_more_are_left_behind(api: Api, run_parameters: dict[str, Any]) -> None:
    """A release without parameters can follow one with them."""
    spec_id = api.make_spec(parameters=run_parameters)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 3}})
    api.make_release(spec_id, "1.1.0")
    assert api.revise(deployment_id).status_code == 201
    assert api.get(f"/v1/deployments/{deployment_id}/parameters/run").json() == {}


def test_a_second_revision_waits_for_the_first(api: Api) -> None:
    """While one is rolled out, another is 409."""
    deployment_id = api.make_deployment(api.make_spec())
    api.press.outcomes({"status": "deployed", "revision": 2, "rollout": "reads:1"})
    assert api.revise(deployment_id).status_code == 201
    refused = api.revise(deployment_id)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "The deployment is deploying; wait until that is over.",
    )
    assert [api.status(deployment_id) for _ in range(2)] == ["deploying", "deployed"]
    assert api.revise(deployment_id).json()["revision"] == 3


@pytest.mark.parametrize("revision", ["2", "0", "-1", "latest", "x", "٣", "9" * 30])
def test_an_unknown_revision_is_404(api: Api, revision: str) -> None:
    """Only numbers of revisions that exist name one."""
    deployment_id = api.make_deployment(api.make_spec())
    assert api.get(f"{DEPLOYMENTS}{deployment_id}/revisions/{revision}").status_code == 404
