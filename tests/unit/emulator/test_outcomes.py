"""Outcome rules: which rollouts end how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_press.emulator import ControlError

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

DEPLOYMENTS = "/v1/blocks/deployments/"


@pytest.mark.parametrize(
    "status", ["warning", "failed", "platform_resource_error", "rollback", "rollback_complete", "rollback_failed"]
)
def test_a_rollout_ends_as_it_was_told(api: Api, status: Any) -> None:
    """The status shows on deployment, revision and resource, and the resource has the errors."""
    api.press.outcomes({"status": status, "errors": [{"code": 137, "message": "out of memory"}]})
    deployment_id = api.make_deployment(api.make_spec())
    shown = api.show(deployment_id)
    [resource] = shown["latestRevision"]["resources"]
    assert (shown["metadata"]["status"], shown["latestRevision"]["status"], resource["status"]) == (status,) * 3
    [error] = resource["errors"]
    assert error.pop("createdAt").endswith("Z")
    assert error == {"code": 137, "message": "out of memory"}


def test_a_bad_end_says_that_it_was_asked_for(api: Api) -> None:
    """Without errors of its own a rule gives one, so that nobody looks for another cause."""
    api.press.outcomes({"status": "failed"})
    [resource] = api.show(api.make_deployment(api.make_spec()))["latestRevision"]["resources"]
    assert resource["errors"][0]["message"] == "The local Press was told to end this rollout as failed."


def test_errors_come_with_the_status_and_not_before(api: Api) -> None:
    """While a revision is being deployed it has no errors."""
    api.press.outcomes({"status": "failed", "rollout": "reads:1"})
    deployment_id = api.make_deployment(api.make_spec())
    errors = [len(api.show(deployment_id)["latestRevision"]["resources"][0]["errors"]) for _ in range(2)]
    assert errors == [0, 1]


def test_a_rollout_can_be_told_never_to_end(api: Api) -> None:
    """`deploying` stays, whoever looks how often, until the next rollout."""
    api.press.outcomes({"status": "deploying"})
    deployment_id = api.make_deployment(api.make_spec())
    assert {api.status(deployment_id) for _ in range(5)} == {"deploying"}


def test_rules_choose_by_name_revision_and_tenant(api: Api) -> None:
    """The first rule that fits decides; without one a rollout ends well."""
    api.press.outcomes(
        {"deployment": "etl-*", "revision": 2, "status": "failed"},
        {"deployment": "etl-a", "status": "warning"},
        {"deployment": "etl-b", "tenant": "nobody", "status": "failed"},
    )
    spec_id = api.make_spec()
    made = {name: api.make_deployment(spec_id, name) for name in ("etl-a", "etl-b", "other")}
    first = {name: api.status(deployment_id) for name, deployment_id in made.items()}
    for deployment_id in made.values():
        api.revise(deployment_id)
    second = {name: api.status(deployment_id) for name, deployment_id in made.items()}
    assert first == {"etl-a": "warning", "etl-b": "deployed", "other": "deployed"}
    assert second == {"etl-a": "failed", "etl-b": "failed", "other": "deployed"}


def test_rules_are_used_up_and_listed(api: Api) -> None:
    """`times` counts rollouts; the listing says how many there were, and clearing forgets all."""
    api.press.outcomes({"status": "failed", "times": 2})
    spec_id = api.make_spec()
    seen = [api.status(api.make_deployment(spec_id, name)) for name in ("a", "b", "c")]
    assert seen == ["failed", "failed", "deployed"]
    assert api.press.outcomes() == [{"status": "failed", "times": 2, "used": 2, "left": 0}]
    api.press.clear_outcomes()
    assert api.press.outcomes() == []


def test_a_delete_can_fail(api: Api) -> None:
    """`delete_failed` is about deletes only: the deployment stays, with its errors, and can be deleted later."""
    api.press.outcomes({"status": "delete_failed", "times": 1, "errors": [{"code": 1, "message": "busy"}]})
    deployment_id = api.make_deployment(api.make_spec())
    assert api.status(deployment_id) == "deployed"
    assert api.delete(DEPLOYMENTS + deployment_id).status_code == 200
    shown = api.show(deployment_id)
    assert shown["metadata"]["status"] == "delete_failed"
    assert shown["latestRevision"]["resources"][0]["errors"][0]["message"] == "busy"
    api.delete(DEPLOYMENTS + deployment_id)
    assert api.get(DEPLOYMENTS + deployment_id).status_code == 404


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({}, "[0].status"),
        ({"status": "fine"}, "[0].status"),
        ({"status": "failed", "deploiment": "x"}, "[0].deploiment"),
        ({"status": "failed", "revision": "last"}, "[0].revision"),
        ({"status": "failed", "times": 0}, "[0].times"),
        ({"status": "failed", "rollout": "soon"}, "[0].rollout"),
        ({"status": "failed", "errors": [{"message": "x"}]}, "[0].errors[0].code"),
        ("failed", "[0]"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_path(api: Api, rule: Any, path: str) -> None:
    """Nothing is laid down, and the answer names the mistake."""
    refused = requests.post(f"{api.press.url}/_emulator/outcomes", json=[rule], timeout=30)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"].startswith(path)
    assert api.press.outcomes() == []
    with pytest.raises(ControlError, match=path.replace("[", r"\[")):
        api.press.outcomes(rule)
