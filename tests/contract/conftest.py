"""The service's own client, unmodified, in an environment of its own, talking to the local Press.

The scripts of `scripts` run in the client's environment and record what the client says. Each call is then held against
`documented.yaml`, and the end of the run tells how many calls there were and how many went as documented.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress

HERE = Path(__file__).parent
DOCUMENTED: dict[str, Any] = yaml.safe_load((HERE / "documented.yaml").read_text(encoding="utf-8"))
NO_PYTHON = 3  # What client_venv.py ends with if there is none that the client runs on.
PATIENCE = 120
MAYBE = "maybe "
PATTERNS = {
    "id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "person": re.compile(r"[^@\s]+@[^@\s]+"),
    "version": re.compile(r"\d+\.\d+\.\d+.*"),
    "text": re.compile(r".*", re.DOTALL),
}
PLAIN = {"integer": int, "boolean": bool}
TALLY = pytest.StashKey["list[Call]"]()


@dataclass(frozen=True)
class Call:
    """A call of the real client: its answer or its error."""

    label: str
    method: str
    kind: str = "answer"
    answer: Any = None
    error: dict[str, Any] | None = None

    @property
    def deviations(self) -> list[str]:
        """What is not as documented, each with its place."""
        if self.error is None:
            shape = DOCUMENTED["answers"][self.method][self.kind]
            return [f"{self.label}: {deviation}" for deviation in compare(self.answer, shape, self.method)]
        documented = [DOCUMENTED["exceptions"].get(error, error) for error in DOCUMENTED["errors"][self.method]]
        return [] if self.error["type"] in documented else [f"{self.label}: ends in {self.error}"]


def compare(value: Any, shape: Any, place: str) -> Iterator[str]:
    """Hold a value against a shape of `documented.yaml`."""
    shape = shape.removeprefix(MAYBE) if isinstance(shape, str) else shape
    if isinstance(shape, str) and shape.startswith("@"):
        yield from compare(value, DOCUMENTED["shapes"][shape[1:]], place)
    elif isinstance(shape, dict) and isinstance(value, dict):
        yield from (f"{place}.{key} is not documented" for key in value.keys() - shape.keys())
        yield from (f"{place}.{key} is missing" for key in shape.keys() - value.keys() if not is_optional(shape[key]))
        for key in value.keys() & shape.keys():
            yield from compare(value[key], shape[key], f"{place}.{key}")
    elif isinstance(shape, list) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from compare(item, shape[0], f"{place}[{index}]")
    elif not is_kind(value, shape):
        yield f"{place} is {value!r}, not {shape}"


def is_optional(shape: Any) -> bool:
    """Whether what has this shape may be missing."""
    return isinstance(shape, str) and shape.startswith(MAYBE)


def is_kind(value: Any, kind: Any) -> bool:
    """Whether a plain value is of a kind; a shape of another sort is none."""
    if not isinstance(kind, str):
        return False
    if kind in PATTERNS:
        return isinstance(value, str) and PATTERNS[kind].fullmatch(value) is not None
    return kind == "anything" or type(value) is PLAIN[kind]


@dataclass(frozen=True)
class Client:
    """The real client, set up to reach one local Press. ``tally`` collects the calls of the whole run."""

    venv: Path
    folder: Path
    environment: dict[str, str] = field(repr=False)
    tally: list[Call] = field(repr=False)

    def run(self, script: str, given: Any) -> Any:
        """Run a script of `scripts` in the client's environment and return what it wrote."""
        before, after = self.folder / f"{script}-given.json", self.folder / f"{script}.json"
        before.write_text(json.dumps(given), encoding="utf-8")
        ended = self._start(self.venv / "bin" / "python", HERE / "scripts" / f"{script}.py", before, after)
        if ended.returncode:
            pytest.fail(f"{script}.py ended with {ended.returncode}:\n{ended.stderr}", pytrace=False)
        return json.loads(after.read_text(encoding="utf-8"))

    def record(self, script: str, given: Any) -> dict[str, Call]:
        """Run a script and return the calls that it recorded, by their labels."""
        calls = {call["label"]: Call(**call) for call in self.run(script, given)}
        self.tally.extend(calls.values())
        return calls

    def peak(self, *words: str, method: str, kind: str = "answer") -> Call:
        """Run the `peak` command and return its answer, or the exception at the end of its traceback."""
        ended = self._start(self.venv / "bin" / "peak", *words, "-o", "json")
        label = f"peak {' '.join(words)}"
        if ended.returncode:
            named = re.findall(r"^(\w+): ", ended.stderr, re.MULTILINE)
            call = Call(label, method, kind, error={"type": (named or ["none"])[-1], "told": ended.stderr})
        else:
            answer = re.sub(r"\A[^{[]*", "", ended.stdout)  # An upload shows its progress first.
            call = Call(label, method, kind, json.loads(answer))
        self.tally.append(call)
        return call

    def _start(self, *command: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture(scope="session")
def venv() -> Path:
    """Make the client's own environment, once for all runs."""
    made = subprocess.run([sys.executable, HERE / "client_venv.py"], capture_output=True, text=True, check=False)
    if made.returncode == NO_PYTHON:
        pytest.skip(made.stderr.strip())
    if made.returncode:
        pytest.fail(f"the client's environment cannot be made:\n{made.stderr}", pytrace=False)
    return Path(made.stdout.strip())


@pytest.fixture(scope="module")
def press(request: pytest.FixtureRequest) -> Iterator[LocalPress]:
    """Run a local Press for a module, with the assumptions that its ASSUME names."""
    with start(assume=getattr(request.module, "ASSUME", None)) as running:
        yield running


@pytest.fixture(scope="module")
def client(
    venv: Path, press: LocalPress, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Client]:
    """Set up the real client to reach the local Press, with nothing of this machine's own settings."""
    folder = tmp_path_factory.mktemp("client")
    command = [sys.executable, str(HERE / "proxy.py"), press.url, str(tmp_path_factory.mktemp("proxy"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdin
        assert proxy.stdout
        try:
            line = json.loads(proxy.stdout.readline())
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "COLUMNS": "500",  # The command breaks lines of JSON that are longer.
                "PYTHONIOENCODING": "utf-8",
                "HTTPS_PROXY": line["proxy"],
                "REQUESTS_CA_BUNDLE": line["bundle"],
                "PEAK_AUTH_TOKEN": press.token,
            }
            yield Client(venv, folder, environment, pytestconfig.stash.setdefault(TALLY, []))
        finally:
            proxy.stdin.close()
            proxy.wait(PATIENCE)


@pytest.fixture(scope="module")
def bodies() -> dict[str, Any]:
    """Give what the calls are made with."""
    given: dict[str, Any] = yaml.safe_load((HERE / "bodies.yaml").read_text(encoding="utf-8"))
    return given


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell how many calls the real client made."""
    calls = config.stash.get(TALLY, [])
    if calls:
        accepted = sum(not call.deviations for call in calls)
        terminalreporter.write_line(f"{len(calls)} calls of the real client, {accepted} accepted as documented")
