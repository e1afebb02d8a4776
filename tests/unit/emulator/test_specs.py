"""Specs: create, list, describe, update and delete."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"


def test_a_spec_is_described_as_documented(api: Api) -> None:
    """What was created comes back, with the defaults and the service's own fields."""
    spec_id = api.make_spec("etl", metadata={"title": "ETL", "tags": [{"name": "sdk"}]})
    described = api.get(SPECS + spec_id).json()
    made = described["metadata"]["createdAt"]
    who = "user@tenant.example"
    release_id = described["latestRelease"]["id"]
    assert described == {
        "featured": False,
        "id": spec_id,
        "kind": "workflow",
        "latestRelease": {
            "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py"}}},
            "createdAt": made,
            "createdBy": who,
            "id": release_id,
            "notes": "first",
            "version": "1.0.0",
            "autoRunOnDeploy": False,
        },
        "metadata": {
            "createdAt": made,
            "createdBy": who,
            "name": "etl",
            "status": "available",
            "summary": "Loads orders.",
            "tags": [{"name": "sdk"}],
            "title": "ETL",
            "updatedAt": made,
            "updatedBy": who,
        },
        "parameters": {"build": [], "groups": {"build": [], "run": []}, "run": []},
        "scope": "private",
        "tenants": [],
    }
    assert str(uuid.UUID(spec_id)) == spec_id
    assert str(uuid.UUID(release_id)) == release_id


def test_a_listing_has_the_spec_without_its_config(api: Api) -> None:
    """An item of the listing is the description less config, artifact and parameters."""
    spec_id = api.make_spec()
    described = api.get(SPECS + spec_id).json()
    del described["parameters"], described["latestRelease"]["config"]
    assert api.get(SPECS).json() == {
        "pageCount": 1,
        "pageNumber": 1,
        "pageSize": 25,
        "specCount": 1,
        "specs": [described],
    }


def test_form_values_are_kept(api: Api) -> None:
    """Featured, scope, tenants, auto-run and parameters of the form come back."""
    parameters = {"run": [{"name": "a", "type": "string", "required": False}]}
    spec_id = api.make_spec(
        featured=True, scope="shared", tenants=["north"], autoRunOnDeploy=True, parameters=parameters
    )
    described = api.get(SPECS + spec_id).json()
    kept = {key: described[key] for key in ("featured", "scope", "tenants")}
    assert kept == {"featured": True, "scope": "shared", "tenants": ["north"]}
    assert described["latestRelease"]["autoRunOnDeploy"] is True
    assert described["parameters"]["run"] == parameters["run"]


def test_a_name_is_taken_once_per_kind(api: Api) -> None:
    """The same name is refused for the same kind and free for the other."""
    api.make_spec("etl")
    api.make_spec("etl", kind="service")
    refused = api.send_spec("etl")
    assert refused.status_code == 422
    assert refused.json() == {
        "detail": "metadata.name: there is a block spec of kind workflow with the name 'etl' already"
    }
    assert api.get(SPECS).json()["specCount"] == 2


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"metadata": {"naem": "x"}}, "metadata.naem"),
        ({"metadata": {"summary": 5}}, "metadata.summary"),
        ({"config": {"steps": {"a": {"command": "x", "imageRef": "gone"}}, "images": {}}}, "config.steps.a.imageRef"),
        ({"version": "one"}, "release.version"),
        ({"schema": 2}, "version"),
        ({"kind": "robot"}, "kind"),
        ({"kind": "service", "config": {"steps": {"a": {"command": "x", "imageDetails": {"id": 1}}}}}, "config"),
        ({"scope": "secret"}, "scope"),
        ({"scope": ""}, "scope"),
        ({"tenants": [5]}, "tenants[0]"),
        ({"featured": "yes"}, "featured"),
        ({"parameters": {"run": [{"name": "a", "type": "text", "required": True}]}}, "parameters.run[0].type"),
    ],
)
def test_a_mistake_is_told_by_its_path(api: Api, changes: dict[str, Any], path: str) -> None:
    """A spec with a mistake is refused with 422 and the path, and nothing is stored."""
    refused = api.send_spec(**changes)
    assert refused.status_code == 422
    assert [error["path"] for error in refused.json()["errors"]] == [path]
    assert path in refused.json()["detail"]
    assert api.get(SPECS).json()["specCount"] == 0


def test_all_mistakes_are_told_at_once(api: Api) -> None:
    """Body, scope and parameters are checked together."""
    refused = api.send_spec(metadata={"summary": ""}, scope="secret", parameters={"walk": []})
    paths = [error["path"] for error in refused.json()["errors"]]
    assert paths == ["metadata.summary", "parameters.walk", "scope"]


def test_validate_stores_nothing(api: Api) -> None:
    """A rehearsal answers success, and the spec is not there afterwards."""
    answer = api.send_spec(query="?validate=true")
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert answer.json()["message"]
    assert api.get(SPECS).json()["specCount"] == 0


def test_validate_refuses_what_a_create_refuses(api: Api) -> None:
    """A rehearsal finds mistakes and taken names with the statuses of a create."""
    api.make_spec("etl")
    answers = [api.send_spec("etl", query="?validate=true"), api.send_spec("", query="?validate=true")]
    answers.append(api.send_spec("other", query="?validate=false"))
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "already" in answers[0].json()["detail"]
    assert [answer.json()["errors"][0]["path"] for answer in answers[1:]] == ["metadata.name", "validate"]


def test_a_patch_changes_what_it_names(api: Api) -> None:
    """Given fields are replaced, the others stay, and the answer is the spec."""
    spec_id = api.make_spec(metadata={"title": "Old", "tags": [{"name": "a"}, {"name": "b"}]})
    patch = {
        "metadata": {"title": "New", "tags": [{"name": "c"}], "status": "archived"},
        "featured": True,
        "scope": "shared",
        "tenants": ["north"],
    }
    answer = api.patch(SPECS + spec_id, json=patch)
    assert answer.status_code == 200
    patched = answer.json()
    assert patched["metadata"]["title"] == "New"
    assert patched["metadata"]["summary"] == "Loads orders."
    assert patched["metadata"]["tags"] == [{"name": "c"}]
    assert patched["metadata"]["status"] == "archived"
    assert (patched["featured"], patched["scope"], patched["tenants"]) == (True, "shared", ["north"])
    assert api.get(SPECS).json()["specs"] == [patched]


def test_a_patch_may_rename_to_a_free_name_only(api: Api) -> None:
    """A rename to a taken name is refused; to the own name, or a free one, it is not."""
    spec_id = api.make_spec("etl")
    api.make_spec("taken")
    rename = {name: api.patch(SPECS + spec_id, json={"metadata": {"name": name}}) for name in ("taken", "etl", "free")}
    assert {name: answer.status_code for name, answer in rename.items()} == {"taken": 422, "etl": 200, "free": 200}


def test_a_patch_of_what_cannot_change_is_refused(api: Api) -> None:
    """Kind, config and releases are not in the patch's shape."""
    spec_id = api.make_spec()
    for key in ("kind", "config", "release", "parameters"):
        refused = api.patch(SPECS + spec_id, json={key: {}})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, key)


def test_a_deleted_spec_is_gone_and_its_name_free(api: Api) -> None:
    """Delete answers `{}`; then the spec and its releases are 404, and the name can be used again."""
    spec_id = api.make_spec("etl")
    answer = api.delete(SPECS + spec_id)
    assert (answer.status_code, answer.json()) == (200, {})
    assert api.get(SPECS + spec_id).status_code == 404
    assert api.get(f"{SPECS}{spec_id}/releases").status_code == 404
    assert api.delete(SPECS + spec_id).status_code == 404
    assert api.make_spec("etl") != spec_id


def test_a_deployed_spec_is_not_deleted(api: Api) -> None:
    """Delete is refused while the spec has deployments, and works once they are gone."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    refused = api.delete(SPECS + spec_id)
    assert (refused.status_code, "1 deployments" in refused.json()["detail"]) == (422, True)
    api.delete(f"/v1/blocks/deployments/{deployment_id}")
    assert api.delete(SPECS + spec_id).status_code == 200


@pytest.mark.parametrize(("method", "body"), [("GET", {}), ("PATCH", {"featured": True}), ("DELETE", {})])
def test_an_unknown_spec_is_404(api: Api, method: str, body: dict[str, Any]) -> None:
    """Every call of one spec says that there is none."""
    answer = api.call(method, f"{SPECS}{uuid.uuid4()}", json=body)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no block spec")
