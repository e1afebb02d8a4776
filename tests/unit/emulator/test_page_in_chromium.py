"""The page at `/`, as headless Chromium shows it.

KEEP_PICTURE=docs/emulator-page.png in the environment renews the picture of the docs.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator.backend.rollout_simulation import ResourceError
    from tests.unit.emulator.conftest import Api

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PIPES = 'exec 3<&{read} 4>&{write}; exec "$@"'  # Chromium takes its orders on 3 and answers on 4.
SIZE = {"width": 1280, "height": 1320, "deviceScaleFactor": 1, "mobile": False}
NARROW = {**SIZE, "width": 420, "mobile": True}
ROOT = Path(__file__).parents[3]


class Chromium:
    """A browser with one page, driven by the DevTools protocol."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = os.fdopen(orders, "wb"), os.fdopen(answers, "rb")
        self._count = 0
        self._session = ""
        self.complaints: list[str] = []
        """What the page's console was told."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return its answer."""
        self._count += 1
        order = {"id": self._count, "method": method, "params": parameters}
        self._send({**order, "sessionId": self._session} if self._session else order)
        while (message := self._read()).get("id") != self._count:
            pass
        assert "error" not in message, message
        result: dict[str, Any] = message["result"]
        return result

    def show(self, url: str, size: dict[str, Any]) -> None:
        """Show a page in a window of a size, and wait until it is there."""
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self._count += 1
        self._send({"id": self._count, "method": "Page.navigate", "params": {"url": url}, "sessionId": self._session})
        while self._read().get("method") != "Page.loadEventFired":
            pass

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression of the page's."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"]["value"]

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def close(self) -> None:
        """Let go of the pipes."""
        self._orders.close()
        self._answers.close()

    def _send(self, message: dict[str, Any]) -> None:
        self._orders.write(json.dumps(message).encode() + b"\0")
        self._orders.flush()

    def _read(self) -> dict[str, Any]:
        text = b""
        while not text.endswith(b"\0"):
            byte = self._answers.read(1)
            assert byte, "Chromium is gone"
            text += byte
        message: dict[str, Any] = json.loads(text[:-1])
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        return message


@contextmanager
def run_chromium(program: str, folder: Path) -> Iterator[Chromium]:
    """Run Chromium with a profile of its own."""
    their_orders, orders = os.pipe()
    answers, their_answers = os.pipe()
    command = ["bash", "-c", PIPES.format(read=their_orders, write=their_answers), "bash", program, *OPTIONS]
    process = subprocess.Popen(
        [*command, f"--user-data-dir={folder}"],
        pass_fds=(their_orders, their_answers),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_orders)
    os.close(their_answers)
    browser = None
    try:
        browser = Chromium(orders, answers)
        yield browser
    finally:
        process.terminate()
        process.wait(30)
        if browser:
            browser.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Give a browser, where there is one."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"there is no Chromium on PATH ({', '.join(NAMES)}) nor in CHROMIUM")
    with run_chromium(program, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def lived(make_api: Callable[..., Api], make_zip: Callable[..., bytes], run_parameters: dict[str, Any]) -> Api:
    """Give a local Press in which much has happened: releases, a failure, a redeploy, a warning, a rollback."""
    api = make_api(seed_number=1, rollout="seconds:2", tokens={"token": "north"})
    zipped = make_zip({"main.py": "print()", "Dockerfile": "FROM python", "lib/load.py": "x = 1\n" * 400})
    summary = {"title": "Nightly load", "summary": "Loads the orders of the day.", "tags": [{"name": "sales"}]}
    spec = api.make_spec("nightly-load", artifact=zipped, parameters=run_parameters, metadata=summary)
    run = {"run": {"rounds": 3, "password": "hush"}}
    killed: ResourceError = {"code": 137, "message": "the container ran out of memory"}
    api.press.outcomes(
        {"deployment": "load-live", "revision": 2, "status": "failed", "times": 1},
        {"deployment": "load-test", "revision": 2, "status": "rollback_complete", "errors": [killed]},
    )
    live = api.make_deployment(spec, "load-live", parameters=run, revision={"notes": "The first"})
    api.press.advance(60)
    api.make_release(spec, "1.1.0", parameters=run_parameters, artifact=make_zip({"main.py": "print(1)"}))
    api.revise(live, revision={"notes": "Faster"})
    api.press.advance(60)
    api.post(f"/v1/blocks/deployments/{live}/redeploy")
    test = api.make_deployment(spec, "load-test", parameters=run, metadata={"name": "load-test", "summary": "Tries."})
    api.press.advance(60)
    api.revise(test)
    api.press.advance(60)
    api.get("/v1/blocks/specs/?sort=colour:asc")
    return api


def test_the_page_shows_what_happened(chromium: Chromium, lived: Api) -> None:
    """Specs, releases, deployments, revisions and their statuses over time are seen, and nothing is complained of."""
    chromium.complaints.clear()
    chromium.show(f"{lived.press.url}/", SIZE)
    seen = chromium.evaluate("document.body.innerText")
    picture = chromium.picture()

    for words in ("nightly-load", "1.0.0", "1.1.0", "load-live", "load-test", "137: the container ran out of memory"):
        assert words in seen
    histories = chromium.evaluate("[...document.querySelectorAll('.history')].map(list => list.innerText)")
    assert [[step.split()[0] for step in steps.splitlines() if step] for steps in histories] == [
        ["deploying", "rollback", "rollback_complete"],
        ["deploying", "deployed"],
        ["deploying", "failed", "deploying", "deployed"],
        ["deploying", "deployed", "superseded"],
    ]
    assert "hush" not in seen
    assert chromium.complaints == []
    assert picture.startswith(b"\x89PNG")
    if keep := os.environ.get("KEEP_PICTURE"):
        (ROOT / keep).write_bytes(picture)


def test_statuses_are_told_apart_by_colour(chromium: Chromium, lived: Api) -> None:
    """What is well and what is not do not look alike."""
    chromium.show(f"{lived.press.url}/", SIZE)
    badge = "getComputedStyle([...document.querySelectorAll('.badge')].find(b => b.innerText == '{}')).color"
    colours = [chromium.evaluate(badge.format(status)) for status in ("deployed", "rollback_complete", "superseded")]

    assert len(set(colours)) == 3


@pytest.mark.parametrize("size", [SIZE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_cut_off(chromium: Chromium, lived: Api, size: dict[str, Any]) -> None:
    """The page is no wider than its window, be it a telephone's."""
    chromium.show(f"{lived.press.url}/", size)

    assert chromium.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert chromium.evaluate("[...document.querySelectorAll('h3')].every(h => h.getBoundingClientRect().width > 0)")
