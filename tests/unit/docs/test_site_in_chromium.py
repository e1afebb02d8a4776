"""The built site, as headless Chromium shows it: wide and narrow, and without a request to elsewhere."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.support.chromium import NARROW, WIDE, Chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FETCHED = "performance.getEntriesByType('resource').map((entry) => entry.name)"
WIDER = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address under which the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def fetched(address: str, tell: Callable[[str], None]) -> Iterator[list[str]]:
    """What the pages fetched; how much, and from where, is told at the end."""
    urls: list[str] = []
    yield urls
    away = [url for url in urls if not url.startswith(address)]
    tell(f"site: {len(urls)} requests of the browser, {len(away)} to other hosts")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("page", ["index", "block-deployment", "workflow", "mistakes", "stacks"])
def test_page_fits_and_fetches_from_the_site_alone(
    page: str, width: int, chromium: Chromium, address: str, fetched: list[str]
) -> None:
    """No page is wider than its window, complains, or asks another host for anything."""
    chromium.complaints.clear()
    chromium.show(f"{address}{page}.html", width)

    urls = chromium.evaluate(FETCHED)
    fetched.extend(urls)

    assert [url for url in urls if not url.startswith(address)] == []
    assert len(urls) > 1
    assert chromium.evaluate(WIDER) == 0
    assert chromium.complaints == []


def test_search_finds_a_page_without_asking_elsewhere(chromium: Chromium, address: str, fetched: list[str]) -> None:
    """A word leads to the page that is about it."""
    chromium.complaints.clear()
    chromium.show(f"{address}index.html?q=imageRef")

    chromium.wait_for("document.querySelector('.md-search-result__item a')")

    found = chromium.evaluate("[...document.querySelectorAll('.md-search-result__item a')].map((link) => link.href)")
    urls = chromium.evaluate(FETCHED)
    fetched.extend(urls)
    assert any("workflow.html" in link for link in found)
    assert [url for url in urls if not url.startswith(address)] == []
