"""The statuses that a revision went through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api


def statuses(api: Api) -> list[list[str]]:
    """Give the statuses of each revision of the only deployment, in order."""
    (deployment,) = api.press.state()["deployments"]
    return [[step["status"] for step in revision["statuses"]] for revision in deployment["revisions"]]


def test_a_rollout_leaves_its_steps(api: Api) -> None:
    """A revision has what it went through, and a redeploy goes on with it."""
    api.press.outcomes({"status": "failed", "times": 1})
    deployment_id = api.make_deployment(api.make_spec())
    api.post(f"/v1/blocks/deployments/{deployment_id}/redeploy")

    assert statuses(api) == [["deploying", "failed", "deploying", "deployed"]]


def test_a_later_revision_supersedes_and_a_rollback_revives(api: Api) -> None:
    """The revision before is superseded when the next is live, and lives on when that is rolled back."""
    deployment_id = api.make_deployment(api.make_spec())
    api.revise(deployment_id)
    api.press.outcomes({"status": "rollback_complete"})
    api.revise(deployment_id)

    assert statuses(api) == [
        ["deploying", "deployed", "superseded"],
        ["deploying", "deployed"],
        ["deploying", "rollback", "rollback_complete"],
    ]


def test_a_revision_is_revived_that_was_superseded_early(make_api: Callable[..., Api]) -> None:
    """Where the next revision supersedes it when it is made, a rollback takes that back."""
    api = make_api(assume={"superseded": "when-created"})
    deployment_id = api.make_deployment(api.make_spec())
    api.press.outcomes({"status": "rollback_complete"})
    api.revise(deployment_id)

    assert statuses(api)[0] == ["deploying", "deployed", "superseded", "deployed"]


def test_steps_have_the_times_at_which_they_were_due(make_api: Callable[..., Api]) -> None:
    """A rollout by time is dated by its own times, not by when somebody looked."""
    api = make_api(rollout="seconds:60", seed_number=1)
    api.make_deployment(api.make_spec())
    api.press.advance(1000)

    (deployment,) = api.press.state()["deployments"]
    steps: list[dict[str, Any]] = deployment["revisions"][0]["statuses"]
    assert steps == [
        {"status": "deploying", "at": "2020-01-01T18:00:02.000Z"},
        {"status": "deployed", "at": "2020-01-01T18:01:02.000Z"},
    ]


def test_what_is_deleted_leaves_no_steps(api: Api) -> None:
    """The steps go with the deployment."""
    spec_id = api.make_spec()
    api.delete(f"/v1/blocks/deployments/{api.make_deployment(spec_id)}")
    api.make_deployment(spec_id)

    assert statuses(api) == [["deploying", "deployed"]]
