"""A short life on the real engine in each of a few worlds, which together have every value of what matters to it.

What matters to the provider is what it must take as it comes: the status of a name that is taken, a patch that changes
nothing, the delete of a spec that is in use, masked values, success codes, deletes that take their time, and patched
parameters that make a revision. `tests/contract/test_assumptions_matter.py` has the values of every other assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import start
from pulumi_press.emulator.assumptions import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from pulumi_press.emulator.control.faults import FaultRule
    from tests.engine.conftest import Stack

WORLDS: dict[str, dict[str, Any]] = {
    "as assumed": {
        "duplicate_name": 422,
        "unchanged_patch": "accept",
        "delete_spec_with_deployments": "refuse",
        "masked_value": "********",
        "create_status": 201,
        "update_status": 200,
        "delete_status": 200,
        "redeploy_status": 200,
        "delete_deployment": "synchronous",
        "run_parameter_patch": "in-place",
        "described_parameters": "declaration",
    },
    "otherwise": {
        "duplicate_name": 409,
        "unchanged_patch": "refuse",
        "delete_spec_with_deployments": "cascade",
        "masked_value": "<hidden>",
        "create_status": 200,
        "update_status": 202,
        "delete_status": 202,
        "redeploy_status": 201,
        "delete_deployment": "asynchronous",
        "run_parameter_patch": "revision",
        "described_parameters": "pair",
    },
    "otherwise again": {
        "duplicate_name": 400,
        "delete_spec_with_deployments": "orphan",
        "masked_value": "",
        "create_status": 202,
        "delete_status": 204,
        "redeploy_status": 202,
        "delete_deployment": "asynchronous",
    },
}

PROGRAM = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={{"name": "etl", "summary": "{summary}"}},
    config={{"steps": {{"run": {{"imageDetails": {{"id": 1}}, "command": "{command}"}}}}}},
    parameters={{
        "run": [
            {{"name": "rows", "type": "number", "required": True}},
            {{"name": "password", "type": "string", "required": False, "hideValue": True}},
        ]
    }},
)
run = press.BlockDeployment(
    "etl",
    metadata={{"name": "etl-prod", "summary": "{summary}"}},
    spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    parameters={{"run": {{"rows": {rows}, "password": pulumi.Output.secret("hush-hush")}}}},
)
pulumi.export("spec", spec.id)
pulumi.export("status", run.status)
"""
RIVAL = """
press.BlockSpec(
    "rival",
    kind="workflow",
    metadata={"name": "etl", "summary": "Wants the same name"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "another"}}},
)
"""
FIRST: dict[str, Any] = {"summary": "First", "command": "python main.py", "rows": 10}
FAILS: OutcomeRule = {"status": "failed", "times": 1}
LOST: FaultRule = {"match": {"method": "PATCH"}, "times": 1, "then": {"drop": True, "when": "after"}}


@pytest.fixture(params=WORLDS)
def press(request: pytest.FixtureRequest) -> Iterator[LocalPress]:
    """A local Press in one of the worlds; a rollout and a delete take their time in it."""
    with start(assume=WORLDS[request.param], rollout="reads:1") as running:
        yield running


def test_a_life(stack: Stack) -> None:
    """Fail, redeploy, no change, no drift, change all, meet a rival of the same name, and go."""
    stack.press.outcomes(FAILS)
    stack.write(PROGRAM.format(**FIRST))
    stack.fail_up()
    stack.up()
    assert (stack.outputs()["status"], stack.preview()) == ("deployed", {})

    stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    stack.press.faults(LOST)
    changed = PROGRAM.format(summary="Second", command="python main.py", rows=20)
    stack.write(changed)
    stack.up()
    stack.succeed("refresh", "--yes", "--skip-preview")
    assert (stack.press.faults()[0]["used"], stack.preview()) == (1, {})
    (deployment,) = stack.press.state()["deployments"]
    assert deployment["revisions"][-1]["parameters"]["run"]["rows"] == 20
    assert deployment["liveRevision"] == deployment["revisions"][-1]["revision"]

    stack.write(changed + RIVAL)
    assert stack.outputs()["spec"] in stack.fail_up()

    stack.write(changed)
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert stack.press.state() == {"specs": [], "deployments": []}
    assert stack.resources() == {}


def test_the_worlds_have_every_value() -> None:
    """No value of what matters is left out."""
    choices = {item.name: item.allowed for item in describe() if isinstance(item.allowed, tuple)}
    for name in WORLDS["as assumed"]:
        tried = {world[name] for world in WORLDS.values() if name in world}
        assert tried == {*choices.get(name, tried)}, name
