"""Deployments: create, list, describe, update, redeploy, delete and execute."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

DEPLOYMENTS = "/v1/blocks/deployments/"


def test_a_deployment_is_described_as_documented(api: Api, run_parameters: dict[str, Any]) -> None:
    """What was created comes back with its revision, its resource and its parameters."""
    spec_id = api.make_spec("etl", parameters=run_parameters)
    deployment_id = api.make_deployment(
        spec_id,
        "etl-prod",
        metadata={"name": "etl-prod", "summary": "Runs.", "tags": [{"name": "sdk"}]},
        spec={"id": spec_id, "release": {"version": "1.0.0"}},
        revision={"notes": "first"},
        parameters={"run": {"rounds": 3}},
    )
    shown = api.show(deployment_id)
    made, who = shown["metadata"]["createdAt"], "user@tenant.example"
    revision_id, resource_id = shown["latestRevision"]["id"], shown["latestRevision"]["resources"][0]["id"]
    assert shown == {
        "id": deployment_id,
        "kind": "workflow",
        "latestRevision": {
            "resources": [
                {
                    "errors": [],
                    "id": resource_id,
                    "kind": "workflow",
                    "name": "etl",
                    "status": "deployed",
                    "version": "0.0.1",
                    "versionId": "1",
                }
            ],
            "createdAt": made,
            "createdBy": who,
            "id": revision_id,
            "notes": "first",
            "revision": 1,
            "status": "deployed",
        },
        "metadata": {
            "createdAt": made,
            "createdBy": who,
            "name": "etl-prod",
            "status": "deployed",
            "summary": "Runs.",
            "tags": [{"name": "sdk"}],
            "updatedAt": made,
            "updatedBy": who,
        },
        "parameters": {
            "run": [
                {"name": "mode", "type": "string", "required": False, "defaultValue": "AVG", "value": "AVG"},
                {"name": "rounds", "type": "number", "required": True, "value": 3},
                {
                    "name": "password",
                    "type": "string",
                    "required": False,
                    "hideValue": True,
                    "defaultValue": "********",
                    "value": "********",
                },
            ]
        },
        "spec": {"id": spec_id, "release": {"currentVersion": "1.0.0", "latestVersion": "1.0.0"}},
    }


def test_a_listing_has_the_deployment_without_its_resources(api: Api) -> None:
    """An item of the listing is the description less resources and parameters."""
    shown = api.show(api.make_deployment(api.make_spec()))
    del shown["parameters"], shown["latestRevision"]["resources"]
    assert api.get(DEPLOYMENTS).json() == {
        "pageCount": 1,
        "pageNumber": 1,
        "pageSize": 25,
        "deploymentCount": 1,
        "deployments": [shown],
    }


def test_the_latest_release_is_deployed_unless_one_is_named(api: Api) -> None:
    """Without a version it is the latest; a named one stays, and the newer one shows as `latestVersion`."""
    spec_id = api.make_spec()
    api.make_release(spec_id, "1.1.0")
    latest, old = (
        api.make_deployment(spec_id, "latest"),
        api.make_deployment(spec_id, "old", spec={"id": spec_id, "release": {"version": "1.0.0"}}),
    )
    versions = [api.show(deployment_id)["spec"]["release"] for deployment_id in (latest, old)]
    assert versions == [
        {"currentVersion": "1.1.0", "latestVersion": "1.1.0"},
        {"currentVersion": "1.0.0", "latestVersion": "1.1.0"},
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"metadata": {}}, "metadata.name"),
        ({"metadata": {"name": "x", "status": "deployed"}}, "metadata.status"),
        ({"spec": {}}, "spec.id"),
        ({"colour": "red"}, "colour"),
        ({"parameters": {"run": {"rounds": "three"}}}, "parameters.run.rounds"),
        ({"parameters": {"run": {"rounds": 3, "laps": 4}}}, "parameters.run.laps"),
        ({"parameters": {"run": {}}}, "parameters.run.rounds"),
        ({"parameters": {"build": {"a": 1}, "run": {"rounds": 3}}}, "parameters.build.a"),
    ],
)
def test_a_mistake_is_told_by_its_path(
    api: Api, run_parameters: dict[str, Any], changes: dict[str, Any], path: str
) -> None:
    """A deployment with a mistake is refused with 422 and the path, and nothing is stored."""
    spec_id = api.make_spec(parameters=run_parameters)
    refused = api.send_deployment(spec_id, **changes)
    assert refused.status_code == 422
    assert path in [error["path"] for error in refused.json()["errors"]]
    assert api.get(DEPLOYMENTS).json()["deploymentCount"] == 0


def test_what_is_deployed_must_exist(api: Api) -> None:
    """An unknown spec, and an unknown release, are 404."""
    spec_id = api.make_spec()
    unknown = api.send_deployment(str(uuid.uuid4()))
    unpublished = api.send_deployment(spec_id, spec={"id": spec_id, "release": {"version": "9.0.0"}})
    assert (unknown.status_code, unpublished.status_code) == (404, 404)


def test_a_name_is_taken_once_per_kind(api: Api) -> None:
    """Two deployments of one kind cannot share a name; of two kinds they can."""
    workflow, service = api.make_spec("a"), api.make_spec("b", kind="service")
    api.make_deployment(workflow, "prod")
    assert api.send_deployment(service, "prod").status_code == 201
    refused = api.send_deployment(workflow, "prod")
    assert (refused.status_code, refused.json()["detail"].partition(":")[0]) == (422, "metadata.name")


def test_a_flat_patch_changes_the_texts(api: Api) -> None:
    """The patch has no wrapper; its answer is the deployment."""
    deployment_id = api.make_deployment(api.make_spec())
    answer = api.patch(DEPLOYMENTS + deployment_id, json={"name": "new", "title": "New", "tags": [{"name": "a"}]})
    assert answer.status_code == 200
    metadata = api.show(deployment_id)["metadata"]
    assert answer.json()["metadata"] == metadata
    assert (metadata["name"], metadata["title"], metadata["tags"]) == ("new", "New", [{"name": "a"}])


def test_a_patch_is_strict(api: Api) -> None:
    """No wrapper, no status, no taken name."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.make_deployment(spec_id, "taken")
    patches: list[dict[str, Any]] = [{"metadata": {"name": "x"}}, {"status": "failed"}, {"name": "taken"}]
    answers = [api.patch(DEPLOYMENTS + deployment_id, json=patch) for patch in patches]
    assert [answer.status_code for answer in answers] == [422, 422, 422]


@pytest.mark.parametrize("status", ["failed", "warning"])
def test_a_bad_deployment_is_redeployed(api: Api, status: Any) -> None:
    """Redeploy rolls out the newest revision again, and says which."""
    api.press.outcomes({"status": status, "times": 1})
    deployment_id = api.make_deployment(api.make_spec())
    shown = api.show(deployment_id)
    assert shown["metadata"]["status"] == status
    answer = api.post(f"{DEPLOYMENTS}{deployment_id}/redeploy")
    assert (answer.status_code, answer.json()) == (
        200,
        {"deploymentId": deployment_id, "revision": 1, "revisionId": shown["latestRevision"]["id"]},
    )
    redeployed = api.show(deployment_id)
    assert redeployed["metadata"]["status"] == "deployed"
    assert redeployed["latestRevision"]["resources"][0]["errors"] == []


@pytest.mark.parametrize("status", ["deployed", "platform_resource_error", "rollback_complete", "deploying"])
def test_any_other_deployment_is_not_redeployed(api: Api, status: Any) -> None:
    """Redeploy is 409 unless the deployment is failed or warning."""
    api.press.outcomes({"status": status})
    deployment_id = api.make_deployment(api.make_spec())
    refused = api.post(f"{DEPLOYMENTS}{deployment_id}/redeploy")
    assert (refused.status_code, refused.json()["detail"].endswith(f"it is {status}.")) == (409, True)


def test_a_deleted_deployment_is_gone_and_its_name_free(api: Api) -> None:
    """Delete answers `{}`; then everything of the deployment is 404, and the name can be used again."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    answer = api.delete(DEPLOYMENTS + deployment_id)
    assert (answer.status_code, answer.json()) == (200, {})
    paths = ["", "/revisions", "/revisions/1"]
    assert [api.get(f"{DEPLOYMENTS}{deployment_id}{path}").status_code for path in paths] == [404, 404, 404]
    assert api.delete(DEPLOYMENTS + deployment_id).status_code == 404
    assert api.send_deployment(spec_id).status_code == 201


def test_execute_runs_what_runs_on_deploy(api: Api) -> None:
    """A release with auto-run is executed; one without is not."""
    runs, rests = api.make_spec("runs", autoRunOnDeploy=True), api.make_spec("rests")
    answers = [
        api.post(f"/v1/deployments/{api.make_deployment(spec_id, name)}/execute")
        for spec_id, name in ((runs, "a"), (rests, "b"))
    ]
    [execution] = answers[0].json()["executeResponse"]
    assert (execution["blockSpecId"], execution["version"]) == (runs, "1.0.0")
    assert set(execution) == {"blockSpecId", "version", "executionId", "status"}
    assert answers[1].json() == {"executeResponse": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", DEPLOYMENTS + "{}"),
        ("PATCH", DEPLOYMENTS + "{}"),
        ("DELETE", DEPLOYMENTS + "{}"),
        ("POST", DEPLOYMENTS + "{}/redeploy"),
        ("GET", DEPLOYMENTS + "{}/revisions"),
        ("POST", DEPLOYMENTS + "{}/revisions"),
        ("GET", DEPLOYMENTS + "{}/revisions/1"),
        ("GET", "/v1/deployments/{}/parameters/run"),
        ("PATCH", "/v1/deployments/{}/parameters/run"),
        ("POST", "/v1/deployments/{}/execute"),
        ("GET", "/v1/apps/deployments/{}"),
    ],
)
def test_an_unknown_deployment_is_404(api: Api, method: str, path: str) -> None:
    """Every call of one deployment says that there is none."""
    answer = api.call(method, path.format(uuid.uuid4()))
    assert (answer.status_code, answer.json()["detail"].startswith("There is no")) == (404, True)


def test_an_archived_spec_is_deployed_or_not(make_api: Callable[..., Api]) -> None:
    """By default nothing is forbidden; `archived_spec=refuse` makes it 422."""
    for value, status in (("deployable", 201), ("refuse", 422)):
        api = make_api(assume={"archived_spec": value})
        spec_id = api.make_spec()
        api.patch(f"/v1/blocks/specs/{spec_id}", json={"metadata": {"status": "archived"}})
        assert api.send_deployment(spec_id).status_code == status
