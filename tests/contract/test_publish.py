"""The real client publishes specs and releases."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_press.artifact.folder import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.emulator import LocalPress


@pytest.fixture(scope="module")
def calls(client: Any, bodies: dict[str, Any]) -> dict[str, Any]:
    """Publish five specs and four releases, and return the calls by their labels."""
    recorded: dict[str, Any] = client.record("publish", bodies)
    return recorded


@pytest.fixture(scope="module")
def specs(calls: dict[str, Any], press: LocalPress) -> dict[str, Any]:
    """Return what the local Press holds after these calls, by name."""
    assert calls
    return {spec["metadata"]["name"]: spec for spec in press.state()["specs"]}


def unpack(path: Path) -> dict[str, tuple[bytes, bool]]:
    """Return the content of each entry of a zip, and whether it can be executed."""
    with zipfile.ZipFile(path) as archive:
        return {
            entry.filename: (archive.read(entry), bool(entry.external_attr >> 16 & 0o100))
            for entry in archive.infolist()
        }


def names(call: Any) -> list[str]:
    """Return the names in a page of specs."""
    return [spec["metadata"]["name"] for spec in call.answer["specs"]]


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """No call ends in an error, and every answer has the documented shape."""
    assert [deviation for call in calls.values() for deviation in call.deviations] == []
    assert [call.label for call in calls.values() if call.error] == []


def test_the_specs_are_kept(specs: dict[str, Any]) -> None:
    """Each spec has the kind and the audience that it was created with, the first those that it was updated to."""
    expected = {
        "hourly-load": ("workflow", "private", False, []),
        "load-on-demand": ("workflow", "shared", True, ["tenant1", "tenant2"]),
        "dashboard": ("service", "private", True, []),
        "forecasts": ("service", "shared", True, ["tenant1", "tenant2"]),
        "every-step": ("workflow", "public", False, []),
    }

    assert expected == {
        name: (spec["kind"], spec["scope"], spec["featured"], spec["tenants"]) for name, spec in specs.items()
    }


def test_rehearsals_leave_nothing_behind(specs: dict[str, Any]) -> None:
    """There are the releases that were made, and no others."""
    expected = {
        "hourly-load": ["1.0.0", "2.0.0"],
        "load-on-demand": ["1.0.0"],
        "dashboard": ["1.0.0", "2.0.0", "3.0.0-rc.1+build.5", "3.0.0"],
        "forecasts": ["1.0.0"],
        "every-step": ["1.0.0-alpha.1"],
    }

    assert expected == {name: [release["version"] for release in spec["releases"]] for name, spec in specs.items()}


def test_releases_are_kept_as_they_were_sent(specs: dict[str, Any], bodies: dict[str, Any]) -> None:
    """Config, notes, parameters and the flag are the ones of the call."""
    first, second = specs["hourly-load"]["releases"]
    body = bodies["releases"]["workflow"]

    assert bodies["specs"]["private_workflow"]["config"] == first["config"]
    assert bodies["parameters"]["run"] == first["parameters"]["run"]
    assert (body["config"], body["release"]["notes"], True) == (
        second["config"],
        second["notes"],
        second["autoRunOnDeploy"],
    )
    assert [release["autoRunOnDeploy"] for release in specs["dashboard"]["releases"]] == [False] * 4


def test_metadata_are_kept_as_they_were_sent(specs: dict[str, Any], bodies: dict[str, Any]) -> None:
    """A spec has the metadata of its body, and after an update those of the update."""
    for name, sent in [
        ("load-on-demand", bodies["specs"]["shared_workflow"]["metadata"]),
        ("hourly-load", bodies["spec_update"]["metadata"]),
    ]:
        kept = specs[name]["metadata"]
        assert sent == {key: kept[key] for key in sent}


def test_the_artifact_is_what_this_project_would_pack(
    specs: dict[str, Any], artifact: Path, press: LocalPress, tmp_path: Path
) -> None:
    """The client uploaded the files, the folders, the contents and the executable bits that this project packs."""
    kept = specs["hourly-load"]["releases"][0]["artifact"]["id"]
    uploaded = tmp_path / "uploaded.zip"
    uploaded.write_bytes(requests.get(f"{press.url}/_emulator/artifacts/{kept}", timeout=30).content)

    with Folder(artifact).pack() as archive:
        assert unpack(archive.path) == unpack(uploaded)


def test_a_spec_from_a_finished_image_has_no_artifact(specs: dict[str, Any]) -> None:
    """An artifact is there where one was sent."""
    kept = {release["version"]: release["artifact"] for release in specs["dashboard"]["releases"]}

    assert [version for version, artifact in kept.items() if artifact] == ["2.0.0"]


def test_iterators_give_every_spec_over_all_pages(calls: dict[str, Any]) -> None:
    """An iterator gives the same with small pages as with large ones."""
    everything = [spec["id"] for spec in calls["list all specs"].answer]

    assert len(set(everything)) == 5
    assert everything == [spec["id"] for spec in calls["list specs, two on a page"].answer]
    assert everything == [spec["id"] for spec in calls["list what is available"].answer]


def test_a_page_is_a_part_of_the_whole(calls: dict[str, Any]) -> None:
    """The second page of three has the last two specs, and the counts say so; what comes after it is empty."""
    page, beyond = calls["list the second page"].answer, calls["list a page beyond the end"].answer

    assert (page["pageCount"], page["pageNumber"], page["pageSize"], page["specCount"]) == (2, 2, 3, 5)
    assert calls["list all specs"].answer[3:] == page["specs"]
    assert (beyond["pageCount"], beyond["pageNumber"], beyond["specCount"], beyond["specs"]) == (2, 9, 5, [])


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("list by name", ["load-on-demand"]),
        ("list by title", ["dashboard"]),
        ("list by scope", ["forecasts", "load-on-demand"]),
        ("list by scopes", ["nightly-load", "load-on-demand", "dashboard", "forecasts"]),
        ("list what is public", ["every-step"]),
        ("list by status", []),
        ("list what is archived", ["hourly-load"]),
        ("list in order", ["nightly-load", "load-on-demand", "forecasts", "every-step", "dashboard"]),
        ("list by two fields", ["every-step", "forecasts", "dashboard", "load-on-demand", "nightly-load"]),
        ("list by everything", ["load-on-demand"]),
        ("list what is featured", ["load-on-demand", "dashboard", "forecasts"]),
        ("list what is not featured", ["hourly-load", "every-step"]),
    ],
)
def test_filters_and_orders_apply(label: str, expected: list[str], calls: dict[str, Any]) -> None:
    """A filter leaves what fits it, and an order orders."""
    assert expected == names(calls[label])


def test_a_spec_is_described_as_it_was_sent(calls: dict[str, Any], bodies: dict[str, Any]) -> None:
    """A description has the config and the parameters of the body."""
    described = calls["describe the web app"].answer

    assert bodies["specs"]["web_app"]["config"] == described["latestRelease"]["config"]
    assert bodies["parameters"]["run"] == described["parameters"]["run"]


def test_every_step_is_described_as_it_was_sent(calls: dict[str, Any], bodies: dict[str, Any]) -> None:
    """Steps of all types come back with all that they were given."""
    described = calls["describe the workflow of every step"].answer

    assert bodies["specs"]["every_step"]["config"] == described["latestRelease"]["config"]


def test_a_spec_is_shared_and_taken_back(calls: dict[str, Any]) -> None:
    """What an update answers is what it made of the spec."""
    shared, back = calls["share the workflow"].answer, calls["take the workflow back"].answer

    assert (shared["scope"], shared["tenants"], shared["metadata"]["tags"]) == ("shared", ["tenant3"], [])
    assert (back["scope"], back["tenants"], back["metadata"]["status"]) == ("private", [], "available")


def test_releases_are_listed_newest_first(calls: dict[str, Any]) -> None:
    """The newest release comes first unless an order is asked for."""
    assert [release["version"] for release in calls["list all releases"].answer] == ["2.0.0", "1.0.0"]
    assert [release["version"] for release in calls["list releases, one on a page"].answer] == ["2.0.0", "1.0.0"]
    assert [release["version"] for release in calls["list the oldest release"].answer["releases"]] == ["1.0.0"]


def test_a_release_is_described_as_it_was_sent(calls: dict[str, Any], bodies: dict[str, Any]) -> None:
    """The description of a release has its own config, and an artifact if it has one."""
    described = calls["describe the second release"].answer

    assert bodies["releases"]["workflow"]["config"] == described["config"]
    assert "artifact" in described
    assert "artifact" not in calls["describe a release without an artifact"].answer
    assert calls["describe the candidate"].answer["config"]["imageDetails"] == {"id": 123, "versionId": 2}


def test_forms_come_with_the_documented_parts_in_the_documented_order(calls: dict[str, Any], press: LocalPress) -> None:
    """What the client leaves out and what it always sends is known, and is what it did."""
    assert calls
    forms = [[part["name"] for part in entry["parts"]] for entry in press.requests() if entry["parts"]]

    assert forms == [
        ["artifact", "spec", "featured", "autoRunOnDeploy"],
        ["artifact", "spec", "featured", "scope", "autoRunOnDeploy"],
        ["artifact", "spec", "featured", "scope", "autoRunOnDeploy", "parameters"],
        ["artifact", "spec", "featured", "scope", "autoRunOnDeploy", "tenants"],
        ["spec", "featured", "scope", "autoRunOnDeploy", "parameters"],
        ["artifact", "spec", "featured", "scope", "autoRunOnDeploy", "tenants"],
        ["spec", "featured", "scope", "autoRunOnDeploy"],
        ["artifact", "spec", "autoRunOnDeploy", "parameters"],
        ["artifact", "spec", "autoRunOnDeploy", "parameters"],
        ["artifact", "spec", "autoRunOnDeploy", "parameters"],
        ["spec", "autoRunOnDeploy"],
        ["spec", "autoRunOnDeploy"],
    ]


def test_the_session_and_the_telemetry_of_the_client_are_answered(calls: dict[str, Any], press: LocalPress) -> None:
    """The calls that the client makes on its own account go well."""
    assert calls
    own = {entry["path"]: entry["status"] for entry in press.requests() if not entry["path"].startswith("/v1/")}

    assert own == {
        "/tenant-management/api/v1/external/tenants/tenant-metadata": 200,
        "/resource-usage/api/v1/telemetry": 200,
    }
