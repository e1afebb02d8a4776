"""Texts and objects of others: whatever the service may legally hold can be read, and spoils no listing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import InvalidResponse
from pulumi_press.emulator import start
from pulumi_press.provider.listings import find_deployment, find_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.client.conftest import Press

TEXTS = [
    "a\u202fb",
    "a\u00a0b",
    "two\nlines\tand a tab",
    "\u0000",
    "\x1b[31mred",
    "\u202egnp.exe",
    "\u2028",
    " ",
    "\ufeff",
    "😀",
    "\ue000",
    "long" * 1000,
]

STEP = {"imageDetails": {"id": 1}, "command": "x"}


@pytest.fixture(scope="module")
def service() -> Iterator[Client]:
    """A client of a local Press."""
    with start() as running, Client(running.url, running.token) as made:
        yield made


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_is_accepted_can_be_read(service: Client, text: str) -> None:
    """A name, tag or parameter that the shapes let through comes back, alone and in listings, and is found by name."""
    metadata = {"name": text, "summary": text, "title": text, "description": text, "tags": [{"name": text}]}
    declared = {"run": [{"name": text, "type": "string", "required": False, "title": text, "defaultValue": text}]}
    body = {
        "version": 1,
        "kind": "workflow",
        "metadata": metadata,
        "release": {"version": "1.0.0", "notes": text},
        "config": {"steps": {"load": STEP}},
    }
    spec = service.create_spec(body, parameters=declared)["id"]
    deployment = service.create_deployment(
        {"metadata": metadata, "spec": {"id": spec}, "parameters": {"run": {text: text}}, "revision": {"notes": text}}
    )["id"]

    found = service.describe_spec(spec)
    assert (found["metadata"]["name"], found["metadata"]["tags"]) == (text, [{"name": text}])
    assert service.describe_deployment(deployment)["metadata"]["name"] == text
    assert service.get_parameters(deployment) == {text: text}
    assert [item["id"] for item in service.list_specs() if item["metadata"]["name"] == text] == [spec]
    assert (find_spec(service, {"kind": "workflow", "metadata": metadata}) or {}).get("id") == spec
    assert (find_deployment(service, text, spec) or {}).get("id") == deployment


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"cut \ud83d", "cut \ufffd"),
        (rb"\ude00 cut", "\ufffd cut"),
        (rb"\ude00\ud83d", "\ufffd\ufffd"),
        (b"\xed\xa0\xbd raw", "\ufffd raw"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\u202f\u0000", "\u202f\u0000"),
    ],
)
def test_half_of_a_surrogate_pair_is_read_as_a_replacement_character(
    client: Client, press: Press, written: bytes, read: str
) -> None:
    """JSON may hold a text that was cut amid a character; no other program could be handed it."""
    press.answers(
        200, raw=b'{"rows": 0.1, "count": 9007199254740993, "text": {"' + written + b'": ["' + written + b'"]}}'
    )

    assert client.get_parameters("d") == {"rows": 0.1, "count": 2**53 + 1, "text": {read: [read]}}


ODD: list[Any] = [
    {},
    {"id": None},
    {"id": 7, "kind": "workflow", "metadata": {"name": "etl"}},
    {"id": "x", "metadata": None, "kind": "workflow"},
    {"id": "y", "kind": "workflow", "metadata": {"name": 7, "tags": [{}]}, "tenants": "all"},
    {"id": "z", "kind": "workflow", "metadata": {"name": "", "tags": None}, "spec": "none"},
]


def test_odd_objects_spoil_no_listing(client: Client, press: Press) -> None:
    """They are listed as they came, and the one that is looked for is found among them."""
    good = {"id": "good", "kind": "workflow", "metadata": {"name": "etl"}, "spec": {"id": "s"}}
    answers = {key: [*ODD, good] for key in ("specs", "deployments", "releases", "revisions")}
    for key in ("specs", "releases", "deployments", "revisions", "specs", "deployments"):
        press.answers(200, {key: json.loads(json.dumps(answers[key])), "pageCount": 1})

    for listed in (
        client.list_specs(),
        client.list_spec_releases("s"),
        client.list_deployments(),
        client.list_deployment_revisions("d"),
    ):
        assert list(listed) == [*ODD, good]
    assert find_spec(client, {"kind": "workflow", "metadata": {"name": "etl"}}) == good
    assert find_deployment(client, "etl", "s") == good


UNUSABLE: dict[str, tuple[Any, str]] = {
    "missing": (None, "id should be text, not nothing"),
    "a number": (7, "id should be text, not a whole number"),
    "empty": ("", "id should be text, not nothing"),
    "blank": (" ", "id is blank"),
    "very long": ("y" * 100_000, "id has 100000 characters, more than the 255 of an id"),
    "half a character": ("\ud800", "id holds a character that no id has"),
    "a path": ("../x", "id would lead to another path"),
}


@pytest.mark.parametrize(("given", "why"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_a_named_object_without_a_usable_id_is_an_error(
    client: Client, press: Press, kind: str, given: object, why: str
) -> None:
    """The object is there, so nothing may be done as if it were not; the error says what is wrong and what to do."""
    item = {"id": given, "kind": "workflow", "metadata": {"name": "etl"}, "spec": {"id": "s"}}
    press.answers(200, {f"{kind}s": [item], "pageCount": 1})

    find = {
        "spec": lambda: find_spec(client, {"kind": "workflow", "metadata": {"name": "etl"}}),
        "deployment": lambda: find_deployment(client, "etl", "s"),
    }
    with pytest.raises(InvalidResponse) as caught:
        find[kind]()

    told = str(caught.value)
    assert told.startswith(f"{client.endpoint} lists a {kind} named 'etl' that cannot be used: {why}")
    assert "set press:endpoint to its address; otherwise try again" in told
    assert len(told) < 500
