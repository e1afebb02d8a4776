"""Headless Chromium, driven by the DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["NAMES", "NARROW", "WIDE", "Chromium", "find_program", "run_chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PIPES = 'exec 3<&{read} 4>&{write}; exec "$@"'  # Chromium takes its orders on 3 and answers on 4.
WIDE = 1280
NARROW = 420
HEIGHT = 900
CHUNK = 2**20
PATIENCE = 20_000
"""Milliseconds that an expression has to become true."""

CONTRASTS = """
(() => {
  const part = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r / 255) + 0.7152 * part(g / 255) + 0.0722 * part(b / 255);
  const read = (color) => color.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = read(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    const [one, other] = [light(read(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) found[walker.currentNode.data.trim().slice(0, 40)] = contrast.toFixed(2);
  }
  return found;
})()
"""
"""The texts whose contrast is below that of WCAG AA, with it."""

SMALL = """
[...document.querySelectorAll("body *")].filter((element) =>
  [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && element.getClientRects().length && parseFloat(getComputedStyle(element).fontSize) < 12
).map((element) => element.innerText.slice(0, 40))
"""

UNNAMED = """
[...document.querySelectorAll("a, button, input, select, summary, [tabindex='0']")].filter((element) =>
  element.getClientRects().length && !element.innerText?.trim() && !element.ariaLabel && !element.labels?.length
).map((element) => element.outerHTML.slice(0, 80))
"""

LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4')].map((head) => Number(head.tagName[1]))"


class Chromium:
    """A browser, and the page of it that is looked at."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = os.fdopen(orders, "wb"), os.fdopen(answers, "rb", buffering=0)
        self._received = bytearray()
        self._count = 0
        self._session = ""
        self.complaints: list[str] = []
        """What the pages' consoles were told."""
        self.open_tab()

    def open_tab(self) -> str:
        """Open a further page, look at it, and return what `look_at` takes."""
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime"):
            self.ask(f"{domain}.enable")
        return self._session

    def look_at(self, tab: str) -> None:
        """Look at another page that was opened."""
        self._session = tab

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return its answer."""
        message = self._try(method, **parameters)
        assert "error" not in message, message
        result: dict[str, Any] = message["result"]
        return result

    def _try(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return its answer, or the error."""
        self._count += 1
        order = {"id": self._count, "method": method, "params": parameters}
        self._send({**order, "sessionId": self._session} if self._session else order)
        while (message := self._read()).get("id") != self._count:
            pass
        return message

    def show(self, url: str, width: int = WIDE, *, height: int = HEIGHT, scheme: str = "light") -> None:
        """Show a page in a window of a size, and wait until it is there."""
        self._resize(width, height)
        self.set_scheme(scheme)
        self._count += 1
        self._send({"id": self._count, "method": "Page.navigate", "params": {"url": url}, "sessionId": self._session})
        while (message := self._read()).get("method") != "Page.loadEventFired" or (
            message.get("sessionId") != self._session
        ):
            pass

    def set_scheme(self, scheme: str) -> None:
        """Let the page take the reader for one who prefers `light`, or `dark`."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression of the page's, once it is known."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until an expression of the page's is true."""
        script = f"""new Promise((resolve) => {{
            const end = Date.now() + {PATIENCE};
            const look = () => ({condition}) ? resolve(true) : Date.now() > end ? resolve(false) : setTimeout(look, 20);
            look();
        }})"""
        while True:
            answer = self._try("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
            # An expression ends with its page; the next one is asked then.
            if "error" not in answer:
                break
        assert answer["result"]["result"].get("value"), (condition, self.evaluate("document.body.innerText"))

    def press(self, key: str, code: int) -> None:
        """Press a key and let it go."""
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self, width: int = WIDE, most: int = 2_000) -> bytes:
        """Return the page from its top to its end, or to so many pixels, as PNG."""
        height = min(self.evaluate("Math.ceil(document.body.getBoundingClientRect().bottom)"), most)
        self._resize(width, height)
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def find_faults(self) -> dict[str, Any]:
        """Return what of the page cannot be read or reached by everyone; nothing if all is well."""
        levels = self.evaluate(LEVELS)
        faults = {
            "too wide": self.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"),
            **{scheme: self._find_pale(scheme) for scheme in ("dark", "light")},
            "small": self.evaluate(SMALL),
            "unnamed": self.evaluate(UNNAMED),
            "headings": levels[:1] != [1] or any(b > a + 1 for a, b in pairwise(levels)),
        }
        return {fault: found for fault, found in faults.items() if found}

    def _find_pale(self, scheme: str) -> Any:
        self.set_scheme(scheme)
        return self.evaluate(CONTRASTS)

    def close(self) -> None:
        """Let go of the pipes."""
        self._orders.close()
        self._answers.close()

    def _resize(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width == NARROW,
        )

    def _send(self, message: dict[str, Any]) -> None:
        self._orders.write(json.dumps(message).encode() + b"\0")
        self._orders.flush()

    def _read(self) -> dict[str, Any]:
        while (end := self._received.find(b"\0")) < 0:
            piece = self._answers.read(CHUNK)
            assert piece, "Chromium is gone"
            self._received += piece
        message: dict[str, Any] = json.loads(self._received[:end])
        del self._received[: end + 1]
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(message["params"]["exceptionDetails"]))
        return message


def find_program() -> str | None:
    """Return the browser of `CHROMIUM`, or of PATH; None if there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


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
