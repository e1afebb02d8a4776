"""Listings over all their pages, and page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import InvalidResponse, NotFound, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press


def item(number: int) -> dict[str, Any]:
    """Give an item that fits every listing."""
    return {
        "id": f"item-{number}",
        "kind": "workflow",
        "metadata": {"name": "n", "status": "deployed"},
        "spec": {"id": "s"},
        "latestRevision": {"revision": 1},
        "revision": number,
        "version": f"{number}.0.0",
    }


LISTINGS: dict[str, Callable[..., Any]] = {
    "specs": lambda c, **o: c.list_specs(**o),
    "releases": lambda c, **o: c.list_spec_releases("s", **o),
    "deployments": lambda c, **o: c.list_deployments(**o),
    "revisions": lambda c, **o: c.list_deployment_revisions("d", **o),
}


@pytest.fixture(params=LISTINGS)
def key(request: pytest.FixtureRequest) -> str:
    """The key of each listing."""
    return str(request.param)


def numbers(press: Press) -> list[str]:
    """Which pages were asked for."""
    return [target.partition("pageNumber=")[2] for target in press.targets]


def test_all_pages_are_walked(client: Client, press: Press, key: str) -> None:
    """Items of all pages come in order, each page is asked for once, and `page_number` changes nothing."""
    pages = [[item(1), item(2)], [item(3)], [item(4)]]
    for page in pages:
        press.answers(200, {key: page, "pageCount": 3})

    assert list(LISTINGS[key](client, page_number=2)) == [item(1), item(2), item(3), item(4)]
    assert numbers(press) == ["1", "2", "3"]


def test_pages_are_asked_for_as_they_are_needed(client: Client, press: Press, key: str) -> None:
    """Nothing is sent before the first item is wanted, and no page before the one ahead of it is used up."""
    press.answers(200, {key: [item(1), item(2)], "pageCount": 2}).answers(200, {key: [], "pageCount": 2})
    items = LISTINGS[key](client)

    assert numbers(press) == []
    assert [next(items), next(items)] == [item(1), item(2)]
    assert numbers(press) == ["1"]
    assert list(items) == []
    assert numbers(press) == ["1", "2"]


@pytest.mark.parametrize(
    ("counts", "asked"), [([0], 1), ([1], 1), ([2, 1], 2), ([3, 2], 2), ([1, 9], 1), ([2, 3, 3], 3)]
)
def test_the_latest_page_count_decides(client: Client, press: Press, key: str, counts: list[int], asked: int) -> None:
    """A listing that grows or shrinks while it is walked is walked to its new end."""
    for count in counts:
        press.answers(200, {key: [], "pageCount": count})

    assert list(LISTINGS[key](client)) == []
    assert len(press.received) == asked


def test_an_empty_page_is_passed_over(client: Client, press: Press, key: str) -> None:
    """A page without items is not the end."""
    for items in ([item(1)], [], [item(2)]):
        press.answers(200, {key: items, "pageCount": 3})

    assert list(LISTINGS[key](client)) == [item(1), item(2)]


def test_one_page_is_the_whole_object(client: Client, press: Press, key: str) -> None:
    """Without the iterator, one page is returned as it came, and the number is sent only if it is given."""
    page = {key: [item(1)], "pageCount": 7, "pageNumber": 3, "total": 70}
    press.answers(200, page).answers(200, page)

    assert LISTINGS[key](client, return_iterator=False) == page
    assert LISTINGS[key](client, return_iterator=False, page_number=3, page_size=10) == page
    assert [target.partition("?")[2] for target in press.targets] == ["", "pageSize=10&pageNumber=3"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pageCount": None}, "pageCount should be a whole number, not nothing"),
        ({"pageCount": "2"}, "pageCount should be a whole number, not text"),
        ({"pageCount": 1.5}, "pageCount should be a whole number, not a fractional number"),
        ({"pageCount": True}, "pageCount should be a whole number, not true or false"),
        ({"pageCount": -1}, "pageCount is below 0"),
        ({"items": {}}, "should be a list, not an object"),
        ({"items": None}, "should be a list, not nothing"),
        ({"items": ["x"]}, "should be an object, not text"),
    ],
)
@pytest.mark.parametrize("return_iterator", [True, False])
def test_a_page_of_another_shape_is_an_error(
    client: Client, press: Press, key: str, change: dict[str, object], reason: str, *, return_iterator: bool
) -> None:
    """What is wrong with a page is named, in both forms."""
    page = {key: [], "pageCount": 1, **{(key if name == "items" else name): value for name, value in change.items()}}
    press.answers(200, page)

    with pytest.raises(InvalidResponse, match=reason) as caught:
        list(LISTINGS[key](client, return_iterator=return_iterator))

    assert not caught.value.outcome_unknown


@pytest.mark.parametrize("missing", ["pageCount", "items"])
def test_a_page_with_something_missing_is_an_error(client: Client, press: Press, key: str, missing: str) -> None:
    """A page without its list or its count is not taken for the last."""
    page = {key: [], "pageCount": 1}
    del page[key if missing == "items" else missing]
    press.answers(200, page)

    with pytest.raises(InvalidResponse, match="is missing"):
        list(LISTINGS[key](client))


@pytest.mark.parametrize("items", [[], [item(1)], [item(2), item(1)]])
def test_endless_pages_without_anything_new_end(
    client: Client, press: Press, key: str, items: list[dict[str, Any]]
) -> None:
    """A service that announces pages for ever and fills none, or gives the same again and again, is found out."""
    for number in range(102):
        press.answers(200, {key: items, "pageCount": number + 2})
    told = []

    with pytest.raises(InvalidResponse, match=r"100 pages in a row with nothing new, of 10[12] that are announced"):
        told.extend(LISTINGS[key](client))

    assert told == items
    assert len(press.received) == (101 if items else 100)


def test_an_item_that_moved_to_the_next_page_is_told_once(client: Client, press: Press, key: str) -> None:
    """A listing to which something is added while it is walked tells of nothing twice."""
    for items in ([item(1), item(2)], [item(2), item(3)]):
        press.answers(200, {key: items, "pageCount": 2})

    assert list(LISTINGS[key](client)) == [item(1), item(2), item(3)]


def test_endless_full_pages_end(client: Client, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that has something new on every page for ever is left."""
    monkeypatch.setattr("pulumi_press.client.listing._MOST_PAGES", 5)
    for number in range(6):
        press.answers(200, {"specs": [item(number + 1)], "pageCount": number + 2})

    with pytest.raises(InvalidResponse, match="more than 5 pages"):
        list(client.list_specs())

    assert len(press.received) == 5


def test_a_failing_page_fails_the_walk(client: Client, press: Press) -> None:
    """An error on a later page comes after the items of the earlier ones; a passing failure is not noticed."""
    press.answers(200, {"releases": [item(1)], "pageCount": 2}).answers(503, {}).answers(404, {})
    items = client.list_spec_releases("s")

    assert next(items) == item(1)
    with pytest.raises(NotFound):
        next(items)


def test_a_single_text_is_one_filter(client: Client, press: Press) -> None:
    """A status given as text, and not as a list, is not taken apart letter by letter."""
    list(client.list_specs(status="archived"))
    press.answers(401, {})
    with pytest.raises(Unauthorized):
        client.list_specs(return_iterator=False)

    assert press.targets[0] == "/v1/blocks/specs/?status=archived&pageNumber=1"
