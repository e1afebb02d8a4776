"""The same ids and times in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.emulator.conftest import Api


def live(api: Api, zipped: bytes) -> list[Any]:
    """Make one of everything, and give all answers."""
    spec_id = api.make_spec(artifact=zipped)
    deployment_id = api.make_deployment(spec_id)
    api.revise(deployment_id)
    paths = ["specs/", f"specs/{spec_id}", "deployments/", f"deployments/{deployment_id}"]
    paths += [f"deployments/{deployment_id}/revisions/{number}" for number in (1, 2)]
    return [api.get(f"/v1/blocks/{path}").json() for path in paths]


def test_the_same_number_gives_the_same_answers(make_api: Callable[..., Api], make_zip: Callable[..., bytes]) -> None:
    """Ids and times follow from the number and the calls; another number gives other ids."""
    zipped = make_zip({"a": "1"})
    first, second, third = (live(make_api(seed_number=number), zipped) for number in (7, 7, 8))
    assert first == second
    assert first[1]["metadata"]["createdAt"] == third[1]["metadata"]["createdAt"] == "2020-01-01T18:00:01.000Z"
    assert first[1]["id"] != third[1]["id"]


def test_ids_are_as_different_as_random_ones(make_api: Callable[..., Api]) -> None:
    """No id comes twice, and each is a UUID of version 4."""
    api = make_api(seed_number=1)
    ids = [api.make_spec(f"etl-{number}") for number in range(20)]
    assert len(set(ids)) == 20
    assert {found[14] for found in ids} == {"4"}


def test_a_call_that_stores_nothing_uses_up_no_id(make_api: Callable[..., Api]) -> None:
    """Refusals, rehearsals and reads leave the next id as it was; each call of Press takes a second."""
    plain, busy = make_api(seed_number=1), make_api(seed_number=1)
    busy.send_spec("", query="?validate=true")
    busy.send_spec("rehearsed", query="?validate=true")
    busy.get("/v1/blocks/specs/")
    assert plain.make_spec() == busy.make_spec()
    times = [api.get("/v1/blocks/specs/").json()["specs"][0]["metadata"]["createdAt"] for api in (plain, busy)]
    assert times == ["2020-01-01T18:00:01.000Z", "2020-01-01T18:00:04.000Z"]


def test_what_a_client_sends_of_itself_takes_no_time(make_api: Callable[..., Api]) -> None:
    """The session and the telemetry come when they like, and so must not count."""
    api = make_api(seed_number=1)
    before = api.press.info()["clock"]
    api.get("/tenant-management/api/v1/external/tenants/tenant-metadata")
    api.post("/resource-usage/api/v1/telemetry", json={"source": "sdk"})
    assert api.press.info()["clock"]["now"] == before["now"] == "2020-01-01T18:00:00.000Z"


def test_rollouts_by_time_go_on_with_the_calls(make_api: Callable[..., Api]) -> None:
    """Three seconds are over after three calls."""
    api = make_api(seed_number=1, rollout="seconds:3")
    deployment_id = api.make_deployment(api.make_spec())
    assert [api.status(deployment_id) for _ in range(3)] == ["deploying", "deploying", "deployed"]


def test_a_restart_goes_on_where_it_was(tmp_path: Path, make_api: Callable[..., Api]) -> None:
    """Ids and times of a state folder go on as if there had been no restart."""
    whole = make_api(seed_number=1)
    expected = [whole.make_spec(name) for name in ("a", "b")]
    found = []
    for name in ("a", "b"):
        with start(state=tmp_path, seed_number=1) as press:
            api = type(whole)(press, press.token)
            found.append(api.make_spec(name))
            now = press.info()["clock"]["now"]
            api.session.close()
    assert (found, now) == (expected, "2020-01-01T18:00:02.000Z")


def test_a_reset_begins_anew(make_api: Callable[..., Api]) -> None:
    """After it come the first ids and times again."""
    api = make_api(seed_number=1)
    first = api.make_spec()
    api.press.reset()
    assert (api.make_spec(), api.press.info()["seedNumber"]) == (first, 1)


def test_the_journal_has_the_same_times_too(make_api: Callable[..., Api]) -> None:
    """A call is noted with the time at which it began."""
    api = make_api(seed_number=1)
    api.make_spec()
    api.make_spec("other")
    assert [entry["time"] for entry in api.press.requests()] == ["2020-01-01T18:00:00.000Z", "2020-01-01T18:00:01.000Z"]
