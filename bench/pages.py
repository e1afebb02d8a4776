"""How long the pages of a local Press take when it holds much: `python -m bench.pages [--count 1000]`.

Fills a local Press with specs, deployments, and one deployment of many revisions and files that all changed, then asks
for each page again and again, alone and while a client calls the API as fast as it is answered.
"""

from __future__ import annotations

import argparse
import io
import json
import threading
import time
import zipfile
from statistics import median, quantiles

import requests

from pulumi_press.emulator import start

TIMES = 20
REVISIONS = 200
FILES = 30
LINES = 900
CONFIG = {"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}}
SPECS, DEPLOYMENTS = "/v1/blocks/specs/", "/v1/blocks/deployments/"
AUTHORIZATION = {"Authorization": "token"}


class Client:
    """Makes objects, on one connection.

    Args:
        url: address of the local Press.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers.update(AUTHORIZATION)

    def make_spec(self, name: str, *, version: str = "1.0.0", of: str = "", artifact: bytes | None = None) -> str:
        """Make a spec, or a release of one, and return the id of the spec."""
        body = {"release": {"version": version}, "config": CONFIG}
        about = {"version": 1, "kind": "workflow", "metadata": {"name": name, "summary": "Loads."}}
        form: list[tuple[str, tuple[str | None, str | bytes, str]]] = (
            [("artifact", ("a.zip", artifact, "application/zip"))] if artifact else []
        )
        form.append(("spec", (None, json.dumps(body if of else {**about, **body}), "")))
        return str(self._send("POST", f"{SPECS}{of}/releases" if of else SPECS, files=form)["id"])

    def make_deployment(self, name: str, spec: str) -> str:
        """Deploy a spec, and return the id."""
        return str(self._send("POST", DEPLOYMENTS, json={"metadata": {"name": name}, "spec": {"id": spec}})["id"])

    def revise(self, deployment: str) -> None:
        """Make a revision."""
        self._send("POST", f"{DEPLOYMENTS}{deployment}/revisions", json={})

    def describe(self, deployment: str) -> None:
        """Read a deployment."""
        self._send("GET", DEPLOYMENTS + deployment, json={})

    def _send(self, method: str, path: str, **options: object) -> dict[str, object]:
        answer = self._session.request(method, self._url + path, timeout=60, **options)  # type: ignore[arg-type]
        answer.raise_for_status()
        body: dict[str, object] = answer.json()
        return body


def main() -> None:
    """Fill the local Press, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="specs, and deployments (default: %(default)s)")
    count = parser.parse_args().count
    with start() as press:
        client = Client(press.url)
        spec = client.make_spec("large", artifact=_zip("old"))
        large = client.make_deployment("large", spec)
        client.make_spec("large", version="1.1.0", of=spec, artifact=_zip("new"))
        for _ in range(REVISIONS):
            client.revise(large)
        for number in range(count):
            client.make_deployment(f"d-{number}", client.make_spec(f"s-{number}"))
        pages = {
            "overview": "/",
            "overview, last part": f"/?specs={count}&deployments={count}",
            "overview, filtered": "/?tenant=tenant&kind=workflow&name=9",
            "calls": "/_emulator/calls",
            f"deployment, {REVISIONS} revisions, {FILES} files changed": f"/_emulator/deployments/{large}?from=1&to=2",
        }
        print(f"{count} specs and deployments{'':<28} {'KiB':>6} {'ms, alone':>10} {'ms, busy':>10}")
        alone = [_measure(press.url + path) for path in pages.values()]
        is_over, calls = threading.Event(), [0.0]
        busy = threading.Thread(target=_call, args=(client, large, is_over, calls))
        busy.start()
        beside = [_measure(press.url + path)[1] for path in pages.values()]
        is_over.set()
        busy.join()
        for name, (size, own), other in zip(pages, alone, beside, strict=True):
            print(f"{name:<50} {size / 1024:>6.0f} {own:>10.1f} {other:>10.1f}")
        print(
            f"a call of the API meanwhile: {median(calls):.1f} ms, 99 of 100 below {quantiles(calls, n=100)[-1]:.1f} ms"
        )


def _zip(word: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(FILES):
            lines = (f"line {line} {word if line % 7 == 0 else ''}" for line in range(LINES))
            archive.writestr(f"folder/{number}.py", "\n".join(lines))
    return buffer.getvalue()


def _measure(url: str) -> tuple[int, float]:
    """Return the size of a page, and the median of the milliseconds that it takes."""
    times, size = [], 0
    with requests.Session() as session:
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = session.get(url, timeout=60)
            times.append(1000 * (time.perf_counter() - begun))
            answer.raise_for_status()
            size = len(answer.content)
    return size, median(times)


def _call(client: Client, deployment: str, is_over: threading.Event, times: list[float]) -> None:
    while not is_over.is_set():
        begun = time.perf_counter()
        client.describe(deployment)
        times.append(1000 * (time.perf_counter() - begun))


if __name__ == "__main__":
    main()
