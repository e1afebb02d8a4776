"""The page at `/`."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api


class _Reader(HTMLParser):
    """Collects the text, and the names of the tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (as its base)
        """Note a tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip():
            self.text.append(data.strip())


def _read(api: Api) -> _Reader:
    answer = requests.get(api.press.url + "/", timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return _Reader(answer.text)


def test_an_empty_page_says_what_will_be_there(api: Api) -> None:
    """Nothing stored yet is told in words, not by empty tables."""
    page = _read(api)
    assert "No spec is published yet. A spec shows here with its releases." in page.text
    assert "Nothing is deployed yet. A deployment shows here with its revisions." in page.text
    assert "table" not in page.tags


def test_the_page_shows_specs_releases_deployments_and_revisions(
    api: Api, make_zip: Callable[..., bytes], run_parameters: dict[str, Any]
) -> None:
    """Names, versions, statuses, values, errors and the latest calls are there."""
    spec_id = api.make_spec(parameters=run_parameters, artifact=make_zip({"a": "1"}))
    api.make_release(spec_id, "1.1.0", parameters=run_parameters)
    api.press.outcomes({"status": "failed", "errors": [{"code": 137, "message": "out of memory"}]})
    api.make_deployment(spec_id, parameters={"run": {"rounds": 3, "password": "hush"}})
    text = _read(api).text
    for expected in ("etl", "1.0.0", "1.1.0", "train", "prod", "failed", "rounds = 3", "password = ********"):
        assert expected in text
    assert "137: out of memory" in text
    assert [word for word in text if word in {"deploying", "failed"}] == ["failed", "failed", "deploying", "failed"]
    assert "/v1/blocks/deployments/" in text


def test_what_people_wrote_is_escaped(api: Api) -> None:
    """A name with markup is shown as it is."""
    name = "<script>alert(1)</script>"
    spec_id = api.make_spec(name, metadata={"summary": "<img src=x>"})
    api.make_deployment(spec_id, "<b>&amp;")
    page = _read(api)
    assert page.tags.isdisjoint({"script", "img"})
    assert {name, "<img src=x>", "<b>&amp;"} <= set(page.text)
