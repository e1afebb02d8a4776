"""Settings that change what a preview checks and what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
block = press.Block(
    "api",
    spec={
        "kind": "service",
        "metadata": {"name": "api", "summary": "An API", "tags": [{"name": "own"}]},
        "config": {"serviceType": "api", "imageDetails": {"id": 1}},
    },
    releases={
        "two": {"release": {"version": "2.0.0"}, "config": {"imageDetails": {"id": 2}}},
        "three": {"release": {"version": "3.0.0"}, "config": {"imageDetails": {"id": 3}}},
    },
    deployment={"metadata": {"name": "api"}},
    run="two",
)
pulumi.export("status", block.deployment.status)
"""


def test_block_makes_its_parts_in_order(stack: Stack) -> None:
    """A `Block` makes a spec, its releases in order, and a deployment of the one that is named."""
    stack.write(PROGRAM)

    stack.up()

    assert stack.outputs() == {"status": "deployed"}
    state = stack.press.state()
    assert sorted(release["version"] for release in state["specs"][0]["releases"]) == ["1.0.0", "2.0.0", "3.0.0"]
    assert state["deployments"][0]["revisions"][0]["version"] == "2.0.0"
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert stack.press.state()["specs"] == []


def test_default_tags_are_added_and_followed(stack: Stack) -> None:
    """Default tags join the program's own on specs and deployments; a change of them is made in place."""
    stack.succeed("config", "set", "press:defaultTags", '["team-a", "own"]')
    stack.write(PROGRAM)
    stack.up()

    state = stack.press.state()
    assert state["specs"][0]["metadata"]["tags"] == [{"name": "own"}, {"name": "team-a"}]
    assert state["deployments"][0]["metadata"]["tags"] == [{"name": "team-a"}, {"name": "own"}]
    assert stack.preview() == {}

    stack.succeed("config", "set", "press:defaultTags", '["team-b"]')
    stack.up()

    assert stack.press.state()["deployments"][0]["metadata"]["tags"] == [{"name": "team-b"}]
    assert stack.preview() == {}


def test_bad_setting_is_told(stack: Stack) -> None:
    """A setting that makes no sense is told by its name, in a preview too."""
    stack.succeed("config", "set", "press:drift", "ignore")
    stack.write(PROGRAM)

    run = stack.run("preview")

    assert "press:drift must be one of revert, adopt, report, not 'ignore'" in run.text
    assert "Traceback" not in run.text


def test_service_validates_what_changed(stack: Stack) -> None:
    """With `press:validate` server, a preview tells what only the service knows; without a change it asks nothing."""
    stack.succeed("config", "set", "press:validate", "server")
    stack.write(PROGRAM)
    stack.up()
    stack.forget()
    assert stack.preview() == {}
    assert stack.calls() == []

    stack.press.faults(
        {
            "match": {"method": "POST", "path": "/v1/blocks/specs/*"},
            "then": {"status": 422, "detail": "config.resources: no such instance type"},
        }
    )
    stack.write(PROGRAM.replace('"imageDetails": {"id": 1}', '"imageDetails": {"id": 9}'))

    run = stack.run("preview")

    assert run.code != 0
    assert "the service says: config.resources: no such instance type" in run.text
    assert "Traceback" not in run.text
