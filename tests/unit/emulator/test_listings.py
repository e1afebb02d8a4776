"""Listings: pages, filters and order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"


def _names(api: Api, query: str, path: str = SPECS) -> list[str]:
    answer = api.get(path + query)
    assert answer.status_code == 200, answer.text
    return [item["metadata"]["name"] for item in answer.json()[path.split("/")[3]]]


@pytest.fixture
def three(api: Api) -> Api:
    """Give three specs: different titles, statuses and scopes; the second is featured."""
    for name, title, scope in (
        ("load-a", "Zeta", "private"),
        ("load-b", "Beta", "public"),
        ("save-c", "Beat", "private"),
    ):
        api.make_spec(name, metadata={"title": title}, scope=scope, featured=name == "load-b")
    spec_id = api.get(SPECS + "?name=save").json()["specs"][0]["id"]
    api.patch(SPECS + spec_id, json={"metadata": {"status": "archived"}})
    return api


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["load-a", "load-b", "save-c"]),
        ("?name=load", ["load-a", "load-b"]),
        ("?name=oad", []),
        ("?name=LOAD", []),
        ("?title=Be", ["load-b", "save-c"]),
        ("?name=%25", []),
        ("?status=archived", ["save-c"]),
        ("?status=available&status=archived", ["load-a", "load-b", "save-c"]),
        ("?status=available%2Carchived", ["load-a", "load-b", "save-c"]),
        ("?status=unavailable", []),
        ("?featured=True", ["load-b"]),
        ("?featured=false", ["load-a", "save-c"]),
        ("?scope=public", ["load-b"]),
        ("?scope=private,shared&name=save", ["save-c"]),
        ("?sort=name%3Adesc", ["save-c", "load-b", "load-a"]),
        ("?sort=title:asc", ["save-c", "load-b", "load-a"]),
        ("?sort=createdBy:asc&sort=name:desc", ["save-c", "load-b", "load-a"]),
        ("?sort=createdBy:asc,name:desc", ["save-c", "load-b", "load-a"]),
        ("?sort=createdAt:desc&sort=name:asc&pageSize=1&pageNumber=3", ["load-a"]),
        ("?pageSize=2&pageNumber=2", ["save-c"]),
        ("?pageNumber=9", []),
    ],
)
def test_specs_are_filtered_sorted_and_paged(three: Api, query: str, names: list[str]) -> None:
    """Each key of the query does what the client's documentation says."""
    assert _names(three, query) == names


def test_a_page_says_where_it_stands(three: Api) -> None:
    """Counts are of all pages, the number and the size of this one."""
    page: dict[str, Any] = three.get(SPECS + "?pageSize=2&pageNumber=2").json()
    assert {key: value for key, value in page.items() if key != "specs"} == {
        "pageCount": 2,
        "pageNumber": 2,
        "pageSize": 2,
        "specCount": 3,
    }


def test_an_empty_listing_has_no_pages(api: Api) -> None:
    """Nothing to list is no error."""
    assert api.get(DEPLOYMENTS).json() == {
        "pageCount": 0,
        "pageNumber": 1,
        "pageSize": 25,
        "deploymentCount": 0,
        "deployments": [],
    }


def test_deployments_are_filtered_by_status_name_and_title(api: Api) -> None:
    """The live status counts."""
    spec_id = api.make_spec()
    api.press.outcomes({"deployment": "b*", "status": "failed"})
    for name, title in (("a1", "One"), ("b1", "Two"), ("b2", "Three")):
        api.make_deployment(spec_id, metadata={"name": name, "title": title})
    found = {
        query: _names(api, query, DEPLOYMENTS)
        for query in ("?status=failed", "?status=deployed", "?name=b2", "?title=T", "?sort=name:desc")
    }
    assert found == {
        "?status=failed": ["b1", "b2"],
        "?status=deployed": ["a1"],
        "?name=b2": ["b2"],
        "?title=T": ["b1", "b2"],
        "?sort=name:desc": ["b2", "b1", "a1"],
    }


def test_revisions_are_filtered_and_sorted(api: Api) -> None:
    """Revisions have a status of their own, `superseded` among them."""
    deployment_id = api.make_deployment(api.make_spec())
    for _ in range(2):
        api.revise(deployment_id)
    path = f"{DEPLOYMENTS}{deployment_id}/revisions"
    found = [
        [item["revision"] for item in api.get(path + query).json()["revisions"]]
        for query in ("?status=superseded", "?sort=createdAt:desc&pageSize=1", "?status=failed,deployed")
    ]
    assert (found[0], len(found[1]), found[2]) == ([1, 2], 1, [3])


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("?pageSize=0", "pageSize"),
        ("?pageSize=101", "pageSize"),
        ("?pageSize=many", "pageSize"),
        ("?pageSize=%D9%A3", "pageSize"),
        ("?pageNumber=0", "pageNumber"),
        ("?pageNumber=-1", "pageNumber"),
        ("?pageNumber=1&pageNumber=2", "pageNumber"),
        ("?pageNumber=" + "9" * 5000, "pageNumber"),
        ("?sort=name:up", "sort"),
        ("?sort=colour:asc", "sort"),
        ("?status=fine", "status"),
        ("?colour=red", "colour"),
    ],
)
def test_a_wrong_query_is_refused_by_its_key(api: Api, query: str, key: str) -> None:
    """Listing deployments documents 422, listing specs does not: there a mistake is 400."""
    for path, status in ((SPECS, 400), (DEPLOYMENTS, 422)):
        refused = api.get(path + query)
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (status, key)


def test_featured_is_true_or_false(api: Api) -> None:
    """Anything else is a mistake."""
    assert api.get(SPECS + "?featured=1").status_code == 400


def test_calls_that_list_nothing_take_no_query(api: Api) -> None:
    """A key where none belongs is a mistake, not silently dropped."""
    spec_id = api.make_spec()
    assert api.get(f"{SPECS}{spec_id}?pageSize=3").status_code == 400
    assert api.delete(f"{SPECS}{spec_id}?force=true").status_code == 422
