"""Faults: what goes wrong on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_press.emulator import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"


def test_a_status_in_place_of_the_work(api: Api) -> None:
    """The call gets the status, the words and the headers, and nothing is done."""
    then: Any = {"status": 429, "detail": "slow down", "headers": {"Retry-After": "2"}}
    api.press.faults({"match": {"method": "POST"}, "times": 1, "then": then})
    refused = api.send_spec()
    assert (refused.status_code, refused.json(), refused.headers["Retry-After"]) == (429, {"detail": "slow down"}, "2")
    assert api.get(SPECS).json()["specCount"] == 0
    assert api.send_spec().status_code == 201


def test_a_status_after_the_work(api: Api) -> None:
    """With `when: after` the work is done, and only the answer is bad."""
    api.press.faults({"then": {"status": 502, "when": "after"}, "times": 1})
    assert api.send_spec().status_code == 502
    assert api.get(SPECS).json()["specCount"] == 1


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_connection_is_dropped(api: Api, when: Any, count: int) -> None:
    """The caller sees a broken connection, whether or not the work was done."""
    api.press.faults({"match": {"method": "POST"}, "then": {"drop": True, "when": when}})
    with pytest.raises(requests.ConnectionError):
        api.send_spec()
    assert api.get(SPECS).json()["specCount"] == count
    [dropped, _] = api.press.requests()
    assert (dropped["method"], dropped["status"], dropped["fault"]) == ("POST", None, 1)


def test_a_body_is_garbage_or_nothing(api: Api) -> None:
    """The work is done, and the body is not what it should be."""
    api.press.faults({"then": {"body": "garbage"}, "times": 1}, {"then": {"body": "empty"}, "times": 1})
    garbage, empty = api.get(SPECS), api.get(SPECS)
    assert (garbage.status_code, empty.status_code, empty.content) == (200, 200, b"")
    with pytest.raises(requests.JSONDecodeError):
        garbage.json()


def test_garbage_in_place_of_no_content(make_api: Callable[..., Api]) -> None:
    """An answer that has no body is garbage with another status."""
    api = make_api(assume={"delete_status": 204})
    identity = api.send_spec().json()["id"]
    api.press.faults({"match": {"method": "DELETE"}, "then": {"body": "garbage"}, "times": 1})

    deleted = api.delete(f"{SPECS}{identity}")

    assert (deleted.status_code, deleted.text[:1]) == (200, "<")


def test_a_body_is_cut_off(api: Api) -> None:
    """More bytes are announced than come."""
    api.press.faults({"match": {"path": "/v1/*"}, "then": {"body": "truncated"}, "times": 1})
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        api.get(SPECS)
    assert api.get(SPECS).status_code == 200


def test_an_answer_is_late_and_holds_up_no_other(api: Api) -> None:
    """While one call waits for its delay, the next is answered."""
    api.press.faults({"then": {"delay": 2}, "times": 1})
    with pytest.raises(requests.Timeout):
        requests.get(api.press.url + SPECS, headers={"Authorization": api.token}, timeout=0.1)
    assert api.get(SPECS).status_code == 200
    assert [entry["status"] for entry in api.press.requests()] == [None, 200]


def test_headers_alone_are_added_to_the_answer(api: Api) -> None:
    """The work is done, and the answer has a header more."""
    api.press.faults({"then": {"headers": {"X-Extra": "1"}}})
    answer = api.get(SPECS)
    assert (answer.status_code, answer.headers["X-Extra"], answer.json()["specCount"]) == (200, "1", 0)


def test_rules_skip_and_count_in_their_order(api: Api) -> None:
    """A rule lets `skip` calls pass, then fires `times` times; the next rule gets what it leaves."""
    api.press.faults(
        {"match": {"method": "get", "path": SPECS}, "skip": 1, "times": 2, "then": {"status": 500}},
        {"match": {"path": "/v1/blocks/*"}, "skip": 2, "times": 1, "then": {"status": 503}},
    )
    assert [api.get(SPECS).status_code for _ in range(6)] == [200, 500, 500, 200, 503, 200]
    assert [(rule["number"], rule["used"], rule["left"]) for rule in api.press.faults()] == [(1, 2, 0), (2, 1, 0)]
    api.press.clear_faults()
    assert api.press.faults() == []


def test_a_rule_can_be_about_one_tenant(make_api: Callable[..., Api]) -> None:
    """Other tenants are not touched."""
    north = make_api(tokens={"n": "north", "s": "south"})
    south = type(north)(north.press, "s", north.session)
    north.press.faults({"match": {"tenant": "south"}, "then": {"status": 403}})
    assert (north.get(SPECS).status_code, south.get(SPECS).status_code) == (200, 403)


def test_the_control_plane_is_never_at_fault(api: Api) -> None:
    """A rule for every call is about the API only."""
    api.press.faults({"then": {"drop": True}})
    assert api.press.info()["counts"]["specs"] == 0


def test_a_large_upload_hears_its_fault(api: Api) -> None:
    """The body is read before the fault is answered."""
    api.press.faults({"then": {"status": 503}})
    assert api.send_spec(artifact=bytes(20 * 2**20)).status_code == 503


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({}, "[0].then"),
        ({"then": {}}, "[0].then"),
        ({"then": {"status": 99}}, "[0].then.status"),
        ({"then": {"drop": True, "status": 500}}, "[0].then"),
        ({"then": {"detail": "x", "delay": 1}}, "[0].then.detail"),
        ({"then": {"delay": -1}}, "[0].then.delay"),
        ({"then": {"headers": {"X": "a\r\nb"}}}, "[0].then.headers.X"),
        ({"then": {"status": 500}, "times": 0}, "[0].times"),
        ({"then": {"status": 500}, "match": {"verb": "GET"}}, "[0].match.verb"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_path(api: Api, rule: Any, path: str) -> None:
    """Nothing is laid down, and the answer names the mistake."""
    with pytest.raises(ControlError) as error:
        api.press.faults({"then": {"status": 500}}, rule)
    assert str(error.value).startswith(path.replace("[0]", "[1]"))
    assert api.press.faults() == []


@pytest.mark.parametrize(("seed", "expected"), [(1, [True, False, False, True]), (2, [False, False, True, True])])
def test_chance_follows_from_the_seed(api: Api, seed: int, expected: list[bool]) -> None:
    """The same seed makes the same calls go wrong, in every run."""
    for _ in range(2):
        api.press.clear_faults()
        api.press.faults({"probability": 0.5, "seed": seed, "then": {"status": 503}})
        assert [api.get(SPECS).status_code == 503 for _ in range(4)] == expected


def test_what_chance_spares_does_not_count(api: Api) -> None:
    """`times` counts the calls that went wrong; a call that one rule spares may meet the next."""
    api.press.faults(
        {"probability": 0.5, "seed": 1, "skip": 1, "times": 1, "then": {"status": 503}}, {"then": {"status": 502}}
    )
    statuses = [api.get(SPECS).status_code for _ in range(6)]
    assert statuses[0] == 502
    assert sorted(statuses[1:]) == [502, 502, 502, 502, 503]
    assert api.press.faults()[0]["used"] == 1


@pytest.mark.parametrize("probability", [0, 1.5, "often"])
def test_a_probability_is_a_number_up_to_one(api: Api, probability: Any) -> None:
    """Anything else is refused, with its place."""
    with pytest.raises(ControlError, match=r"\[0\].probability"):
        api.press.faults({"probability": probability, "then": {"status": 503}})
