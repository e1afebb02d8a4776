"""Rollouts: how statuses move, at once, by reads and by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

DEPLOYMENTS = "/v1/blocks/deployments/"


def test_by_reads_a_status_lasts_so_many_answers(make_api: Callable[..., Api]) -> None:
    """With `reads:2` two answers say `deploying`, and the third says `deployed`."""
    api = make_api(rollout="reads:2")
    deployment_id = api.make_deployment(api.make_spec())
    assert [api.status(deployment_id) for _ in range(4)] == ["deploying", "deploying", "deployed", "deployed"]


@pytest.mark.parametrize("path", ["{}", "{}/revisions", "{}/revisions/1", ""])
def test_every_answer_with_the_status_is_a_read(make_api: Callable[..., Api], path: str) -> None:
    """Descriptions and listings count alike; looking at the state does not."""
    api = make_api(rollout="reads:1")
    deployment_id = api.make_deployment(api.make_spec())
    api.press.state()
    api.get(DEPLOYMENTS + path.format(deployment_id))
    assert api.status(deployment_id) == "deployed"


def test_by_time_a_status_lasts_so_many_seconds(make_api: Callable[..., Api]) -> None:
    """With `seconds:60` nothing moves until the clock has."""
    api = make_api(rollout="seconds:60")
    api.press.freeze()
    deployment_id = api.make_deployment(api.make_spec())
    seen = [api.status(deployment_id)]
    for seconds in (59.9, 0.2):
        api.press.advance(seconds)
        seen.append(api.status(deployment_id))
    assert seen == ["deploying", "deploying", "deployed"]


def test_a_rollback_takes_two_steps(make_api: Callable[..., Api]) -> None:
    """Each status on the way lasts as long as the pace says, even when the clock jumps over several."""
    api = make_api(rollout="seconds:10")
    api.press.freeze()
    api.press.outcomes({"status": "rollback_complete"})
    spec_id = api.make_spec()
    slow, fast = api.make_deployment(spec_id, "slow"), api.make_deployment(spec_id, "fast")
    seen = []
    for seconds in (0, 10, 10):
        api.press.advance(seconds)
        seen.append(api.status(slow))
    assert seen == ["deploying", "rollback", "rollback_complete"]
    assert api.status(fast) == "rollback_complete"


def test_after_a_rollback_the_revision_before_is_live(api: Api, run_parameters: dict[str, Any]) -> None:
    """The old revision stays deployed, with its version and its run parameters."""
    spec_id = api.make_spec(parameters=run_parameters)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 1}})
    api.make_release(spec_id, "2.0.0", parameters=run_parameters)
    api.press.outcomes({"status": "rollback_complete", "revision": 2})
    api.revise(deployment_id, parameters={"run": {"rounds": 2}})
    shown = api.show(deployment_id)
    revisions = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    assert [item["status"] for item in revisions] == ["deployed", "rollback_complete"]
    assert shown["metadata"]["status"] == "rollback_complete"
    assert shown["spec"]["release"] == {"currentVersion": "1.0.0", "latestVersion": "2.0.0"}
    assert api.get(f"/v1/deployments/{deployment_id}/parameters/run").json()["rounds"] == 1
    assert [item.get("value") for item in shown["parameters"]["run"]] == ["AVG", 1, "********"]


def test_a_failed_revision_leaves_the_one_before_live(api: Api) -> None:
    """A failure supersedes nothing, and `currentVersion` says what runs."""
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    api.make_release(spec_id, "2.0.0")
    api.press.outcomes({"status": "failed", "revision": 2})
    api.revise(deployment_id)
    revisions = api.get(f"{DEPLOYMENTS}{deployment_id}/revisions").json()["revisions"]
    assert [item["status"] for item in revisions] == ["deployed", "failed"]
    assert api.show(deployment_id)["spec"]["release"]["currentVersion"] == "1.0.0"


def test_while_it_is_redeployed_the_revision_is_deploying(api: Api) -> None:
    """A deployment can be `redeploying`; a revision has no such status."""
    api.press.outcomes({"status": "failed", "times": 1}, {"status": "deployed", "rollout": "reads:1"})
    deployment_id = api.make_deployment(api.make_spec())
    api.post(f"{DEPLOYMENTS}{deployment_id}/redeploy")
    shown = api.show(deployment_id)
    assert (shown["metadata"]["status"], shown["latestRevision"]["status"]) == ("redeploying", "deploying")
    assert api.status(deployment_id) == "deployed"


def test_a_delete_can_take_its_time(make_api: Callable[..., Api]) -> None:
    """Asynchronous: `deleting` for as long as a rollout takes, and then gone; deleting again changes nothing."""
    api = make_api(assume={"delete_deployment": "asynchronous"}, rollout="reads:2")
    spec_id = api.make_spec()
    deployment_id = api.make_deployment(spec_id)
    assert [api.status(deployment_id) for _ in range(3)][-1] == "deployed"
    assert api.delete(DEPLOYMENTS + deployment_id).status_code == 200
    assert api.status(deployment_id) == "deleting"
    assert api.delete(DEPLOYMENTS + deployment_id).status_code == 200
    assert (api.revise(deployment_id).status_code, api.send_deployment(spec_id).status_code) == (409, 422)
    assert api.status(deployment_id) == "deleting"
    assert api.get(DEPLOYMENTS + deployment_id).status_code == 404
    assert api.send_deployment(spec_id).status_code == 201


@pytest.mark.parametrize(
    "pace", ["reads:-1", "reads:x", "reads:1.5", "seconds:nan", "seconds:-1", "soon", "", "reads:"]
)
def test_a_pace_that_makes_no_sense_is_refused(make_api: Callable[..., Api], pace: str) -> None:
    """The message says how one is written."""
    with pytest.raises(ValueError, match=r"write at-once, reads:3 or seconds:1\.5"):
        make_api(rollout=pace)
