"""Releases: create, list and describe."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"


def test_a_release_becomes_the_latest(api: Api) -> None:
    """A further release is what the spec shows from then on."""
    spec_id = api.make_spec()
    config = {"steps": {"other": {"imageDetails": {"id": 2}, "command": "ls"}}}
    answer = api.send_release(spec_id, "1.1.0", config=config, autoRunOnDeploy=True)
    assert (answer.status_code, answer.json()) == (201, {"id": spec_id, "release": {"version": "1.1.0"}})
    latest = api.get(SPECS + spec_id).json()["latestRelease"]
    assert (latest["version"], latest["config"], latest["autoRunOnDeploy"]) == ("1.1.0", config, True)
    assert "notes" not in latest


def test_releases_are_listed_newest_first(api: Api) -> None:
    """The listing has every release; `sort` turns it round."""
    spec_id = api.make_spec()
    api.make_release(spec_id, "1.1.0")
    listing = api.get(f"{SPECS}{spec_id}/releases").json()
    assert [release["version"] for release in listing["releases"]] == ["1.1.0", "1.0.0"]
    assert (listing["releaseCount"], listing["pageCount"], listing["pageSize"]) == (2, 1, 25)
    assert set(listing["releases"][1]) == {"createdAt", "createdBy", "id", "notes", "version", "autoRunOnDeploy"}
    turned = api.get(f"{SPECS}{spec_id}/releases?sort=createdAt%3Aasc").json()
    assert [release["version"] for release in turned["releases"]] == ["1.0.0", "1.1.0"]


def test_a_release_is_described_without_its_version(api: Api, run_parameters: dict[str, Any]) -> None:
    """A description has config and parameters, and, as in the service's example, no version."""
    spec_id = api.make_spec(parameters=run_parameters)
    described = api.get(f"{SPECS}{spec_id}/releases/1.0.0").json()
    assert set(described) == {"config", "createdAt", "createdBy", "id", "notes", "autoRunOnDeploy", "parameters"}
    assert described["parameters"] == {
        "build": [],
        "groups": {"build": [], "run": []},
        "run": run_parameters["run"],
    }


@pytest.mark.parametrize("version", ["1.2.0", "1.1.9", "1.2.0-rc.1", "1.2.0+build.7", "0.9.0"])
def test_a_release_must_be_greater_than_the_last(api: Api, version: str) -> None:
    """Equal and lower versions, by semver's precedence, are refused with 422."""
    spec_id = api.make_spec(version="1.2.0")
    refused = api.send_release(spec_id, version)
    assert refused.status_code == 422
    assert refused.json()["detail"] == (f"release.version: {version} is not greater than 1.2.0, the latest release")


@pytest.mark.parametrize("version", ["1.2.0-rc.2", "1.2.0", "1.10.0"])
def test_a_greater_version_is_a_release(api: Api, version: str) -> None:
    """Pre-releases count, and numbers are compared as numbers."""
    spec_id = api.make_spec(version="1.2.0-rc.1")
    assert api.send_release(spec_id, version).status_code == 201


def test_a_release_is_of_the_kind_of_its_spec(api: Api) -> None:
    """A service's config is no release of a workflow."""
    spec_id = api.make_spec()
    refused = api.send_release(spec_id, "1.1.0", config={"imageDetails": {"id": 1}})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "config")


def test_a_mistake_in_a_release_is_told_by_its_path(api: Api) -> None:
    """A release's body is checked as strictly as a spec's."""
    spec_id = api.make_spec()
    refused = api.send_release(spec_id, "1.1.0", config={"steps": {}})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "config.steps")


def test_a_rehearsed_release_is_not_stored(api: Api) -> None:
    """`?validate=true` checks the version too, and stores nothing."""
    spec_id = api.make_spec()
    assert api.send_release(spec_id, "1.1.0", query="?validate=true").json()["success"] is True
    assert api.send_release(spec_id, "1.0.0", query="?validate=true").status_code == 422
    assert api.get(f"{SPECS}{spec_id}/releases").json()["releaseCount"] == 1


@pytest.mark.parametrize("path", ["releases", "releases/1.0.0"])
def test_releases_of_an_unknown_spec_are_404(api: Api, path: str) -> None:
    """Listing and describing say that there is no such spec."""
    assert api.get(f"{SPECS}{uuid.uuid4()}/{path}").status_code == 404


@pytest.mark.parametrize("version", ["2.0.0", "latest", "x"])
def test_an_unknown_release_is_404(api: Api, version: str) -> None:
    """A version that was never published is not there, and `latest` is no version."""
    spec_id = api.make_spec()
    assert api.get(f"{SPECS}{spec_id}/releases/{version}").status_code == 404


def test_a_release_of_an_unknown_spec_is_404(api: Api) -> None:
    """A release needs its spec."""
    assert api.send_release(str(uuid.uuid4()), "1.0.0").status_code == 404
