"""The real client deploys a block, changes it and redeploys it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress


@pytest.fixture(scope="module")
def calls(client: Any, bodies: dict[str, Any]) -> dict[str, Any]:
    """Deploy three times, once to fail, and return the calls by their labels."""
    recorded: dict[str, Any] = client.record("deploy", bodies)
    return recorded


@pytest.fixture(scope="module")
def deployments(calls: dict[str, Any], press: LocalPress) -> dict[str, Any]:
    """Return what the local Press holds after these calls, by name."""
    assert calls
    return {deployment["metadata"]["name"]: deployment for deployment in press.state()["deployments"]}


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """Every answer has the documented shape; only the client's own defect ends in an error."""
    assert [deviation for call in calls.values() for deviation in call.deviations] == []
    assert [call.label for call in calls.values() if call.error] == ["iterate over revisions"]


def test_the_clients_iterator_over_revisions_reads_the_wrong_key(calls: dict[str, Any]) -> None:
    """The documented answer has no such key, so the iterator cannot work; the local Press does not bend to it."""
    assert calls["iterate over revisions"].error == {"type": "KeyError", "told": "deployments"}


def test_the_deployments_are_kept(deployments: dict[str, Any], bodies: dict[str, Any]) -> None:
    """Each deployment has its revisions, the last of them live."""
    expected = {
        "nightly-load-live": (2, [(1, "1.0.0", "superseded"), (2, "2.0.0", "deployed")]),
        bodies["broken"]: (1, [(1, "1.0.0", "deployed")]),
        "dashboard": (3, [(1, "1.0.0", "superseded"), (2, "1.0.0", "superseded"), (3, "1.0.0", "deployed")]),
    }

    assert expected == {
        name: (
            deployment["liveRevision"],
            [(revision["revision"], revision["version"], revision["status"]) for revision in deployment["revisions"]],
        )
        for name, deployment in deployments.items()
    }


def test_metadata_are_kept_as_they_were_sent(deployments: dict[str, Any], bodies: dict[str, Any]) -> None:
    """A deployment has the metadata of its update."""
    sent, kept = bodies["deployment_update"], deployments["nightly-load-live"]["metadata"]

    assert sent == {key: kept[key] for key in sent}


def test_a_revision_keeps_notes_and_parameters(deployments: dict[str, Any], bodies: dict[str, Any]) -> None:
    """A revision has what its body says, and the one before has what it was patched to."""
    first, second = deployments["nightly-load-live"]["revisions"]

    assert bodies["revision"]["revision"]["notes"] == second["notes"]
    assert bodies["revision"]["parameters"]["run"] == second["parameters"]["run"]
    assert bodies["run_parameters"] == first["parameters"]["run"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("list deployments by name", 1),
        ("list deployments by another name", 0),
        ("list deployments by title", 1),
        ("list deployments by status", 1),
        ("list deployments by another status", 0),
        ("list deployments in order", 1),
        ("list what failed", 1),
    ],
)
def test_filters_apply(label: str, expected: int, calls: dict[str, Any]) -> None:
    """A filter leaves what fits it, and the count says so."""
    page = calls[label].answer

    assert (expected, expected) == (page["deploymentCount"], len(page["deployments"]))


def test_a_deployment_is_described_with_what_runs_and_what_is_latest(calls: dict[str, Any]) -> None:
    """The description tells the release that runs and the latest one of the spec."""
    described = calls["describe the deployment"].answer

    assert described["spec"]["release"] == {"currentVersion": "1.0.0", "latestVersion": "2.0.0"}
    assert (described["metadata"]["status"], described["latestRevision"]["revision"]) == ("deployed", 1)


@pytest.mark.parametrize("source", ["argument", "environment", "both"])
def test_parameters_are_read_by_every_way_to_the_deployment(
    source: str, calls: dict[str, Any], bodies: dict[str, Any]
) -> None:
    """The environment comes before the argument, and both lead to the deployment's parameters."""
    assert bodies["deployment"]["parameters"]["run"] == calls[f"read parameters by {source}"].answer


@pytest.mark.parametrize("label", ["read parameters by file", "read parameters by file, not by argument"])
def test_parameters_are_read_from_a_file_without_a_deployment(label: str, calls: dict[str, Any]) -> None:
    """The file that stands in is read by the client alone, also where the environment names nothing."""
    assert calls[label].answer == {"agg_type": "SUM", "num_iterations": 3}


def test_patched_parameters_are_read_back(calls: dict[str, Any], bodies: dict[str, Any]) -> None:
    """A patch answers with what is read afterwards."""
    assert bodies["run_parameters"] == calls["change parameters"].answer
    assert bodies["run_parameters"] == calls["read changed parameters"].answer
    assert {**bodies["run_parameters"], "num_iterations": 100} == calls["change one parameter"].answer


def test_a_revision_is_described(calls: dict[str, Any]) -> None:
    """The description of a revision names its release and its parameters."""
    described = calls["describe the revision"].answer

    assert (
        described["revision"],
        described["spec"]["release"]["version"],
        described["notes"],
    ) == (2, "2.0.0", "The second revision")
    assert [parameter["name"] for parameter in described["parameters"]["run"]] == [
        "agg_type",
        "email_notifications",
        "num_iterations",
        "file_names",
    ]


def test_revisions_are_listed(calls: dict[str, Any]) -> None:
    """Both revisions are there, and a page has as many as were asked for."""
    everything, page = calls["list revisions"].answer, calls["list revisions in order"].answer

    assert {1, 2} == {revision["revision"] for revision in everything["revisions"]}
    assert (
        page["revisionCount"],
        page["pageCount"],
        [revision["revision"] for revision in page["revisions"]],
    ) == (2, 2, [1])
    assert [revision["revision"] for revision in calls["list superseded revisions"].answer["revisions"]] == [1]


def test_a_standalone_deployment_has_no_related_blocks(calls: dict[str, Any]) -> None:
    """Only a part of an app has siblings; without a deployment, a file stands in."""
    assert calls["read no related blocks"].answer == calls["read no related blocks by argument"].answer == []
    assert [block["name"] for block in calls["read related blocks by file"].answer] == ["b"]


def test_a_deployment_that_failed_tells_why_and_is_redeployed(calls: dict[str, Any]) -> None:
    """The resource's errors are in the description, and redeploying the same revision makes it well."""
    failed, redeployed = calls["describe what failed"].answer, calls["describe what was redeployed"].answer

    assert (failed["metadata"]["status"], failed["latestRevision"]["resources"][0]["errors"][0]["message"]) == (
        "failed",
        "no",
    )
    assert calls["redeploy"].answer["deploymentId"] == failed["id"]
    assert (redeployed["metadata"]["status"], redeployed["latestRevision"]["revision"]) == ("deployed", 1)


def test_what_runs_when_deployed_can_be_executed(calls: dict[str, Any], deployments: dict[str, Any]) -> None:
    """Executing names the spec and the release of the latest revision."""
    (execution,) = calls["execute"].answer["executeResponse"]
    assert calls["execute what is not to run"].answer == {"executeResponse": []}

    assert (deployments["nightly-load-live"]["specId"], "2.0.0") == (execution["blockSpecId"], execution["version"])


def test_hidden_parameters_are_masked_where_people_look(calls: dict[str, Any]) -> None:
    """A description masks the value and its default; the block itself reads it."""
    (shown, _) = calls["describe hidden parameters"].answer["parameters"]["run"]

    assert (shown["value"], shown["defaultValue"]) == ("********", "********")
    assert calls["read hidden parameters"].answer == {"password": "hush"}


def test_deployments_are_listed_over_all_pages(calls: dict[str, Any]) -> None:
    """Pages of one and of two have all three deployments."""
    everything = [item["metadata"]["name"] for item in calls["list all deployments, one on a page"].answer]
    last = [item["metadata"]["name"] for item in calls["list the last page of deployments"].answer["deployments"]]

    assert (len(everything), last) == (3, ["dashboard"])
