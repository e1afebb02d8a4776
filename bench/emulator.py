"""How much a local Press can take: `python bench/emulator.py [--seconds 10] [--threads 4] [--state]`.

Starts a local Press as a process of its own, asks it as fast as it answers, and prints requests in a second, how long
they took, and the memory of the process along the way. Memory counts once the log of requests is full (10,000 calls).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

TOKEN = {"Authorization": "token"}
JSON = {**TOKEN, "Content-Type": "application/json"}
BOUNDARY = "b" * 32
CONFIG = {"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}}
KEPT = 20  # Deployments of a thread; then the oldest goes.
LOGGED = 10_000
SAMPLES = 5


class Caller:
    """Asks one thing after the other, on one connection, and notes how long each took."""

    def __init__(self, url: str, name: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        self._name = name
        self._deployments: list[str] = []
        self._count = 0
        self.times: list[float] = []
        self._spec = str(self._post_spec()["id"])

    def round(self) -> None:
        """Go once through what a provider does: create, read, list, patch, revise, delete."""
        self._count += 1
        body = {"metadata": {"name": f"{self._name}-{self._count}"}, "spec": {"id": self._spec}}
        deployment = self._ask("POST", "/v1/blocks/deployments/", body)["id"]
        self._deployments.append(deployment)
        path = f"/v1/blocks/deployments/{deployment}"
        for _ in range(4):
            self._ask("GET", path)
        self._ask("GET", f"/v1/blocks/specs/{self._spec}")
        self._ask("GET", "/v1/blocks/deployments/?pageSize=10&sort=createdAt%3Adesc")
        self._ask("PATCH", path, {"title": f"T{self._count}"})
        self._ask("POST", f"{path}/revisions", {"revision": {"notes": "again"}})
        if len(self._deployments) > KEPT:
            self._ask("DELETE", f"/v1/blocks/deployments/{self._deployments.pop(0)}")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._send(method, path, json.dumps(body or {}).encode(), JSON)

    def _post_spec(self) -> Any:
        metadata = {"name": self._name, "summary": "For measuring."}
        body = {
            "version": 1,
            "kind": "workflow",
            "metadata": metadata,
            "release": {"version": "1.0.0"},
            "config": CONFIG,
        }
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="spec"\r\n\r\n'
        form = f"{head}{json.dumps(body)}\r\n--{BOUNDARY}--\r\n"
        headers = {**TOKEN, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._send("POST", "/v1/blocks/specs/", form.encode(), headers)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        self.times.append(time.perf_counter() - begun)
        if not 200 <= response.status < 300:  # noqa: PLR2004
            sys.exit(f"{method} {path} was answered {response.status}: {content.decode()}")
        return json.loads(content)


def memory(pid: int) -> float:
    """Give the resident memory of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def run(url: str, pid: int, *, threads: int, seconds: float) -> None:
    """Measure, and print."""
    callers = [Caller(url, f"caller{number}") for number in range(threads)]
    while sum(len(caller.times) for caller in callers) < LOGGED:
        for caller in callers:
            caller.round()
    for caller in callers:
        caller.times.clear()
    end = time.perf_counter() + seconds

    def work(caller: Caller) -> None:
        while time.perf_counter() < end:
            caller.round()

    workers = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    for worker in workers:
        worker.start()
    held = [memory(pid)]
    for _ in range(SAMPLES):
        time.sleep(seconds / SAMPLES)
        held.append(memory(pid))
    for worker in workers:
        worker.join()
    times = sorted(one for caller in callers for one in caller.times)
    cuts = quantiles(times, n=100)
    print(f"{len(times)} requests in {seconds:g} s with {threads} threads: {len(times) / seconds:.0f} a second")
    print(f"time of one: median {cuts[49] * 1000:.1f} ms, 99 of 100 below {cuts[98] * 1000:.1f} ms")
    print(f"memory along the way: {', '.join(f'{one:.0f}' for one in held)} MiB")


def main() -> None:
    """Start a local Press and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long to measure (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="callers at once (default: %(default)s)")
    parser.add_argument("--state", action="store_true", help="keep everything in a folder, on disk")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pulumi_press.emulator", *(["--state", folder] if args.state else [])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if process.stdout is None:
                raise ValueError("the process was started without a pipe")
            told = json.loads(process.stdout.readline())
            run(told["url"], told["pid"], threads=args.threads, seconds=args.seconds)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
