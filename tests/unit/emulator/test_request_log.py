"""The log of requests: each call with its status, secrets masked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"


def test_a_call_is_noted_with_its_answer(api: Api) -> None:
    """Number, time, method, path, query, status, tenant, request id and body are there."""
    before = [entry["sequence"] for entry in api.press.requests()]
    api.patch(f"{SPECS}n%C3%A9?a=%20b", json={"featured": True}, headers={"x-peak-requestId": "r-1"})
    [entry] = api.press.requests()
    assert before == []
    assert entry.pop("time").endswith("Z")
    assert entry.pop("sequence") > 0
    assert entry.pop("connection") > 0
    assert entry == {
        "method": "PATCH",
        "path": "/v1/blocks/specs/né",
        "query": "a=%20b",
        "tenant": "tenant",
        "requestId": "r-1",
        "status": 422,
        "body": None,
        "parts": None,
        "fault": None,
        "changed": None,
    }


def test_what_a_call_changed_is_noted(api: Api) -> None:
    """The object, and the release or the revision that was made; nothing of a read, a refusal or a trial."""
    spec_id = api.make_spec()
    api.make_release(spec_id, "1.1.0")
    api.patch(f"{SPECS}{spec_id}", json={"featured": True})
    deployment_id = api.make_deployment(spec_id)
    api.revise(deployment_id)
    api.patch(f"/v1/deployments/{deployment_id}/parameters/run", json={})
    api.delete(f"{DEPLOYMENTS}{deployment_id}")
    api.get(f"{SPECS}{spec_id}")
    api.send_spec("etl")
    api.send_spec("trial", query="?validate=true")
    api.delete(f"{SPECS}{spec_id}")
    assert [entry["changed"] for entry in api.press.requests()] == [
        {"spec": spec_id},
        {"spec": spec_id, "release": "1.1.0"},
        {"spec": spec_id},
        {"deployment": deployment_id},
        {"deployment": deployment_id, "revision": 2},
        {"deployment": deployment_id},
        {"deployment": deployment_id},
        None,
        None,
        None,
        {"spec": spec_id},
    ]


def test_calls_tell_whether_they_shared_a_connection(api: Api) -> None:
    """Two calls on one connection have its number; one on another connection has another."""
    for _ in range(2):
        with requests.Session() as session:
            for _ in range(2):
                session.get(f"{api.press.url}{SPECS}", headers={"Authorization": api.press.token}, timeout=30)
    first, second, third, fourth = (entry["connection"] for entry in api.press.requests())
    assert (first, third) == (second, fourth)
    assert first != third


def test_bodies_and_parts_are_noted(api: Api, make_zip: Callable[..., bytes]) -> None:
    """A JSON body is there as it came; a form's parts are in their order, a file as size and digest."""
    content = make_zip({"a": "1"})
    spec_id = api.make_spec(artifact=content, featured=True, scope="shared", tenants=["x"], parameters={"run": []})
    deployment = {"metadata": {"name": "prod"}, "spec": {"id": spec_id}}
    api.post(DEPLOYMENTS, json=deployment)
    made, deployed = api.press.requests()
    assert deployed["body"] == deployment
    assert [part["name"] for part in made["parts"]] == [
        "artifact", "spec", "featured", "scope", "autoRunOnDeploy", "tenants", "parameters",
    ]  # fmt: skip
    assert made["parts"][0] == {
        "name": "artifact",
        "filename": "artifact.zip",
        "contentType": "application/zip",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert [part["value"] for part in made["parts"][2:]] == [True, "shared", None, ["x"], {"run": []}]
    assert made["parts"][1]["value"]["metadata"]["name"] == "etl"


def test_refused_calls_are_noted_with_their_bodies(api: Api) -> None:
    """What was refused can be looked at."""
    api.post(DEPLOYMENTS, json={"colour": "red"})
    [entry] = api.press.requests()
    assert (entry["status"], entry["body"]) == (422, {"colour": "red"})


def test_secrets_are_nowhere(make_api: Callable[..., Api], run_parameters: dict[str, Any]) -> None:
    """Tokens, hidden values and defaults, and tokens of repositories are in no log, state or page."""
    api = make_api(tokens={"hush-token": "tenant"})
    build = [{"name": "pin", "type": "number", "required": False, "hideValue": True, "options": [{"value": 77123}]}]
    step: dict[str, Any] = {
        "command": "ls",
        "imageDetails": {"id": 1},
        "repository": {"url": "u", "token": "hush-repo"},
    }
    inner = {"name": "word", "type": "string", "required": False, "hideValue": True, "defaultValue": "hush-inner"}
    login = {"name": "login", "type": "object", "required": False, "properties": [inner]}
    login["defaultValue"] = {"word": "hush-outer"}
    run = [*run_parameters["run"], login]
    spec_id = api.make_spec(parameters={"run": run, "build": build}, config={"steps": {"a": step}})
    values = {"run": {"rounds": 1, "password": "hush-1", "login": {"word": "hush-5"}}, "build": {"pin": 77123}}
    deployment_id = api.make_deployment(spec_id, parameters=values)
    api.revise(deployment_id, parameters={"run": {"rounds": 1, "password": "hush-2"}})
    api.patch(f"/v1/deployments/{deployment_id}/parameters/run", json={"password": "hush-3"})
    api.send_deployment(spec_id, parameters={"run": {"password": "hush-4", "laps": 1}})
    api.send_deployment(spec_id, parameters={"password": "hush-6", "run": {"run": {"login": {"word": "hush-7"}}}})
    api.patch(f"/v1/deployments/{deployment_id}/parameters/run", json={"run": {"password": "hush-8"}})
    pages = ("/", "/_emulator/calls", f"/_emulator/specs/{spec_id}", f"/_emulator/deployments/{deployment_id}")
    told = [
        requests.get(api.press.url + path, timeout=30).text
        for path in ("/_emulator/requests", "/_emulator/state", "/_emulator/info", *pages)
    ]
    assert "********" in told[0]
    for text in told:
        assert "hush" not in text
        assert "77123" not in text
    assert "hush" not in repr(api.press)


def test_own_routes_are_not_noted_and_others_are(api: Api) -> None:
    """The control plane and the page leave no trace; the session call and unknown routes do."""
    requests.get(api.press.url + "/", timeout=30)
    api.press.state()
    api.get("/tenant-management/api/v1/external/tenants/tenant-metadata")
    api.post("/resource-usage/api/v1/telemetry", json={"response": "hush"})
    api.get("/x")
    noted = [(entry["status"], entry["body"]) for entry in api.press.requests()]
    assert noted == [(200, None), (200, None), (501, None)]


def test_the_journal_is_cleared_and_read_on_from_a_number(api: Api) -> None:
    """`after` leaves out what was seen; numbers go on after clearing."""
    api.get(SPECS)
    [first] = api.press.requests()
    api.get(DEPLOYMENTS)
    [second] = api.press.requests(after=first["sequence"])
    assert second["path"] == DEPLOYMENTS
    api.press.clear_requests()
    assert api.press.requests() == []
    api.get(SPECS)
    assert api.press.requests()[0]["sequence"] == second["sequence"] + 1


def test_the_journal_keeps_the_newest(monkeypatch: Any, make_api: Callable[..., Api]) -> None:
    """Memory stays flat: there is a limit on calls, and one on the bytes of their bodies."""
    monkeypatch.setattr("pulumi_press.emulator.control.request_log.MAX_ENTRIES", 3)
    monkeypatch.setattr("pulumi_press.emulator.control.request_log.MAX_BYTES", 500)
    api = make_api()
    for number in range(5):
        api.get(f"/{number}")
    assert [entry["path"] for entry in api.press.requests()] == ["/2", "/3", "/4"]
    for name in "abc":
        api.post(DEPLOYMENTS, json={"x": name * 300})
    assert [entry["body"]["x"][0] for entry in api.press.requests()] == ["c"]
