"""Rollouts on the real engine: what fails is told, kept and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
run = press.BlockDeployment(
    "api",
    metadata={"name": "api-prod"},
    spec={"id": spec.id, "release": {"version": spec.release_version}},
    triggers={"again": 1},
)
pulumi.export("status", run.status)
pulumi.export("revision", run.revision_number)
"""

FAILS: OutcomeRule = {
    "deployment": "api-prod",
    "status": "failed",
    "times": 1,
    "errors": [{"code": 500, "message": "The image cannot be pulled"}],
}


def test_failed_rollout_is_told_kept_and_resumed(stack: Stack) -> None:
    """A failed rollout tells the resource's errors; the deployment stays, and the next `up` redeploys it."""
    stack.press.outcomes(FAILS)
    stack.write(PROGRAM)

    printed = stack.fail_up()

    assert "The image cannot be pulled" in printed
    assert "fix the cause and run `pulumi up`, which redeploys it" in printed
    assert "Traceback" not in printed
    kept = stack.resources()
    assert "BlockDeployment:api" in kept
    assert "Rollout:api" not in kept
    assert bool(kept["BlockDeployment:api"].get("initErrors")) == stack.is_native

    stack.forget()
    stack.up()

    deployment = kept["BlockDeployment:api"]["id"]
    assert f"POST /v1/blocks/deployments/{deployment}/redeploy" in stack.calls()
    assert stack.outputs() == {"status": "deployed", "revision": 1}
    assert stack.preview() == {}


def test_failed_revision_is_tried_again(stack: Stack) -> None:
    """A later revision that fails leaves the rollout at the old one, so the next `up` tries again."""
    stack.write(PROGRAM)
    stack.up()
    stack.press.outcomes({**FAILS, "revision": 2})
    stack.write(PROGRAM.replace('"again": 1', '"again": 2'))

    printed = stack.fail_up()

    assert "The image cannot be pulled" in printed
    if stack.is_native:
        kept = stack.resources()["BlockDeployment:api"]
        assert (kept["outputs"]["revisionNumber"], kept["outputs"]["status"]) == (2, "failed")
        assert "The image cannot be pulled" in kept["initErrors"][0]
    else:
        assert stack.resources()["Rollout:api"]["inputs"]["revision"] == 1

    stack.up()

    assert stack.outputs() == {"status": "deployed", "revision": 2}
    assert stack.preview() == {}


def test_status_that_went_bad_shows_and_is_redeployed(stack: Stack) -> None:
    """A refresh shows a rollout that is no longer deployed; `up` deploys it again."""
    stack.press.outcomes(FAILS)
    stack.write(PROGRAM)
    stack.fail_up()
    stack.up()

    text = stack.succeed("refresh", "--yes", "--skip-preview")

    assert "4 unchanged" in text or "3 unchanged" in text
    assert stack.preview() == {}


def test_rollback_goes_back_to_what_ran_before(stack: Stack) -> None:
    """With `on_failure` rollback a failed revision is followed by one like the last good; the update fails."""
    program = PROGRAM.replace("triggers=", 'parameters={"run": {"rows": 1}}, on_failure="rollback", triggers=').replace(
        'config={"serviceType"',
        'parameters={"run": [{"name": "rows", "type": "number", "required": True}]}, config={"serviceType"',
    )
    stack.write(program)
    stack.up()
    stack.press.outcomes({**FAILS, "revision": 2})
    stack.write(program.replace('"rows": 1', '"rows": 2').replace('"again": 1', '"again": 2'))

    printed = stack.fail_up()

    assert "The image cannot be pulled" in printed
    assert "rolled back to what revision 1 ran, as revision 3" in printed
    (deployment,) = stack.press.state()["deployments"]
    assert (deployment["liveRevision"], deployment["revisions"][-1]["parameters"]["run"]) == (3, {"rows": 1})

    if stack.is_native:
        # The state says what runs, so what the program asks for shows as a difference again.
        assert stack.resources()["BlockDeployment:api"]["outputs"]["parameters"] == {"run": {"rows": 1}}
        assert stack.preview()["BlockDeployment:api"]["op"] == "update"
        stack.up()
    else:
        again = stack.fail_up()
        assert "revision 2 failed before, and revision 3 rolled back to what ran until then" in again
        stack.succeed("up", "--yes", "--skip-preview", "--refresh")
    (deployment,) = stack.press.state()["deployments"]
    assert (deployment["liveRevision"], deployment["revisions"][-1]["parameters"]["run"]) == (4, {"rows": 2})
    assert stack.preview() == {}


def test_busy_deployment_is_waited_for(make_stack: Callable[..., Stack]) -> None:
    """While a revision that nobody waits for is deploying, the next one waits its turn."""
    with start(rollout="reads:3") as press:
        stack = make_stack(PRESS_ENDPOINT=press.url, PEAK_AUTH_TOKEN=press.token)
        program = PROGRAM.replace("triggers=", "wait=False, triggers=").replace(
            'pulumi.export("status", run.status)', ""
        )
        stack.write(program)
        stack.up()
        stack.write(program.replace('"again": 1', '"again": 2'))

        stack.up()

        assert stack.outputs() == {"revision": 2}
        calls = [f"{call['method']} {call['status']}" for call in press.requests() if "revisions" in call["path"]]
        assert (calls[0], calls[-1]) == ("POST 409", "POST 201")
