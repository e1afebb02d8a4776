"""`pulumi-press import` with unusual blocks, and with blocks that Pulumi cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.codegen.program import name_resources
from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress
    from tests.unit.importing.conftest import Desk

STEP = {"imageDetails": {"id": 1}, "command": "x"}


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press of the test's own."""
    with start() as running:
        yield running


def publish(press: LocalPress, name: str, default: Any = 1, **step: Any) -> str:
    """Publish a spec with a run parameter, and return its id."""
    body = {
        "version": 1,
        "kind": "workflow",
        "metadata": {"name": name, "summary": "s"},
        "release": {"version": "1.0.0"},
        "config": {"steps": {"load": {**STEP, **step}}},
    }
    declared = {"run": [{"name": "o", "type": "object_array", "required": False, "defaultValue": [{"n": default}]}]}
    with Client(press.url, press.token) as client:
        return str(client.create_spec(body, parameters=declared)["id"])


def deploy(press: LocalPress, name: str, spec: str, value: Any) -> str:
    """Create a deployment, and return its id."""
    body = {"metadata": {"name": name}, "spec": {"id": spec}, "parameters": {"run": {"o": [{"n": value}]}}}
    with Client(press.url, press.token) as client:
        return str(client.create_deployment(body)["id"])


@pytest.mark.parametrize("value", [2**53 + 1, {"a": None}, {"": 1}, -0.0], ids=repr)
def test_block_that_pulumi_cannot_hold_is_refused(at_press: Desk, press: LocalPress, value: Any) -> None:
    """The engine would change the value, and the next update would send it: nothing is written."""
    spec = publish(press, "etl")
    deployment = deploy(press, "run", spec, value)
    declaring = publish(press, "declares", value)

    ran = [
        at_press.run("import", "deployment", "run", deployment),
        at_press.run("import", "spec", "declares", declaring),
        at_press.run("import", "release", "declares", f"{declaring}/1.0.0"),
    ]

    assert [one.code for one in ran] == [1, 1, 1]
    cannot = "is a value that Pulumi cannot hold: a whole number beyond 2**53, a null in an object, or an odd key"
    assert f"deployment {deployment} cannot be imported: parameters.run.o {cannot}" in ran[0].err
    assert f"spec {declaring} cannot be imported: parameters.run[0].defaultValue {cannot}" in ran[1].err
    assert not list(at_press.folder.iterdir())


def test_blocks_that_cannot_be_imported_are_skipped(at_press: Desk, press: LocalPress) -> None:
    """With --all, each block that is skipped is named with the reason."""
    spec = publish(press, "etl")
    deploy(press, "good", spec, 2**53)
    deploy(press, "lost", spec, 2**53 + 1)
    deploy(press, "odd\u202fname\n", spec, "\u202f")

    ran = at_press.run("import", "deployment", "--all")

    assert ran.code == 0, ran.err
    program = at_press.read("__main__.py")
    assert [f'"{name}"' in program for name in ("good", "odd-name", "lost")] == [True, True, False]
    assert "warning: skipped lost: deployment " in ran.err
    assert "wrote 2 deployments" in ran.err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "id should be text, not nothing"),
        ("", "id should be text, not nothing"),
        (" ", "id is blank"),
        ("\ufffd", "id holds a character that no id has"),
        ("y" * 100_000, "id has 100000 characters"),
        ("..", "id would lead to another path"),
    ],
)
def test_a_listed_block_without_a_usable_id_is_skipped(
    at_press: Desk, press: LocalPress, monkeypatch: pytest.MonkeyPatch, given: object, why: str
) -> None:
    """With --all, one whose id leads nowhere is named with the reason, and all others are imported."""
    spec = publish(press, "etl")
    whole = Client.list_specs
    broken = {"id": given, "kind": "workflow", "scope": "private", "metadata": {"name": "odd"}}
    monkeypatch.setattr(Client, "list_specs", lambda client: [broken, *whole(client)])

    ran = at_press.run("import", "spec", "--all")

    assert ran.code == 0, ran.err
    assert f"warning: skipped spec odd: {why}" in ran.err
    assert spec in at_press.read("import.json")


def test_a_spec_with_odd_names_is_imported(at_press: Desk, press: LocalPress) -> None:
    """Names keep all their characters in the program."""
    spec = publish(press, "etl\u202f\u0000")

    ran = at_press.run("import", "spec", "--all")

    assert ran.code == 0, ran.err
    assert spec in at_press.read("import.json")
    assert '"etl\\u202f\\x00"' in at_press.read("__main__.py") or "etl\\u202f\\u0000" in at_press.read("__main__.py")


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("a b", "a-b"),
        ("a\u202fb", "a-b"),
        ("a\nb\x00", "a-b"),
        ("a::b", "a-b"),
        ("a:b", "a:b"),
        ("\u202e", "spec"),
        (" ", "spec"),
    ],
)
def test_resource_is_named_by_what_can_be_seen(name: str, resource: str) -> None:
    """A resource's name is part of its URN, of the state and of the output."""
    assert name_resources([("spec", name)]) == [resource]
