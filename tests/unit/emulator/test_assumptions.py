"""Assumptions: each can be changed, and each change shows."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator.assumptions import Assumptions, describe
from tools.docs.emulator import FIXED, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"
Check = tuple[dict[str, Any], "Callable[[Api], object]", object]


def _rename(api: Api) -> list[str]:
    spec_id = api.make_spec(metadata={"tags": [{"name": "a"}]}, scope="shared", tenants=["x"])
    patched = api.patch(SPECS + spec_id, json={"metadata": {"tags": [{"name": "b"}]}, "tenants": ["y"]}).json()
    return [tag["name"] for tag in patched["metadata"]["tags"]] + list(patched["tenants"])


def _mistake_statuses(api: Api) -> tuple[int, int]:
    return api.send_spec("").status_code, api.get(SPECS + "?pageSize=0").status_code


def _deletion(api: Api) -> tuple[int, list[int]]:
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    status = api.delete(SPECS + spec_id).status_code
    shown = [api.get(path).status_code for path in (SPECS + spec_id, DEPLOYMENTS + deployment_id)]
    return status, shown


def _values(api: Api) -> dict[str, Any]:
    declared = {"run": [{"name": name, "type": "number", "required": False, "defaultValue": 0} for name in "ab"]}
    spec_id = api.make_spec(parameters=declared)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"a": 1, "b": 1}})
    api.revise(deployment_id, parameters={"run": {"a": 2}})
    values: dict[str, Any] = api.get(f"/v1/deployments/{deployment_id}/parameters/run").json()
    return values


def _silent_values(api: Api) -> dict[str, Any]:
    declared = {"run": [{"name": "a", "type": "number", "required": False, "defaultValue": 0}]}
    spec_id = api.make_spec(parameters=declared)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"a": 1}})
    api.revise(deployment_id)
    values: dict[str, Any] = api.get(f"/v1/deployments/{deployment_id}/parameters/run").json()
    return values


def _hidden(api: Api, value: str = "x") -> tuple[Any, Any]:
    declared = {"run": [{"name": "a", "type": "string", "required": False, "hideValue": True}]}
    deployment_id = api.make_deployment(api.make_spec(parameters=declared), parameters={"run": {"a": value}})
    read = api.get(f"/v1/deployments/{deployment_id}/parameters/run").json()
    return api.show(deployment_id)["parameters"]["run"][0], read["a"]


def _patch_parameters(api: Api) -> tuple[int, int]:
    declared = {"run": [{"name": "a", "type": "number", "required": False}]}
    deployment_id = api.make_deployment(api.make_spec(parameters=declared))
    answer = api.patch(f"/v1/deployments/{deployment_id}/parameters/run", json={"a": 1})
    return answer.status_code, api.show(deployment_id)["latestRevision"]["revision"]


def _wrong_patch(api: Api) -> int:
    deployment_id = api.make_deployment(api.make_spec())
    return api.patch(f"/v1/deployments/{deployment_id}/parameters/run", json={"a": 1}).status_code


def _overtake(api: Api) -> tuple[int, list[str]]:
    api.press.outcomes({"status": "deploying", "times": 1})
    deployment_id = api.make_deployment(api.make_spec())
    status = api.revise(deployment_id).status_code
    revisions = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    return status, [item["status"] for item in revisions]


def _second(api: Api) -> tuple[list[str], str]:
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.make_release(spec_id, "2.0.0")
    api.press.outcomes({"status": "deploying"})
    api.revise(deployment_id)
    revisions = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    return [item["status"] for item in revisions], api.show(deployment_id)["spec"]["release"]["currentVersion"]


def _rolled_back(api: Api) -> list[str]:
    deployment_id = api.make_deployment(api.make_spec())
    api.press.outcomes({"status": "rollback_complete"})
    api.revise(deployment_id)
    revisions = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    return [item["status"] for item in revisions]


def _unchanged(api: Api) -> list[int]:
    spec_id = api.make_spec(metadata={"title": "T"})
    deployment_id = api.make_deployment(spec_id)
    before = api.get(SPECS + spec_id).json()["metadata"]["updatedAt"]
    answers = [
        api.patch(SPECS + spec_id, json={"metadata": {"title": "T"}, "featured": False}),
        api.patch(SPECS + spec_id, json={}),
        api.patch(DEPLOYMENTS + deployment_id, json={"name": "prod"}),
    ]
    assert api.get(SPECS + spec_id).json()["metadata"]["updatedAt"] == before
    return [answer.status_code for answer in answers]


def _delete_busy(api: Api) -> int:
    api.press.outcomes({"status": "deploying"})
    deployment_id = api.make_deployment(api.make_spec())
    return api.delete(DEPLOYMENTS + deployment_id).status_code


def _delete_slowly(api: Api) -> int:
    deployment_id = api.make_deployment(api.make_spec())
    [api.status(deployment_id) for _ in range(3)]
    api.delete(DEPLOYMENTS + deployment_id)
    return api.get(DEPLOYMENTS + deployment_id).status_code


def _redeploy(api: Api) -> int:
    api.press.outcomes({"status": "failed"})
    return api.post(f"{DEPLOYMENTS}{api.make_deployment(api.make_spec())}/redeploy").status_code


def _builds(api: Api) -> list[str]:
    step = {"command": "ls"}
    config = {
        "images": {"base": {"version": "1.0.0"}},
        "steps": {
            "a": {**step, "image": {}},
            "b": {**step, "imageRef": "base"},
            "c": {"type": "sql", "sqlQueryPath": "q"},
        },
    }
    return [error["path"] for error in api.send_spec(config=config).json().get("errors", [])]


def _zip(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("file", bytes(size))
    return buffer.getvalue()


def _latest(api: Api) -> list[int]:
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    paths = [f"{SPECS}{spec_id}/releases/latest", f"{DEPLOYMENTS}{deployment_id}/revisions/latest"]
    return [api.get(path).status_code for path in paths]


def _absent(api: Api) -> list[bool]:
    spec_id = api.make_spec()
    api.make_release(spec_id, "2.0.0")
    spec, deployment = api.get(SPECS + spec_id).json(), api.show(api.make_deployment(spec_id))
    holders = [
        (spec["metadata"], "title"),
        (spec["latestRelease"], "notes"),
        (spec["latestRelease"], "artifact"),
        (deployment, "parent"),
        (deployment["latestRevision"], "notes"),
    ]
    assert all(holder.get(key) is None for holder, key in holders)
    return [key in holder for holder, key in holders]


def _foreign(api: Api) -> list[int]:
    other = type(api)(api.press, "other-token", api.session)
    private, public = api.make_spec("private"), api.make_spec("public", scope="public")
    return [other.get(SPECS + private).status_code, other.delete(SPECS + public).status_code]


CHECKS: dict[str, Check] = {
    "create_status": ({"create_status": 200}, lambda api: api.send_spec().status_code, 200),
    "update_status": ({"update_status": 202}, _patch_parameters, (202, 1)),
    "delete_status": ({"delete_status": 204}, lambda api: api.delete(SPECS + api.make_spec()).status_code, 204),
    "redeploy_status": ({"redeploy_status": 202}, _redeploy, 202),
    "error_body": ({"error_body": "detail"}, lambda api: "errors" in api.send_spec("").json(), False),
    "mistake_status": ({"mistake_status": "400"}, _mistake_statuses, (400, 400)),
    "duplicate_name": (
        {"duplicate_name": 409},
        lambda api: [api.send_spec().status_code, api.send_spec().status_code],
        [201, 409],
    ),
    "older_version": ({"older_version": 409}, lambda api: api.send_release(api.make_spec(), "1.0.0").status_code, 409),
    "answer_date": ({"answer_date": "absent"}, lambda api: "Date" in api.get(SPECS).headers, False),
    "unknown_query": ({"unknown_query": "ignore"}, lambda api: api.get(SPECS + "?a=b").status_code, 200),
    "default_page_size": ({"default_page_size": 7}, lambda api: api.get(SPECS).json()["pageSize"], 7),
    "max_page_size": ({"max_page_size": 30}, lambda api: api.get(SPECS + "?pageSize=31").status_code, 400),
    "page_beyond_end": ({"page_beyond_end": "refuse"}, lambda api: api.get(SPECS + "?pageNumber=2").status_code, 400),
    "empty_page_count": ({"empty_page_count": 1}, lambda api: api.get(SPECS).json()["pageCount"], 1),
    "list_order": (
        {"list_order": "newest-first"},
        lambda api: [api.make_spec("a"), api.make_spec("b")] == [s["id"] for s in api.get(SPECS).json()["specs"]][::-1],
        True,
    ),
    "comma_lists": (
        {"comma_lists": "literal"},
        lambda api: api.get(SPECS + "?status=available,archived").status_code,
        400,
    ),
    "body_version": ({"body_version": "number"}, lambda api: api.send_spec(schema="1").status_code, 422),
    "shared_without_tenants": (
        {"shared_without_tenants": "refuse"},
        lambda api: api.send_spec(scope="shared").status_code,
        422,
    ),
    "tenants_without_shared": (
        {"tenants_without_shared": "refuse"},
        lambda api: api.send_spec(tenants=["x"]).status_code,
        422,
    ),
    "invisible": ({"invisible": 403}, _foreign, [403, 403]),
    "foreign_change": ({"foreign_change": 404}, _foreign, [404, 404]),
    "delete_spec_with_deployments": ({"delete_spec_with_deployments": "cascade"}, _deletion, (200, [404, 404])),
    "delete_deployment": ({"delete_deployment": "asynchronous"}, _delete_slowly, 200),
    "delete_while_deploying": ({"delete_while_deploying": "refuse"}, _delete_busy, 422),
    "second_revision_while_deploying": (
        {"second_revision_while_deploying": "accept"},
        _overtake,
        (201, ["superseded", "deployed"]),
    ),
    "superseded": ({"superseded": "when-created"}, _second, (["superseded", "deploying"], "1.0.0")),
    "current_version": ({"current_version": "requested"}, _second, (["deployed", "deploying"], "2.0.0")),
    "archived_spec": (
        {"archived_spec": "refuse"},
        lambda api: [
            (spec_id := api.make_spec()),
            api.patch(SPECS + spec_id, json={"metadata": {"status": "unavailable"}}),
            api.send_deployment(spec_id).status_code,
        ][-1],
        422,
    ),
    "unchanged_patch": ({"unchanged_patch": "refuse"}, _unchanged, [422, 422, 422]),
    "patch_tags": ({"patch_tags": "merge"}, _rename, ["a", "b", "y"]),
    "patch_tenants": ({"patch_tenants": "merge"}, _rename, ["b", "x", "y"]),
    "run_parameter_patch": ({"run_parameter_patch": "revision"}, _patch_parameters, (200, 2)),
    "patched_parameters": ({"patched_parameters": "unchecked"}, _wrong_patch, 200),
    "revision_parameters": ({"revision_parameters": "merge"}, _values, {"a": 2, "b": 1}),
    "masked_value": ({"masked_value": "<hidden>"}, lambda api: _hidden(api)[0]["value"], "<hidden>"),
    "get_parameters_hidden": ({"get_parameters_hidden": "masked"}, lambda api: _hidden(api)[1], "********"),
    "described_parameters": (
        {"described_parameters": "pair"},
        lambda api: _hidden(api)[0],
        {"name": "a", "value": "********"},
    ),
    "artifact_when_building": (
        {"artifact_when_building": "optional"},
        _builds,
        [],
    ),
    "artifact_limit": ({"artifact_limit": 5}, lambda api: api.send_spec(artifact=b"123456").status_code, 413),
    "unpacked_limit": (
        {"unpacked_limit": 1},
        lambda api: [api.send_spec(artifact=_zip(size)).status_code for size in (2, 1)],
        [422, 201],
    ),
    "latest_alias": ({"latest_alias": "accept"}, _latest, [200, 200]),
    "form_order": (
        {"form_order": "any"},
        lambda api: api.post(SPECS, files=[("scope", (None, "x")), ("spec", (None, "{}"))]).json()["errors"][0]["path"],
        "version",
    ),
    "absent_values": ({"absent_values": "null"}, _absent, [True] * 5),
}


@pytest.mark.parametrize("name", CHECKS)
def test_an_assumption_can_be_changed(make_api: Callable[..., Api], name: str) -> None:
    """With another value the local Press behaves otherwise, and as it says."""
    assume, look, expected = CHECKS[name]
    assert (
        look(make_api(assume=assume, tokens={"token": "tenant", "other-token": "other"}, rollout=_pace(name)))
        == expected
    )


def _pace(name: str) -> str:
    return "reads:1" if name == "delete_deployment" else "at-once"


def _unshare(api: Api) -> list[int]:
    spec_id = api.make_spec(scope="shared", tenants=["x"])
    patches: list[dict[str, Any]] = [{"tenants": []}, {"scope": "private"}, {"scope": "private", "tenants": []}]
    return [api.patch(SPECS + spec_id, json=patch).status_code for patch in patches]


FURTHER: list[Check] = [
    ({"shared_without_tenants": "refuse", "tenants_without_shared": "refuse"}, _unshare, [422, 422, 200]),
    ({}, lambda api: "Date" in api.get(SPECS).headers, True),
    ({"mistake_status": "422"}, _mistake_statuses, (422, 422)),
    ({"delete_spec_with_deployments": "orphan"}, _deletion, (200, [404, 200])),
    ({"revision_parameters": "defaults"}, _silent_values, {"a": 0}),
    ({"superseded": "when-created"}, _rolled_back, ["deployed", "rollback_complete"]),
    ({}, _second, (["deployed", "deploying"], "1.0.0")),
    ({}, _unchanged, [200, 200, 200]),
    ({}, _rename, ["b", "y"]),
    ({}, _builds, ["config.images.base", "config.steps.a.image"]),
    ({}, _absent, [False] * 5),
    ({}, _values, {"a": 2, "b": 0}),
    ({}, _silent_values, {"a": 1}),
    ({}, _delete_busy, 200),
    ({}, _foreign, [404, 403]),
]


@pytest.mark.parametrize(("assume", "look", "expected"), FURTHER)
def test_defaults_and_third_choices(
    make_api: Callable[..., Api], assume: dict[str, Any], look: Callable[[Api], object], expected: object
) -> None:
    """What the first table leaves out: further values, and the defaults they differ from."""
    assert look(make_api(assume=assume, tokens={"token": "tenant", "other-token": "other"})) == expected


def test_an_orphan_is_forgotten_with_its_last_deployment(make_api: Callable[..., Api]) -> None:
    """A spec that was deleted amid its deployments frees its name, and goes when they go."""
    api = make_api(assume={"delete_spec_with_deployments": "orphan"})
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.delete(SPECS + spec_id)
    assert api.make_spec() != spec_id
    assert api.revise(deployment_id).status_code == 201
    assert api.press.info()["counts"]["releases"] == 2
    api.delete(DEPLOYMENTS + deployment_id)
    assert api.press.info()["counts"]["releases"] == 1


def test_every_assumption_is_tried() -> None:
    """A new assumption needs a test."""
    assert set(CHECKS) == {item.name for item in fields(Assumptions)}


def test_every_assumption_says_why() -> None:
    """Each has a question it belongs to, what it decides, why its default, and a default that is allowed."""
    for assumption in describe():
        assert assumption.what
        assert assumption.because
        assert assumption.unknown in QUESTIONS
        assert assumption.parse(assumption.default) == assumption.default


def test_every_question_has_an_answer() -> None:
    """Each of the 27 questions about the real service is settled by a setting or in words."""
    answered = {assumption.unknown for assumption in describe()} | {number for number, _ in FIXED}
    assert answered == set(QUESTIONS) == set(range(1, 28))


def test_a_name_may_have_dashes() -> None:
    """As options of a command line have them."""
    assert Assumptions.of({"patch-tags": "merge"}).patch_tags == "merge"
