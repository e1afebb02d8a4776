"""A local Press that is killed amid writes has every write that it answered when it comes back."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDERS = 2  # One for each core of a small machine.
KILLS = 55  # Of each folder's local Press; every eleventh while it starts.
WRITERS = 3
MOST_WRITES = 60  # That are answered before a kill.
HELD = 6  # Deployments of a writer; then the oldest goes.
TIMEOUT = 30
GLANCE = 0.002
SPECS, DEPLOYMENTS = "/v1/blocks/specs/", "/v1/blocks/deployments/"
CONFIG = {"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}}
DECLARED = {"run": [{"name": "rows", "type": "number", "required": False}]}
Facts = dict[str, Any]  # What is known of a thing, by the thing's name; None: it is not there.


@dataclass
class Writer:
    """Writes one thing after the other, and remembers what was answered."""

    name: str
    chance: random.Random
    facts: Facts = field(default_factory=dict)
    pending: Facts = field(default_factory=dict)
    """What the write under way would make so."""
    ids: dict[str, str] = field(default_factory=dict)
    spec: str = ""
    answered: int = 0
    count: int = 0

    def write(self, url: str, on_answer: Callable[[], None]) -> None:
        """Write until the connection breaks."""
        with requests.Session() as session:
            session.headers["Authorization"] = "token"
            try:
                while True:
                    self._write_one(session, url)
                    self.answered += 1
                    on_answer()
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                return

    def _write_one(self, session: requests.Session, url: str) -> None:
        self.count += 1
        held = sorted(self.ids)
        kind = self.chance.choice(["deploy", "title", "rows", "revise", "release"]) if held else "deploy"
        if not self.spec:
            body = spec_body(self.name)
            made = self._send(session, "POST", url + SPECS, "release 1.0.0", True, files=body)  # noqa: FBT003
            self.spec = made["id"]
        elif kind == "release":
            version = f"1.0.{self.count}"
            body = {"spec": part({"release": {"version": version}, "config": CONFIG}), "parameters": part(DECLARED)}
            self._send(session, "POST", f"{url}{SPECS}{self.spec}/releases", f"release {version}", True, files=body)  # noqa: FBT003
        elif len(held) > HELD:
            self._send(session, "DELETE", url + DEPLOYMENTS + self.ids[held[0]], held[0], None)
            del self.ids[held[0]]
        elif kind == "deploy":
            name = f"{self.name}-{self.count:05}"
            body = {"metadata": {"name": name}, "spec": {"id": self.spec}}
            self._send(
                session, "POST", url + DEPLOYMENTS, name, {"title": None, "rows": None, "revisions": 1}, json=body
            )
        else:
            name = self.chance.choice(held)
            self._change(session, url, name, kind)

    def _change(self, session: requests.Session, url: str, name: str, kind: str) -> None:
        path, old = self.ids[name], self.facts[name]
        if kind == "title":
            new = {**old, "title": f"T{self.count}"}
            self._send(session, "PATCH", url + DEPLOYMENTS + path, name, new, json={"title": new["title"]})
        elif kind == "rows":
            new = {**old, "rows": self.count}
            self._send(
                session, "PATCH", f"{url}/v1/deployments/{path}/parameters/run", name, new, json={"rows": self.count}
            )
        else:
            new = {**old, "revisions": old["revisions"] + 1}
            self._send(session, "POST", f"{url}{DEPLOYMENTS}{path}/revisions", name, new, json={})

    def _send(self, session: requests.Session, method: str, url: str, thing: str, fact: Any, **body: Any) -> Any:
        self.pending = {thing: fact}
        response = session.request(method, url, timeout=TIMEOUT, **body)
        assert response.ok, response.text
        self.facts[thing], self.pending = fact, {}
        answer = response.json()
        if method == "POST" and url.endswith(DEPLOYMENTS):
            self.ids[thing] = answer["id"]
        return answer

    def compare(self, found: Facts, ids: dict[str, str], spec: str) -> list[str]:
        """Tell what is not as it was answered; what was under way may be done, or not, but nothing else."""
        things = {*self.facts, *self.pending, *found}
        wrong = [
            f"{thing}: {found.get(thing)}, not {self.facts.get(thing)}"
            for thing in sorted(things)
            if found.get(thing) != self.facts.get(thing)
            and not (thing in self.pending and found.get(thing) == self.pending[thing])
        ]
        self.facts, self.ids, self.spec, self.pending = found, ids, spec, {}
        return wrong


def part(value: Any) -> tuple[None, str]:
    """Return a part of a form."""
    return None, json.dumps(value)


def spec_body(name: str) -> dict[str, Any]:
    """Return the form of a spec."""
    body = {"version": 1, "kind": "workflow", "metadata": {"name": name, "summary": "Written amid kills."}}
    return {"spec": part({**body, "release": {"version": "1.0.0"}, "config": CONFIG}), "parameters": part(DECLARED)}


def look(url: str, name: str) -> tuple[Facts, dict[str, str], str]:
    """Return what a local Press holds of one writer: the facts, the ids of its deployments, and that of its spec."""
    state = requests.get(f"{url}/_emulator/state", timeout=TIMEOUT).json()
    specs = [spec for spec in state["specs"] if spec["metadata"]["name"] == name]
    facts: Facts = {f"release {release['version']}": True for spec in specs for release in spec["releases"]}
    ids = {}
    for item in state["deployments"]:
        if item["metadata"]["name"].startswith(f"{name}-"):
            ids[item["metadata"]["name"]] = item["id"]
            facts[item["metadata"]["name"]] = {
                "title": item["metadata"].get("title"),
                "rows": item["revisions"][-1]["parameters"]["run"].get("rows"),
                "revisions": len(item["revisions"]),
            }
    return facts, ids, specs[0]["id"] if specs else ""


def begin(folder: Path) -> subprocess.Popen[str]:
    """Start a local Press on a folder."""
    command = [sys.executable, "-m", "pulumi_press.emulator", "--state", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def url_of(process: subprocess.Popen[str]) -> str:
    """Wait until it answers, and return its URL."""
    assert process.stdout
    line = process.stdout.readline()
    assert line, "it did not come back"
    return str(json.loads(line)["url"])


def kill(process: subprocess.Popen[str]) -> None:
    """Kill it, without a word of warning."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout
    process.stdout.close()


def kill_while_it_starts(folder: Path) -> None:
    """Start a local Press and kill it once it has the folder, before it answers."""
    process, lock = begin(folder), folder / "lock"
    pause = threading.Event()
    while process.poll() is None and lock.read_text(encoding="utf-8") != str(process.pid):
        pause.wait(GLANCE)
    kill(process)


def kill_amid_writes(folder: Path, writers: list[Writer], target: int) -> list[str]:
    """Start a local Press, compare what it holds, and kill it once so many more writes are answered."""
    process = begin(folder)
    try:
        url = url_of(process)
        wrong = [line for writer in writers for line in writer.compare(*look(url, writer.name))]
        enough, left = threading.Event(), threading.Semaphore(target)

        def count() -> None:
            if not left.acquire(blocking=False):
                enough.set()

        threads = [threading.Thread(target=writer.write, args=(url, count)) for writer in writers]
        for thread in threads:
            thread.start()
        assert enough.wait(TIMEOUT)
    finally:
        kill(process)
    for thread in threads:
        thread.join()
    return wrong


def torment(folder: Path, seed: int) -> tuple[int, int, list[str]]:
    """Kill a local Press again and again; return the kills, the answered writes, and what is not as it was answered."""
    chance = random.Random(seed)  # noqa: S311  - nothing secret about it.
    writers = [Writer(f"writer{number}", random.Random(f"{seed}/{number}")) for number in range(WRITERS)]  # noqa: S311
    wrong: list[str] = []
    for number in range(1, KILLS + 1):
        if number % 11 == 0:
            kill_while_it_starts(folder)
        else:
            wrong += kill_amid_writes(folder, writers, chance.randint(1, MOST_WRITES))
    process = begin(folder)
    try:
        url = url_of(process)
        wrong += [line for writer in writers for line in writer.compare(*look(url, writer.name))]
    finally:
        kill(process)
    return KILLS, sum(writer.answered for writer in writers), wrong


def test_every_answered_write_survives_kills(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """After a hundred kills amid writes, and some amid starts, nothing that was answered is lost."""
    folders = [tmp_path / str(number) for number in range(FOLDERS)]
    with ThreadPoolExecutor(FOLDERS) as pool:
        results = list(pool.map(torment, folders, range(FOLDERS)))
    kills, writes = sum(kills for kills, _, _ in results), sum(writes for _, writes, _ in results)
    lost = [line for _, _, wrong in results for line in wrong]
    tell(f"kill -9: {kills} kills, {writes} answered writes, lost: {len(lost)}")

    assert lost == []
    assert kills >= 100
    assert writes >= kills


@pytest.mark.parametrize("fact", [None, {"title": "T1"}])
def test_a_loss_would_be_seen(fact: Any) -> None:
    """What was answered and is gone, or is otherwise, is told; what was under way is not."""
    writer = Writer("writer", random.Random(0), {"a": {"title": "T0"}}, {"b": {"title": "T5"}})  # noqa: S311

    found = {} if fact is None else {"a": fact}
    assert len(writer.compare({**found, "b": {"title": "T5"}}, {}, "")) == 1
