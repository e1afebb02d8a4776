"""Refusals that no object has to do with: tokens, routes, methods and bodies."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"


@pytest.mark.parametrize("token", ["Bearer token", "TOKEN", "token ", "tenant", "tokenx"])
def test_an_unknown_token_is_401(api: Api, token: str) -> None:
    """The token is compared exactly; the answer does not repeat it."""
    refused = api.get(SPECS, headers={"Authorization": token.strip() + "?" * token.endswith(" ")})
    assert (refused.status_code, refused.json()) == (
        401,
        {"detail": "The token in the header Authorization is not known."},
    )


def test_no_token_is_401_everywhere(api: Api) -> None:
    """Without the header nothing is answered, whatever the body; the telemetry call is."""
    calls = [
        ("GET", SPECS),
        ("POST", SPECS),
        ("POST", DEPLOYMENTS),
        ("DELETE", SPECS + "x"),
        ("GET", "/v1/deployments/x/parameters/run"),
    ]
    answers = [requests.request(method, api.press.url + path, json={"a": 1}, timeout=30) for method, path in calls]
    assert [answer.status_code for answer in answers] == [401] * len(calls)
    assert answers[0].json() == {"detail": "The token in the header Authorization is missing."}
    telemetry = requests.post(f"{api.press.url}/resource-usage/api/v1/telemetry", json={"url": "x"}, timeout=30)
    assert telemetry.status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/blocks/specs", "/v1/blocks/specs/a/b", "/v1/apps/specs/", "/v2/deployments/x/parameters/run", "/x"]
)
def test_an_unknown_route_is_a_loud_501(api: Api, path: str) -> None:
    """What the local Press does not have says so in a sentence, a missing slash included."""
    refused = api.get(path)
    assert refused.status_code == 501
    assert refused.json()["detail"].startswith(f"The local Press has no GET {path}")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", SPECS, {"GET", "HEAD", "POST"}),
        ("POST", SPECS + "x", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("GET", DEPLOYMENTS + "x/redeploy", {"POST"}),
        ("POST", "/_emulator/health", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_a_path_does_not_have_is_405(api: Api, method: str, path: str, allowed: set[str]) -> None:
    """The answer is JSON and says which methods there are."""
    refused = api.call(method, path)
    assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (405, allowed)
    assert method in refused.json()["detail"]


def test_head_is_get_without_a_body(api: Api) -> None:
    """HEAD has the status and the headers of GET."""
    api.make_spec()
    head, get = api.call("HEAD", SPECS), api.get(SPECS)
    assert (head.status_code, head.headers["Content-Length"]) == (200, get.headers["Content-Length"])
    assert head.content == b""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b'{"metadata": NaN}', "NaN"),
        (b'{"metadata": 1, "metadata": 2}', "'metadata' is there twice"),
        (b'{"metadata": "\xff"}', "not Unicode"),
        (rb'{"metadata": {"name": "\ud800"}}', "not Unicode"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_not_json_is_400(api: Api, body: bytes, words: str) -> None:
    """Broken and ambiguous JSON is refused with what is wrong with it."""
    refused = api.post(DEPLOYMENTS, data=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, words in refused.json()["detail"]) == (400, True)


def test_a_body_must_say_that_it_is_json(api: Api) -> None:
    """A form, or nothing, in place of JSON is 400."""
    refused = api.post(DEPLOYMENTS, data="{}", headers={"Content-Type": "text/plain"})
    assert (refused.status_code, "application/json" in refused.json()["detail"]) == (400, True)


@pytest.mark.parametrize("value", [None, 5, "x", [], [[]], True])
def test_a_body_that_is_no_object_is_a_mistake(api: Api, value: Any) -> None:
    """JSON of another type is refused like any mistake, by every call that takes a body."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    answers = [
        api.post(DEPLOYMENTS, data=json.dumps(value), headers={"Content-Type": "application/json"}),
        api.patch(SPECS + spec_id, data=json.dumps(value), headers={"Content-Type": "application/json"}),
        api.patch(DEPLOYMENTS + deployment_id, data=json.dumps(value), headers={"Content-Type": "application/json"}),
        api.post(
            f"{DEPLOYMENTS}{deployment_id}/revisions",
            data=json.dumps(value),
            headers={"Content-Type": "application/json"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4


ODD: tuple[Any, ...] = (None, 5, "x", [], {}, [[]], [{}], {"x": {}}, {"type": []}, {"conditions": 5})


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*place, key))


def _put(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    if not place:
        return odd
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place[0]] = _put(value[place[0]], place[1:], odd)
    return changed


def test_odd_values_are_mistakes_and_never_failures(
    make_api: Callable[..., Api], make_form: Callable[..., Any], make_spec_body: Callable[..., dict[str, Any]]
) -> None:
    """Whatever stands in place of any value of a spec and its parameters, the answer is no 500."""
    api = make_api(assume={"artifact_when_building": "optional"})
    condition = {"dependsOn": "b", "operator": "equals", "value": "x"}
    group = {"conditionType": "AND", "conditions": [condition]}
    run = {"name": "a", "type": "string", "required": True, "options": [{"value": 1}], "conditions": [condition, group]}
    step = {"command": "x", "imageRef": "i", "parents": [], "parameters": {"env": {"A": "b"}}}
    config = {"images": {"i": {"version": "1.0.0"}}, "steps": {"a": step}, "triggers": [{"cron": "0 0 * * *"}]}
    parts = {"spec": make_spec_body("etl", config=config), "parameters": {"run": [run]}}
    statuses = {
        api.post(f"{SPECS}?validate=true", files=make_form(_put(parts, place, odd))).status_code
        for place in _places(parts)
        if place
        for odd in ODD
    }
    assert statuses == {200, 422}


def test_a_body_where_none_belongs_is_a_mistake(api: Api) -> None:
    """Nothing or `{}` is fine; anything else is not silently dropped."""
    spec_id = api.make_spec()
    assert api.get(SPECS + spec_id, data=b"").status_code == 200
    assert api.get(SPECS + spec_id, json={"a": 1}).status_code == 400
    assert api.delete(SPECS + spec_id, json={"force": True}).status_code == 422
    assert api.delete(SPECS + spec_id, data=b"").status_code == 200


def test_a_json_body_has_a_limit(api: Api) -> None:
    """More than 8 MiB of JSON is 413."""
    refused = api.post(DEPLOYMENTS, json={"metadata": {"name": "x" * 9 * 2**20}})
    assert (refused.status_code, refused.json()["detail"]) == (413, "The body is larger than 8388608 bytes.")


def test_a_body_that_never_comes_is_given_up(make_api: Callable[..., Api]) -> None:
    """A client that announces bytes and sends none, as a retried upload does, gets a 408 and its connection back."""
    api = make_api(stall=0.2)
    address = urlsplit(api.press.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30) as connection:
        connection.sendall(
            f"POST {SPECS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {api.token}\r\nContent-Length: 500\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"Nothing of the body came" in answer


@pytest.mark.parametrize("spec_id", ["%2e%2e", "a%2Fb", "%3Cscript%3E", "x" * 3000, "%00", "%FF"])
def test_odd_ids_are_not_found_and_nothing_worse(api: Api, spec_id: str) -> None:
    """Whatever stands in place of an id is looked up, or is a route that is not there."""
    assert api.get(SPECS + spec_id).status_code in {404, 501}


def test_details_only_where_that_is_assumed(make_api: Callable[..., Api]) -> None:
    """With `error_body=detail` a mistake is told in words only."""
    api = make_api(assume={"error_body": "detail"})
    assert set(api.send_spec("").json()) == {"detail"}


def test_a_failure_of_its_own_is_a_500_that_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the local Press is JSON as well, and names no value."""

    def fail(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("pulumi_press.emulator.api.spec_handlers.show_metadata", fail)
    spec_id = api.make_spec()
    failed = api.get(SPECS + spec_id)
    assert (failed.status_code, failed.json()) == (
        500,
        {"detail": "The local Press itself failed (ZeroDivisionError); its log on stderr has the traceback."},
    )


def test_a_line_break_makes_another_path(api: Api) -> None:
    """An id that is a line break is the id of nothing, not the listing."""
    assert [api.get(f"{path}%0A").status_code for path in (SPECS, DEPLOYMENTS, f"{SPECS}x/releases/")] == [404] * 3
    assert api.get("/openapi.json%0A").status_code == 501


def test_a_method_that_a_path_has_not_is_told_with_those_that_it_has(api: Api) -> None:
    """405 says in `Allow` what would be answered."""
    refused = api.call("PUT", SPECS)
    assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})
    assert refused.json()["detail"].startswith("Method Not Allowed: /v1/blocks/specs/ does not take PUT")
