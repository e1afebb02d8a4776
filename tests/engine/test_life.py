"""The main job on the real engine: publish, deploy, change, destroy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={{"name": "etl", "summary": "{summary}"}},
    artifact={{"path": "files"}},
    config={{"steps": {{"run": {{"imageDetails": {{"id": 1}}, "command": "{command}"}}}}}},
    parameters={{"run": [{{"name": "rows", "type": "number", "required": True}}]}},
)
later = press.BlockSpecRelease(
    "etl-later",
    spec_id=spec.id,
    release={{"version": "2.0.0-rc.1"}},
    config={{"steps": {{"run": {{"imageDetails": {{"id": 2}}, "command": "later"}}}}}},
)
run = press.BlockDeployment(
    "etl-prod",
    metadata={{"name": "etl-prod", "summary": "Production"}},
    spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    parameters={{"run": {{"rows": {rows}}}}},
)
pulumi.export("spec", spec.id)
pulumi.export("deployment", run.id)
pulumi.export("revision", run.revision_number)
pulumi.export("status", run.status)
"""

FIRST = {"summary": "First", "command": "python main.py", "rows": 10}


@pytest.fixture
def life(stack: Stack) -> Stack:
    """A stack with a spec, a later release and a deployment, all up."""
    (stack.folder / "files").mkdir()
    (stack.folder / "files/main.py").write_text("print('one')\n")
    stack.write(PROGRAM.format(**FIRST))
    stack.up()
    return stack


def test_create_sends_one_post_per_object_and_the_polls(life: Stack) -> None:
    """Creating sends one POST for each object, and reads nothing but the rollout's status."""
    calls = life.calls()
    spec, deployment = life.outputs()["spec"], life.outputs()["deployment"]

    assert calls.count("POST /v1/blocks/specs/") == 1
    assert calls.count(f"POST /v1/blocks/specs/{spec}/releases") == 1
    assert calls.count("POST /v1/blocks/deployments/") == 1
    assert set(calls[3:]) <= {f"GET /v1/blocks/deployments/{deployment}", f"POST /v1/blocks/specs/{spec}/releases"}
    assert life.outputs()["status"] == "deployed"


def test_no_change_sends_nothing(life: Stack) -> None:
    """An `up` and a preview of an unchanged program send no request at all."""
    life.forget()

    assert life.preview() == {}
    life.up()

    assert life.calls() == []


def test_refresh_reads_each_resource_once(life: Stack) -> None:
    """A refresh reads each resource once, and finds no drift."""
    life.forget()

    text = life.succeed("refresh", "--yes", "--skip-preview")

    spec, deployment = life.outputs()["spec"], life.outputs()["deployment"]
    # A rollout is a resource of its own for the dynamic provider, which asks for the deployment once more.
    rollout = [] if life.is_native else [f"GET /v1/blocks/deployments/{deployment}"]
    assert sorted(life.calls()) == sorted(
        [
            f"GET /v1/blocks/specs/{spec}",
            f"GET /v1/blocks/specs/{spec}/releases/2.0.0-rc.1",
            f"GET /v1/blocks/deployments/{deployment}",
            *rollout,
        ]
    )
    assert f"{4 + len(rollout)} unchanged" in text
    assert life.preview() == {}


def test_content_change_makes_a_release_and_a_revision_in_place(life: Stack) -> None:
    """A changed file and command publish one release and one revision; both objects keep their ids."""
    before = life.outputs()
    (life.folder / "files/main.py").write_text("print('two')\n")
    life.write(PROGRAM.format(**{**FIRST, "command": "python main.py --fast"}))

    changes = life.preview()
    life.forget()
    text = life.up()

    assert {step["op"] for step in changes.values()} == {"update"}
    assert {name: set(step["detailedDiff"]) for name, step in changes.items()} == life.expect(
        {
            "BlockSpec:etl": {
                "artifact.digest",
                'artifact.files["main.py"]',
                "config.steps.run.command",
                "release.version",
            },
            "BlockDeployment:etl-prod": {"spec.release.version", "revision_number"},
            "Rollout:etl-prod": {"revision"},
        }
    )
    assert "etl: new release 1.0.0 -> 2.0.0 because config.steps.run.command and 1 file changed" in text
    assert [call for call in life.calls() if not call.startswith("GET")] == [
        f"POST /v1/blocks/specs/{before['spec']}/releases",
        f"POST /v1/blocks/deployments/{before['deployment']}/revisions",
    ]
    assert {**before, "revision": 2} == life.outputs()
    assert life.preview() == {}


def test_metadata_and_run_parameters_change_in_place(life: Stack) -> None:
    """A changed summary and a changed run parameter send one PATCH each, and make no release and no revision.

    Whether the service made a revision of the second PATCH is looked up.
    """
    before = life.outputs()
    life.write(PROGRAM.format(**{**FIRST, "summary": "Second", "rows": 20}))

    changes = life.preview()
    life.forget()
    life.up()

    assert {name: set(step["detailedDiff"]) for name, step in changes.items()} == {
        "BlockSpec:etl": {"metadata.summary"},
        "BlockDeployment:etl-prod": {"parameters.run.rows"},
    }
    assert sorted(call for call in life.calls() if not call.startswith("GET")) == sorted(
        [
            f"PATCH /v1/blocks/specs/{before['spec']}",
            f"PATCH /v1/deployments/{before['deployment']}/parameters/run",
        ]
    )
    assert before == life.outputs()
    assert life.preview() == {}


def test_destroy_leaves_nothing(life: Stack) -> None:
    """After a destroy the local Press holds nothing, and the state no resource."""
    life.succeed("destroy", "--yes", "--skip-preview")

    state = life.press.state()
    assert (state["specs"], state["deployments"]) == ([], [])
    assert life.resources() == {}


def test_what_is_gone_is_made_again(life: Stack) -> None:
    """A deployment that somebody deleted is made again by the next `up` after a refresh."""
    from pulumi_press.client.client import Client

    with Client(life.press.url, life.press.token) as client:
        client.delete_deployment(life.outputs()["deployment"])

    text = life.succeed("up", "--yes", "--skip-preview", "--refresh")

    assert f"+ {1 if life.is_native else 2} created" in text
    assert len(life.press.state()["deployments"]) == 1


def test_drift_is_shown_and_repaired(life: Stack) -> None:
    """Metadata that somebody changed shows as a difference after a refresh, and `up` puts it back."""
    from pulumi_press.client.client import Client

    with Client(life.press.url, life.press.token) as client:
        client.update_spec_metadata(life.outputs()["spec"], {"metadata": {"title": "Hacked"}, "featured": True})

    life.succeed("refresh", "--yes", "--skip-preview")
    changes = life.preview()
    life.up()

    assert {name: set(step["detailedDiff"]) for name, step in changes.items()} == {
        "BlockSpec:etl": {"metadata.title", "featured"}
    }
    (spec,) = life.press.state()["specs"]
    assert (spec["featured"], spec["metadata"].get("title") or None) == (False, None)


def test_another_spec_replaces_the_deployment(life: Stack) -> None:
    """A spec of another kind is a new spec; the deployment that runs it keeps its name, so the old one goes first."""
    program = PROGRAM.format(**FIRST).replace('"workflow"', '"service"')
    program = program.replace(
        '{"steps": {"run": {"imageDetails": {"id": 1}, "command": "python main.py"}}}', '{"imageDetails": {"id": 1}}'
    )
    program = program.replace(
        '{"steps": {"run": {"imageDetails": {"id": 2}, "command": "later"}}}', '{"imageDetails": {"id": 2}}'
    )
    life.write(program)

    changes = life.preview()
    printed = life.up()

    assert re.search(r"etl: replaced because kind.* changed$", printed, re.MULTILINE)
    assert "replace" in {step["op"] for step in changes.values()}
    assert "kind" in changes["BlockSpec:etl"].get("replaceReasons", [])
    state = life.press.state()
    assert [spec["kind"] for spec in state["specs"]] == ["service"]
    assert [item["kind"] for item in state["deployments"]] == ["service"]
