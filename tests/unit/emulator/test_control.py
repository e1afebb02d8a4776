"""The control plane: health, info, reset, state and clock."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

DEPLOYMENTS = "/v1/blocks/deployments/"


def _control(api: Api, method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(method, f"{api.press.url}/_emulator/{path}", timeout=30, **options)


def test_health_needs_no_token(api: Api) -> None:
    """Whoever waits for the server asks here."""
    assert _control(api, "GET", "health").json() == {"status": "ok"}


def test_info_names_settings_and_tenants(make_api: Callable[..., Api]) -> None:
    """Version, assumptions, tenants and counts are there; tokens are not."""
    api = make_api(tokens={"hush-n": "north", "hush-s": "south"}, assume={"duplicate_name": 422}, rollout="reads:3")
    api.make_deployment(api.make_spec())
    info = api.press.info()
    assert (info["version"], info["rollout"], info["state"]) == (version("pulumi-press"), "reads:3", None)
    assert info["tenants"] == ["north", "south"]
    assert (info["assumptions"]["duplicate_name"], info["assumptions"]["older_version"]) == (422, 422)
    assert info["counts"] == {"specs": 1, "releases": 1, "deployments": 1, "revisions": 1}
    assert "hush" not in str(info)


def test_state_has_everything(api: Api, run_parameters: dict[str, Any]) -> None:
    """Specs with their releases, deployments with their revisions and effective parameters."""
    spec_id = api.make_spec(parameters=run_parameters)
    deployment_id = api.make_deployment(spec_id, parameters={"run": {"rounds": 2, "password": "x"}})
    state = api.press.state()
    [spec], [deployment] = state["specs"], state["deployments"]
    assert (spec["id"], spec["tenant"], spec["kind"], spec["scope"]) == (spec_id, "tenant", "workflow", "private")
    assert [release["version"] for release in spec["releases"]] == ["1.0.0"]
    assert spec["releases"][0]["config"]["steps"]["train"]["command"] == "python main.py"
    assert (deployment["id"], deployment["specId"], deployment["specName"]) == (deployment_id, spec_id, "etl")
    assert deployment["liveRevision"] == 1
    [revision] = deployment["revisions"]
    assert (revision["status"], revision["version"]) == ("deployed", "1.0.0")
    assert revision["parameters"] == {"build": {}, "run": {"mode": "AVG", "rounds": 2, "password": "********"}}


def test_reset_forgets_everything(api: Api) -> None:
    """Objects, rules, log and clock are as at the beginning."""
    api.make_deployment(api.make_spec())
    api.press.outcomes({"status": "failed"})
    api.press.faults({"then": {"status": 500}, "skip": 9})
    api.press.advance(1000)
    api.press.freeze()
    api.press.reset()
    assert api.press.state() == {"specs": [], "deployments": []}
    assert (api.press.outcomes(), api.press.faults(), api.press.requests()) == ([], [], [])
    clock = _control(api, "GET", "clock").json()
    assert (clock["frozen"], clock["ahead"]) == (False, 0)


def test_the_clock_moves_and_stands(api: Api) -> None:
    """New objects have the clock's time; a frozen clock is moved by hand only, and runs on when it is thawed."""
    _control(api, "POST", "clock", json={"freeze": True})
    before = _control(api, "GET", "clock").json()
    spec_id = api.make_spec()
    assert api.get(f"/v1/blocks/specs/{spec_id}").json()["metadata"]["createdAt"] == before["now"]
    after = api.press.advance(3600)
    assert after["now"][:11] >= before["now"][:11]
    assert 3590 < after["ahead"] <= 3600
    thawed = _control(api, "POST", "clock", json={"freeze": False}).json()
    assert (thawed["frozen"], thawed["now"] >= after["now"]) == (False, True)


@pytest.mark.parametrize("change", [{}, [], {"advance": -1}, {"advance": "1"}, {"rewind": 1}, {"freeze": 1}])
def test_a_wrong_change_of_the_clock_is_refused(api: Api, change: Any) -> None:
    """The answer says what is wrong."""
    refused = _control(api, "POST", "clock", json=change)
    assert (refused.status_code, bool(refused.json()["errors"])) == (422, True)


@pytest.mark.parametrize("path", ["requests?after=x", "requests?before=1"])
def test_a_wrong_query_is_refused(api: Api, path: str) -> None:
    """The control plane is as strict as the API."""
    assert _control(api, "GET", path).status_code == 422


def test_unknown_control_routes_are_501(api: Api) -> None:
    """A mistyped route says that it is not there."""
    assert _control(api, "GET", "fault").status_code == 501
    assert _control(api, "GET", "artifacts/none").status_code == 404


def test_pages_of_other_sites_cannot_control_it(api: Api) -> None:
    """A browser says where a call comes from; only the own page may."""
    foreign = _control(api, "POST", "reset", headers={"Origin": "https://evil.example"})
    own = _control(api, "POST", "reset", headers={"Origin": api.press.url})
    assert (foreign.status_code, own.status_code) == (403, 200)


@pytest.mark.parametrize("origin", ["http://[::1", "http://]", "null", "https://evil.example", "//[x"])
def test_a_page_of_another_site_is_refused_however_it_is_written(api: Api, origin: str) -> None:
    """Also where its address is none."""
    assert _control(api, "POST", "reset", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("number", ["9" * 101, "9" * 4_301, "9" * 50_000])
def test_a_number_that_is_too_long_is_a_mistake(api: Api, number: str) -> None:
    """Python would refuse to read it."""
    assert _control(api, "GET", f"requests?after={number}").status_code in (400, 422)
