"""A rollout ends well only when the revision that was asked for is live; anything else says why and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import Interrupted
from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import RolloutError
from pulumi_press.provider.values import put
from pulumi_press.provider.waiting import GRACE

if TYPE_CHECKING:
    from pulumi_press.emulator.backend.rollout_simulation import ResourceError
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

DEPLOYMENT: dict[str, Any] = {"metadata": {"name": "etl-prod"}, "spec": {"release": {"version": "1.0.0"}}}
ERRORS: list[ResourceError] = [{"code": 137, "message": "Out of memory"}, {"code": 1, "message": "Gone"}]
TOLD = "etl (workflow): Out of memory [137]; etl (workflow): Gone [1]"


@pytest.fixture
def deployment(world: World) -> Managed:
    """A deployment to be made, of a spec that is there."""
    return world.manage(DeploymentResource())


@pytest.fixture
def rollout(world: World) -> Managed:
    """The rollout of that deployment."""
    return world.manage(RolloutResource())


@pytest.fixture
def program(world: World) -> dict[str, Any]:
    """A program for the deployment."""
    return put(DEPLOYMENT, "spec.id", world.publish("etl", "1.0.0", "1.1.0"))


def inputs_of(deployment: Managed, **changes: Any) -> dict[str, Any]:
    """Give the inputs that a deployment gives its rollout."""
    return {"deployment_id": deployment.id, "revision": deployment.outputs["revision_number"], **changes}


def test_rollout_waits_until_the_revision_is_live(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """It asks again and again, shows how it stands in lines that pass, and ends with the status."""
    world.press.outcomes({"status": "deployed", "rollout": "reads:3"})
    deployment.up(program)
    world.calls()

    rollout.up(inputs_of(deployment))

    assert (rollout.id, rollout.outputs["status"]) == (deployment.id, "deployed")
    sent = world.sent()
    assert set(sent) == {f"GET /v1/blocks/deployments/{deployment.id}"}
    assert len(sent) > 2
    assert world.told.lines[0].message == "revision 1: deploying (0s of 20m), waiting for etl"
    assert all(line.ephemeral for line in world.told.lines)


def test_rollout_of_the_next_revision_waits_for_that(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """An update waits for the new revision, and nothing is sent where none was made."""
    deployment.up(program)
    rollout.up(inputs_of(deployment))
    world.calls()
    assert rollout.preview(inputs_of(deployment)).changes == ()
    rollout.up(inputs_of(deployment, timeouts={"update": "1h"}))
    assert world.sent() == []

    world.press.outcomes({"status": "deployed", "rollout": "reads:2"})
    deployment.up({**program, "triggers": {"again": 1}})
    rollout.up(inputs_of(deployment))

    assert (rollout.outputs["revision"], rollout.outputs["status"]) == (2, "deployed")
    assert world.press.state()["deployments"][0]["liveRevision"] == 2


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("failed", "fix the cause and run `pulumi up`, which redeploys it"),
        *(
            (
                status,
                (
                    "change the release or its parameters, or set triggers, so that `pulumi up` makes a new revision; "
                    "or run `pulumi up --replace '**::<name in the program>'`, which makes a new deployment"
                ),
            )
            for status in ("platform_resource_error", "rollback_complete", "rollback_failed")
        ),
    ],
)
@pytest.mark.parametrize("pace", ["at-once", "reads:2"])
def test_failure_tells_every_error_and_what_to_do(  # noqa: PLR0917  # Each is a fixture or a parameter.
    status: Any,
    remedy: str,
    pace: str,
    deployment: Managed,
    rollout: Managed,
    program: dict[str, Any],
    world: World,
) -> None:
    """A revision that this run made and that failed is an error with the resource's own errors, tried once only."""
    deployment.up(program)
    world.press.outcomes({"status": status, "errors": ERRORS, "rollout": pace})
    deployment.up({**program, "triggers": {"again": 1}})
    world.calls()

    with pytest.raises(RolloutError) as caught:
        rollout.up(inputs_of(deployment))

    assert str(caught.value) == f"revision 2 ended as {status}: {TOLD}\n{remedy}"
    assert caught.value.failed
    assert world.writes() == []
    assert rollout.id == ""


def test_long_errors_leave_the_remedy_in_the_message(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """What the service says of a failure is shortened, and what to do follows."""
    deployment.up(program)
    world.press.outcomes({"status": "failed", "errors": [{"code": 1, "message": "y" * 50_000}] * 3})
    deployment.up({**program, "triggers": {"again": 1}})

    with pytest.raises(RolloutError, match="more characters") as caught:
        rollout.up(inputs_of(deployment))

    assert str(caught.value).endswith("\nfix the cause and run `pulumi up`, which redeploys it")
    assert len(str(caught.value)) < 3_000


def test_failure_without_errors_says_so(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """Where the service gives no reason, the message says that."""
    world.press.outcomes({"status": "failed", "errors": []})
    deployment.up(program)

    with pytest.raises(RolloutError, match="revision 1 ended as failed: the service gave no reason"):
        rollout.up(inputs_of(deployment))


def test_warning_is_a_success_with_a_warning(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """A revision that is live with a warning is told as such, and the next run deploys it again."""
    world.press.outcomes({"status": "warning", "errors": ERRORS, "rollout": "reads:1", "times": 1})
    deployment.up(program)

    rollout.up(inputs_of(deployment))

    assert rollout.outputs["status"] == "warning"
    assert world.told.warnings == [f"revision 1 is live with a warning: {TOLD}"]
    assert [leaf for change in rollout.preview(inputs_of(deployment)).changes for leaf in change.paths] == ["status"]

    world.restart()
    world.calls()
    rollout.up(inputs_of(deployment))
    assert world.writes() == [f"POST /v1/blocks/deployments/{deployment.id}/redeploy"]
    assert rollout.outputs["status"] == "deployed"
    assert rollout.preview(inputs_of(deployment)).changes == ()


class Newer(Client):
    """A client of a service that has a status which nobody has heard of."""

    status = "melting"

    def describe_deployment(self, deployment_id: str) -> dict[str, Any]:
        """Read a deployment, with that status."""
        return put(super().describe_deployment(deployment_id), "metadata.status", self.status)


def test_unknown_status_fails_loudly(deployment: Managed, program: dict[str, Any], world: World) -> None:
    """A status that this version does not know ends the wait at once, and is named."""
    deployment.up(program)
    with Newer(world.press.url, world.press.token) as client:
        rollout = world.manage(RolloutResource(), client=client)

        with pytest.raises(RolloutError, match="revision 1 has the status 'melting', which this version does not know"):
            rollout.up(inputs_of(deployment))

    assert world.time.seconds == 0


def test_long_unknown_status_leaves_the_remedy_in_the_message(
    deployment: Managed, program: dict[str, Any], world: World
) -> None:
    """Such a status is shortened, and what to do follows."""
    deployment.up(program)
    with Newer(world.press.url, world.press.token) as client:
        client.status = "y" * 100_000

        with pytest.raises(RolloutError, match=r"more characters.*which this version does not know") as caught:
            world.manage(RolloutResource(), client=client).up(inputs_of(deployment))

    assert "which makes a new deployment" in str(caught.value)
    assert len(str(caught.value)) < 3_000


@pytest.mark.parametrize(
    ("timeouts", "seconds"), [({}, 1200), ({"create": "90s", "update": "1h"}, 90), ({"update": "1h"}, 1200)]
)
def test_first_rollout_that_does_not_end_names_its_limit(  # noqa: PLR0917  # Each is a fixture or a parameter.
    timeouts: dict[str, str],
    seconds: int,
    deployment: Managed,
    rollout: Managed,
    program: dict[str, Any],
    world: World,
) -> None:
    """It is given up at `timeouts.create`, with its status and what it waits for; that is no failure yet."""
    world.press.outcomes({"status": "deploying"})
    deployment.up(program)

    with pytest.raises(RolloutError) as caught:
        rollout.up(inputs_of(deployment, timeouts=timeouts))

    message = str(caught.value)
    assert message.startswith("revision 1 is still deploying after ")
    assert message.endswith(
        ", waiting for etl; the next `pulumi up` continues to wait; timeouts.create raises the limit"
    )
    assert not caught.value.failed
    assert seconds == pytest.approx(world.time.seconds)


def test_later_rollout_that_does_not_end_names_its_limit(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """It is given up at `timeouts.update`."""
    timeouts = {"create": "1h", "update": "90s"}
    deployment.up(program)
    rollout.up(inputs_of(deployment, timeouts=timeouts))
    world.press.outcomes({"status": "deploying"})
    deployment.up({**program, "triggers": {"again": 1}})

    with pytest.raises(RolloutError, match=r"^revision 2 is still deploying .* timeouts\.update raises the limit$"):
        rollout.up(inputs_of(deployment, timeouts=timeouts))

    assert world.time.seconds == pytest.approx(90)


@pytest.mark.parametrize(
    ("timeouts", "seconds", "argument"), [({}, 60, "custom_timeouts"), ({"create": "30s"}, 30, "timeouts")]
)
def test_rollout_ends_at_the_timeout_of_the_request(  # noqa: PLR0917  # Each is a fixture or a parameter.
    timeouts: dict[str, str],
    seconds: int,
    argument: str,
    deployment: Managed,
    rollout: Managed,
    program: dict[str, Any],
    world: World,
) -> None:
    """Pulumi's `custom_timeouts` set the limit, unless `timeouts` does; the message names what does."""
    world.press.outcomes({"status": "deploying"})
    deployment.up(program)
    rollout.context = replace(rollout.context, timeout=60.0)

    with pytest.raises(RolloutError, match=rf"; {argument}\.create raises the limit$"):
        rollout.up(inputs_of(deployment, timeouts=timeouts))

    assert seconds == pytest.approx(world.time.seconds)


def test_busy_deployment_is_waited_for_as_long_as_the_request_says(
    deployment: Managed, program: dict[str, Any], world: World
) -> None:
    """A revision that cannot be made yet is given up at the limit, too."""
    world.press.outcomes({"status": "deploying"})
    deployment.up(program)
    world.press.faults({"match": {"method": "POST"}, "then": {"status": 409}})
    deployment.context = replace(deployment.context, timeout=40.0)

    with pytest.raises(RolloutError, match=r"raise custom_timeouts\.update$"):
        deployment.up({**program, "triggers": {"again": 1}})

    assert world.time.seconds == pytest.approx(40)


def test_revision_of_somebody_else_is_not_taken_for_ours(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """Where a later revision is there, the one that was asked for is not live, whatever the status says."""
    deployment.up(program)
    world.client.create_deployment_revision(deployment.id, {})

    with pytest.raises(RolloutError, match="live revision 2 was not made by this stack, which asked for 1; "):
        rollout.up(inputs_of(deployment))


@pytest.mark.parametrize("status", ["failed", "warning"])
def test_failed_rollout_is_redeployed_by_the_next_run(  # Each is a fixture or a parameter.
    status: Any, deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """A revision that an earlier run left failed is deployed again, once, and waited for."""
    world.press.outcomes({"status": status, "times": 1}, {"status": "deployed", "rollout": "reads:2"})
    deployment.up(program)
    world.restart()
    world.calls()

    rollout.up(inputs_of(deployment))

    assert world.writes() == [f"POST /v1/blocks/deployments/{deployment.id}/redeploy"]
    assert rollout.outputs["status"] == "deployed"
    assert world.told.news == [f"revision 1 is {status}; redeploying it"]


def test_redeploy_that_fails_is_not_repeated(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """One more try is enough for one run."""
    world.press.outcomes({"status": "failed"})
    deployment.up(program)
    world.restart()
    world.calls()

    with pytest.raises(RolloutError, match="revision 1 ended as failed"):
        rollout.up(inputs_of(deployment))

    assert world.writes() == [f"POST /v1/blocks/deployments/{deployment.id}/redeploy"]


@pytest.mark.parametrize(
    ("group", "said", "live"),
    [("run", "rolled back to what revision 1 ran, as revision 3", 3), ("build", "not rolled back", 2)],
)
def test_rollback_after_an_ended_run_asks_the_service_what_ran(group: str, said: str, live: int, world: World) -> None:
    """Where the service tells all that ran before, a run that did not make the failed revision can go back to it."""
    declared = {group: [{"name": "rows", "type": "number", "required": False, "defaultValue": 1}]}
    program: dict[str, Any] = {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish("etl", "1.0.0", "2.0.0", parameters=declared), "release": {"version": "1.0.0"}},
        "parameters": {group: {"rows": 5}},
    }
    deployment, rollout = world.manage(DeploymentResource()), world.manage(RolloutResource())
    deployment.up(program)
    rollout.up(inputs_of(deployment))
    world.press.outcomes({"status": "failed", "times": 2}, {"status": "deployed"})
    deployment.up(put(put(program, "spec.release.version", "2.0.0"), f"parameters.{group}", {"rows": 6}))
    world.restart()

    with pytest.raises(RolloutError, match=said):
        rollout.up({**inputs_of(deployment), "on_failure": "rollback"})

    (now,) = world.press.state()["deployments"]
    assert now["revisions"][-1]["revision"] == live
    assert live == 2 or (now["revisions"][-1]["version"], now["revisions"][-1]["parameters"]["run"]) == (
        "1.0.0",
        {"rows": 5},
    )


def test_failed_live_status_shows_in_a_preview_and_is_repaired(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """A deployment that failed after its rollout is seen by a refresh and redeployed, though no input changed."""
    deployment.up(program)
    rollout.up(inputs_of(deployment))
    world.press.outcomes({"status": "warning", "times": 1}, {"status": "failed", "times": 1})
    world.client.create_deployment_revision(deployment.id, {})
    world.client.redeploy(deployment.id)
    world.restart()

    assert deployment.refresh()
    assert rollout.refresh()
    assert rollout.outputs["status"] == "failed"
    wanted = inputs_of(deployment)
    assert [leaf for change in rollout.preview(wanted).changes for leaf in change.paths] == ["status"]
    rollout.up(wanted)

    assert rollout.outputs["status"] == "deployed"


def test_deployment_that_is_not_readable_yet_is_waited_for(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """A 404 right after the creation only means that the service needs a moment."""
    deployment.up(program)
    world.press.faults({"match": {"method": "GET"}, "times": 3, "then": {"status": 404}})

    rollout.up(inputs_of(deployment))

    assert rollout.outputs["status"] == "deployed"


def test_deployment_that_never_is_readable_is_an_error(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """After the moment has passed, a 404 means what it says."""
    deployment.up(program)
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 404}})

    with pytest.raises(RolloutError, match=r"is gone; run `pulumi up --refresh`, which makes a new one"):
        rollout.up(inputs_of(deployment))

    assert GRACE <= world.time.seconds < GRACE + 12


def test_rollout_of_a_deployment_that_is_gone_ends_at_once(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """What an earlier run made needs no moment to be readable, so a 404 means what it says."""
    deployment.up(program)
    world.client.delete_deployment(deployment.id)
    world.restart()

    with pytest.raises(RolloutError, match="is gone"):
        rollout.up(inputs_of(deployment))

    assert world.time.seconds == 0


def test_interruption_ends_the_wait_and_the_next_run_goes_on(
    deployment: Managed, rollout: Managed, program: dict[str, Any], world: World
) -> None:
    """When the engine asks to stop, the wait ends at the next pause; the next run waits on and sends nothing twice."""
    world.press.outcomes({"status": "deployed", "rollout": "reads:4"})
    deployment.up(program)
    world.time.on_pause = lambda _: world.stop.set()

    with pytest.raises(Interrupted, match="what was sent to the service stays, and the next `pulumi up` continues"):
        rollout.up(inputs_of(deployment))

    world.stop.clear()
    world.time.on_pause = lambda _: None
    world.restart()
    world.calls()
    assert deployment.preview(program).changes == ()
    rollout.up(inputs_of(deployment))
    assert world.writes() == []
    assert rollout.outputs["status"] == "deployed"


@pytest.mark.parametrize("status", ["deploying", "failed"])
def test_refresh_amid_a_rollout_is_no_drift(
    status: Any, deployment: Managed, program: dict[str, Any], world: World
) -> None:
    """While a new release is not live yet, or failed to be, the release that still runs is no drift."""
    deployment.up(program)
    world.press.outcomes({"status": status})
    changed = put(program, "spec.release.version", "1.1.0")
    deployment.up(changed)

    assert deployment.refresh()
    assert deployment.preview(changed).changes == ()


def test_rollback_shows_as_drift_and_is_repaired_by_a_new_revision(
    deployment: Managed, program: dict[str, Any], world: World
) -> None:
    """After the service went back to the release before, a refresh shows that release, and `up` deploys anew."""
    deployment.up(program)
    world.press.outcomes({"status": "rollback_complete", "times": 1})
    changed = put(program, "spec.release.version", "1.1.0")
    deployment.up(changed)

    assert deployment.refresh()
    shown = {leaf for change in deployment.preview(changed).changes for leaf in change.paths}
    assert shown == {"spec.release.version", "revision_number"}
    deployment.up(changed)

    assert deployment.outputs["revision_number"] == 3
    assert world.press.state()["deployments"][0]["liveRevision"] == 3
