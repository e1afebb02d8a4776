"""Run parameters of deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

RUN = "/v1/deployments/{}/parameters/run"
DEPLOYMENTS = "/v1/blocks/deployments/"


@pytest.fixture
def deployment_id(api: Api, run_parameters: dict[str, Any]) -> str:
    """Give a deployment with a value for a required and for a hidden parameter."""
    spec_id = api.make_spec(parameters=run_parameters)
    return api.make_deployment(spec_id, parameters={"run": {"rounds": 3, "password": "hush"}})


def test_values_are_given_flat_with_their_defaults(api: Api, deployment_id: str) -> None:
    """A block that reads its parameters gets every value in clear."""
    assert api.get(RUN.format(deployment_id)).json() == {"mode": "AVG", "rounds": 3, "password": "hush"}


def test_hidden_values_are_masked_in_descriptions(api: Api, deployment_id: str) -> None:
    """Neither the deployment nor its revision shows a hidden value or its default."""
    answers = [api.get(f"{DEPLOYMENTS}{deployment_id}{path}") for path in ("", "/revisions/1")]
    for answer in answers:
        hidden = answer.json()["parameters"]["run"][2]
        assert (hidden["value"], hidden["defaultValue"]) == ("********", "********")
        assert "hush" not in answer.text


def test_a_patch_changes_what_it_names(api: Api, deployment_id: str) -> None:
    """The answer has all values, and no new revision is made."""
    answer = api.patch(RUN.format(deployment_id), json={"mode": "MAX"})
    assert (answer.status_code, answer.json()) == (200, {"mode": "MAX", "rounds": 3, "password": "hush"})
    assert api.get(RUN.format(deployment_id)).json() == answer.json()
    assert api.show(deployment_id)["latestRevision"]["revision"] == 1


def test_a_patch_survives_a_revision_that_is_silent(api: Api, deployment_id: str) -> None:
    """A revision without run parameters keeps the values; one with them has only those."""
    api.patch(RUN.format(deployment_id), json={"mode": "MAX"})
    api.revise(deployment_id)
    kept = api.get(RUN.format(deployment_id)).json()
    api.revise(deployment_id, parameters={"run": {"rounds": 4}})
    given = api.get(RUN.format(deployment_id)).json()
    assert (kept["mode"], kept["rounds"]) == ("MAX", 3)
    assert given == {"mode": "AVG", "rounds": 4, "password": "hush-default"}


@pytest.mark.parametrize(
    ("patch", "path"), [({"rounds": "x"}, "rounds"), ({"laps": 1}, "laps"), ({"mode": None}, "mode"), ([], "")]
)
def test_a_wrong_patch_is_refused(api: Api, deployment_id: str, patch: Any, path: str) -> None:
    """This call documents no 422, so a mistake is 400; nothing changes."""
    refused = api.patch(RUN.format(deployment_id), json=patch)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, path)
    assert api.get(RUN.format(deployment_id)).json()["rounds"] == 3


def test_all_types_of_parameters_are_taken(api: Api) -> None:
    """Each declared type takes its own kind of value, and gives it back unchanged."""
    values: dict[str, Any] = {
        "boolean": True,
        "string": "ä",
        "string_array": ["a", "b"],
        "number": 1.5,
        "number_array": [1, 2],
        "object": {"a": [1]},
        "object_array": [{"a": 1}, {}],
    }
    declared = [{"name": kind, "type": kind, "required": True} for kind in values]
    spec_id = api.make_spec(parameters={"run": declared})
    deployment_id = api.make_deployment(spec_id, parameters={"run": values})
    assert api.get(RUN.format(deployment_id)).json() == values
