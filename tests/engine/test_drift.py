"""Changes that somebody else made on the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.client import Client
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API", "tags": [{"name": "b"}, {"name": "a"}]},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={"run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 1},
        {"name": "key", "type": "string", "required": False, "hideValue": True},
    ]},
)
run = press.BlockDeployment(
    "api",
    metadata={"name": "api-prod"},
    spec={"id": spec.id, "release": {"version": spec.release_version}},
    parameters={"run": {"rows": 5, "key": "canary-hidden-17"}},
)
pulumi.export("spec", spec.id)
pulumi.export("deployment", run.id)
pulumi.export("revision", run.revision_number)
"""


@pytest.fixture
def life(stack: Stack) -> Stack:
    """A stack with a spec and a deployment, up."""
    stack.write(PROGRAM)
    stack.up()
    return stack


@pytest.fixture
def somebody(life: Stack) -> Iterator[Client]:
    """Somebody else's client."""
    with Client(life.press.url, life.press.token) as client:
        yield client


def leaves(life: Stack) -> dict[str, set[str]]:
    """Preview, and give the changed leaves by resource."""
    return {name: set(step["detailedDiff"]) for name, step in life.preview().items()}


def refresh(life: Stack) -> str:
    """Refresh; give what it printed."""
    return life.succeed("refresh", "--yes", "--skip-preview")


def test_foreign_revision_is_told_and_reverted(life: Stack, somebody: Client) -> None:
    """A revision that somebody made shows as what it is, and `up` makes one of the stack's own."""
    somebody.create_deployment_revision(life.outputs()["deployment"], {"revision": {"notes": "mine"}})

    refresh(life)

    assert leaves(life) == life.expect(
        {"BlockDeployment:api": {"drift", "revision", "revision_number"}, "Rollout:api": {"revision"}}
    )
    assert "live revision 2 was not made by this stack" in life.succeed("preview", "--diff")
    life.up()
    assert life.outputs()["revision"] == 3
    assert life.preview() == {}


def test_foreign_revision_is_adopted(life: Stack, somebody: Client) -> None:
    """With `press:drift` adopt, a revision with the program's own values is taken for the stack's."""
    life.succeed("config", "set", "press:drift", "adopt")
    life.up()
    somebody.create_deployment_revision(life.outputs()["deployment"], {})

    refresh(life)

    assert life.preview() == {}
    life.up()
    assert life.outputs()["revision"] == 2
    assert len(life.press.state()["deployments"][0]["revisions"]) == 2


def test_foreign_revision_is_reported(life: Stack, somebody: Client) -> None:
    """With `press:drift` report, a warning tells of the revision and nothing changes."""
    life.succeed("config", "set", "press:drift", "report")
    life.up()
    somebody.create_deployment_revision(life.outputs()["deployment"], {"revision": {"notes": "mine"}})

    printed = refresh(life)

    assert "live revision 2 was not made by this stack; press:drift is report, so it stays" in printed
    assert life.preview() == {}
    assert life.outputs()["revision"] == 1


def test_each_changed_field_shows_and_is_repaired(life: Stack, somebody: Client) -> None:
    """Metadata, scope and run parameters that somebody changed show exactly so; another order of tags does not."""
    spec, deployment = life.outputs()["spec"], life.outputs()["deployment"]
    somebody.update_spec_metadata(spec, {"metadata": {"tags": [{"name": "a"}, {"name": "b"}]}, "scope": "public"})
    somebody.update_deployment_metadata(deployment, {"summary": "Changed"})
    somebody.patch_parameters(deployment, {"rows": 9, "key": "other"})

    refresh(life)

    assert leaves(life) == {
        "BlockSpec:api": {"scope"},
        "BlockDeployment:api": {"metadata.summary", "parameters.run.rows"},
    }
    life.up()
    (live,) = life.press.state()["deployments"]
    assert (live["metadata"].get("summary") or None, live["revisions"][-1]["parameters"]["run"]["rows"]) == (None, 5)
    assert life.preview() == {}


def test_hidden_parameter_is_secret_everywhere(life: Stack) -> None:
    """The value of a parameter that the release hides shows nowhere, before and after a refresh."""
    printed = [
        life.succeed("preview", "--diff"),
        refresh(life),
        life.succeed("stack", "export"),
        str([life.press.state(), life.press.requests()]),
    ]
    life.write(PROGRAM.replace("canary-hidden-17", "canary-hidden-18"))
    printed += [life.succeed("preview", "--diff"), life.up(), life.succeed("stack", "export")]

    assert [text for text in printed if "canary-hidden" in text] == []


def test_unreadable_service_leaves_the_state_alone(life: Stack) -> None:
    """A refresh that the service refuses fails, and the state stays as it was."""
    before = life.resources()
    life.press.faults({"match": {"method": "GET"}, "then": {"status": 403}})

    run = life.run("refresh", "--yes", "--skip-preview")

    assert run.code != 0
    assert "reading spec api: GET /v1/blocks/specs/" in run.text
    assert "403 Forbidden" in run.text
    assert life.resources().keys() == before.keys()


ODD = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "a\\u202fb\\n", "summary": "\\u2028", "tags": [{"name": " "}]},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    parameters={"run": [{"name": "o", "type": "object", "required": False}]},
)
run = press.BlockDeployment(
    "etl",
    metadata={"name": "a\\u202fb\\n"},
    spec={"id": spec.id},
    parameters={"run": {"o": {"large": 2**53, "float": 1e300, "text": "\\u202e", "nulls": [None]}}},
)
pulumi.export("found", spec.id.apply(lambda _: [item["metadata"]["name"] for item in press.list_specs()]))
"""


def test_odd_names_and_values_that_no_engine_holds_wedge_no_stack(stack: Stack) -> None:
    """What is accepted is refreshed and listed; a live value that the engine would change shows, and is put right."""
    stack.write(ODD)
    stack.up()
    stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.outputs()["found"] == ["a\u202fb\n"]
    (live,) = stack.press.state()["deployments"]
    assert sorted(map(repr, live["revisions"][-1]["parameters"]["run"]["o"].items())) == [
        "('float', 1e+300)",
        "('large', 9007199254740992)",
        "('nulls', [None])",
        "('text', '\\u202e')",
    ]
    with Client(stack.press.url, stack.press.token) as client:
        client.patch_parameters(live["id"], {"o": {"large": 2**53 + 1, "gone": None, "": 1}})

    stack.succeed("refresh", "--yes", "--skip-preview")
    held = stack.resources()["BlockDeployment:etl"]["inputs"]["parameters"]["run"]["o"]
    assert held == '(Pulumi cannot hold this value) {"large": 9007199254740993, "gone": null, "": 1}'
    stack.up()
    stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    stack.succeed("destroy", "--yes", "--skip-preview")
