"""What each call puts on the wire."""

from __future__ import annotations

import inspect
import re
import uuid
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.client.conftest import Press

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"
ALL_SPECS = "status=a&status=b&featured=True&name=n+n&title=t%2F%C3%A9~%2A&sort=name%3Aasc&scope=private&pageSize=5"

JSON_CALLS: list[tuple[Callable[[Client], Any], str, str, bytes]] = [
    (lambda c: list(c.list_specs()), "GET", f"{SPECS}?pageNumber=1", b"{}"),
    (
        lambda c: list(c.list_specs(["a", "b"], True, "n n", "t/é~*", ["name:asc"], ["private"], 5, 9)),  # noqa: FBT003
        "GET",
        f"{SPECS}?{ALL_SPECS}&pageNumber=1",
        b"{}",
    ),
    (
        lambda c: c.list_specs([], featured=False, name="", page_number=2, return_iterator=False),
        "GET",
        f"{SPECS}?featured=False&name=&pageNumber=2",
        b"{}",
    ),
    (lambda c: c.list_specs(return_iterator=False), "GET", SPECS, b"{}"),
    (lambda c: c.describe_spec("s"), "GET", f"{SPECS}s", b"{}"),
    (lambda c: c.update_spec_metadata("s", {"a": "é"}), "PATCH", f"{SPECS}s", b'{"a": "\\u00e9"}'),
    (lambda c: c.delete_spec("s"), "DELETE", f"{SPECS}s", b"{}"),
    (
        lambda c: list(c.list_spec_releases("s", ["createdAt:asc"], 5)),
        "GET",
        f"{SPECS}s/releases?pageSize=5&sort=createdAt%3Aasc&pageNumber=1",
        b"{}",
    ),
    (lambda c: c.describe_spec_release("s", "1.0.0+x"), "GET", f"{SPECS}s/releases/1.0.0%2Bx", b"{}"),
    (lambda c: c.create_deployment({"a": [1, None]}), "POST", DEPLOYMENTS, b'{"a": [1, null]}'),
    (
        lambda c: list(c.list_deployments(["a"], "n", "t", ["name:desc"], 5)),
        "GET",
        f"{DEPLOYMENTS}?status=a&name=n&title=t&sort=name%3Adesc&pageSize=5&pageNumber=1",
        b"{}",
    ),
    (lambda c: c.describe_deployment("d"), "GET", f"{DEPLOYMENTS}d", b"{}"),
    (lambda c: c.update_deployment_metadata("d", {"title": "t"}), "PATCH", f"{DEPLOYMENTS}d", b'{"title": "t"}'),
    (lambda c: c.redeploy("d"), "POST", f"{DEPLOYMENTS}d/redeploy", b"{}"),
    (lambda c: c.delete_deployment("d"), "DELETE", f"{DEPLOYMENTS}d", b"{}"),
    (lambda c: c.create_deployment_revision("d", {}), "POST", f"{DEPLOYMENTS}d/revisions", b"{}"),
    (lambda c: c.describe_deployment_revision("d", 2), "GET", f"{DEPLOYMENTS}d/revisions/2", b"{}"),
    (
        lambda c: list(c.list_deployment_revisions("d", ["createdAt:asc"], ["a"], 5)),
        "GET",
        f"{DEPLOYMENTS}d/revisions?sort=createdAt%3Aasc&status=a&pageSize=5&pageNumber=1",
        b"{}",
    ),
    (lambda c: c.get_parameters("d"), "GET", "/v1/deployments/d/parameters/run", b"{}"),
    (lambda c: c.patch_parameters("d", {"p": 1}), "PATCH", "/v1/deployments/d/parameters/run", b'{"p": 1}'),
    (lambda c: c.get_related_block_details("d"), "GET", f"{DEPLOYMENTS}d", b"{}"),
    (lambda c: c.execute_resources("d"), "POST", "/v1/deployments/d/execute", b"{}"),
]

SIGNATURES = {
    "create_deployment": "body",
    "create_deployment_revision": "deployment_id, body",
    "create_spec": "body, artifact, featured, scope, tenants, parameters, auto_run_on_deploy, *, validate",
    "create_spec_release": "spec_id, body, artifact, parameters, auto_run_on_deploy, *, validate",
    "delete_deployment": "deployment_id",
    "delete_spec": "spec_id",
    "describe_deployment": "deployment_id",
    "describe_deployment_revision": "deployment_id, revision",
    "describe_spec": "spec_id",
    "describe_spec_release": "spec_id, version",
    "execute_resources": "deployment_id",
    "get_parameters": "deployment_id, fallback_params_file",
    "get_related_block_details": "deployment_id, fallback_details_file",
    "list_deployment_revisions": "deployment_id, sort, status, page_size, page_number, *, return_iterator",
    "list_deployments": "status, name, title, sort, page_size, page_number, *, return_iterator",
    "list_spec_releases": "spec_id, sort, page_size, page_number, *, return_iterator",
    "list_specs": "status, featured, name, title, sort, scope, page_size, page_number, *, return_iterator",
    "patch_parameters": "deployment_id, body",
    "redeploy": "deployment_id",
    "update_deployment_metadata": "deployment_id, body",
    "update_spec_metadata": "spec_id, body",
}


@pytest.mark.parametrize(("call", "method", "target", "body"), JSON_CALLS)
def test_each_json_call_sends_its_method_path_query_and_body(  # noqa: PLR0917 - the table has that many columns.
    client: Client, press: Press, call: Callable[[Client], Any], method: str, target: str, body: bytes
) -> None:
    """Every call goes out as the SDK sends it, once, with a JSON body of `{}` where there is nothing to say."""
    call(client)

    assert [(method, target, body)] == [(r.method, r.target, r.body) for r in press.received]
    assert press.received[0].headers["content-type"] == "application/json"


def test_each_call_has_the_arguments_of_the_sdk() -> None:
    """Every public method has the SDK's name and the SDK's arguments, in the SDK's order."""
    ours = {}
    for name, method in inspect.getmembers(Client, inspect.isfunction):
        if name.startswith("_") or name == "close":
            continue
        detail = [
            ("*, " if p.kind is p.KEYWORD_ONLY else "") + p.name for p in inspect.signature(method).parameters.values()
        ]
        ours[name] = ", ".join(detail[1:])

    assert ours == SIGNATURES


def test_every_call_says_who_asks(client: Client, press: Press, token: str) -> None:
    """The token goes out exactly as given, with a user agent and a request id of its own for each call."""
    client.describe_spec("s")
    client.describe_spec("s")
    first, second = (request.headers for request in press.received)

    assert token == first["authorization"]
    assert re.match(r"pulumi-press/\d\S* CPython/3\.\d+\.\d+ \S+ requests/\d", first["user-agent"])
    assert str(uuid.UUID(first["x-peak-requestid"])) == first["x-peak-requestid"]
    assert first["x-peak-requestid"] != second["x-peak-requestid"]
    assert press.received[0].header_names.count("Authorization") == 1


def test_a_source_tree_has_a_user_agent_too(
    connect: Callable[..., Client], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the package is not installed there is no version to tell, and calls go out all the same."""
    monkeypatch.setattr("pulumi_press.client.session.version", lambda _: (_ for _ in ()).throw(PackageNotFoundError))
    connect(press.url).describe_spec("s")

    assert press.received[0].headers["user-agent"].startswith("pulumi-press/0 CPython/")


@pytest.mark.parametrize(
    ("spec_id", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("a?b=c", "a%3Fb%3Dc"),
        ("a#b", "a%23b"),
        ("a%2Fb", "a%252Fb"),
        ("a b", "a%20b"),
        ("é", "%C3%A9"),
        ("a;b,c:d@e&f", "a%3Bb%2Cc%3Ad%40e%26f"),
        ("a\r\nX: y", "a%0D%0AX%3A%20y"),
        ("...", "..."),
        ("a..b", "a..b"),
        ("{spec_id}", "%7Bspec_id%7D"),
    ],
)
def test_an_id_stays_one_segment_of_the_path(client: Client, press: Press, spec_id: str, segment: str) -> None:
    """Whatever is in an id, the request goes to that spec's releases and nowhere else."""
    list(client.list_spec_releases(spec_id))

    assert [f"{SPECS}{segment}/releases?pageNumber=1"] == press.targets


@pytest.mark.parametrize(
    "spec_id", ["", " ", ".", "..", "../deployments/d", "a/../b", "..\\x", "\ud800", None, 1.5, True]
)
def test_an_id_that_no_escaping_helps_is_refused(client: Client, press: Press, spec_id: Any) -> None:
    """An empty id, or one that climbs up the path, is an error that names the argument, and nothing is sent."""
    with pytest.raises(InvalidArgument, match="spec_id"):
        client.delete_spec(spec_id)
    with pytest.raises(ValueError, match="spec_id"):
        client.list_spec_releases(spec_id)

    assert press.received == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_what_json_has_no_word_for_is_refused(client: Client, press: Press, value: Any) -> None:
    """NaN and the like are refused by name before anything is sent, in JSON bodies and in forms."""
    with pytest.raises(InvalidArgument, match="body cannot be written as JSON"):
        client.create_deployment({"a": value})
    with pytest.raises(InvalidArgument, match="parameters cannot be written as JSON"):
        client.create_spec({}, parameters={"run": [value]})

    assert press.received == []


def test_an_endpoint_keeps_its_path(connect: Callable[..., Client], press: Press) -> None:
    """A path in front of the API's own stays; a slash at its end does not."""
    connect(f"{press.url}/gate/way//").describe_spec("s")

    assert press.targets == ["/gate/way/v1/blocks/specs/s"]
