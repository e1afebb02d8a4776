"""The service's own client, unmodified, in an environment of its own, talking to the local Press.

The scripts of `scripts` run in the client's environment and record what the client says. Each call is then held against
`documented.yaml`, and the end of the run tells how many calls there were and how many went as documented.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule

HERE = Path(__file__).parent
SCRIPTS = HERE / "scripts"
DOCUMENTED: dict[str, Any] = yaml.safe_load((HERE / "documented.yaml").read_text(encoding="utf-8"))
NO_PYTHON = 3  # What own_venv.py ends with if there is none that a tool runs on.
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
HOSTS = [
    f"{name}.{stage}peak.ai" for name in ("press", "service") for stage in ("", "dev.", "test.", "beta.", "parvati.")
]
"""The real hosts, which the client names in its calls whoever answers them."""
TOKENS = {"token": "tenant", "neighbour": "another"}
LIMIT = 2**16  # Bytes of an artifact.
NAMES = {"broken": "load-that-fails", "unending": "load-without-end", "neighbour": "neighbour"}
OUTCOMES: tuple[OutcomeRule, ...] = (
    {"deployment": NAMES["broken"], "status": "failed", "errors": [{"code": 500, "message": "no"}], "times": 1},
    {"deployment": NAMES["unending"], "status": "deploying"},
)
TALLY = pytest.StashKey["list[Call]"]()
ACCEPTED = pytest.StashKey["list[bool]"]()
"""Whether each call of the other processes was accepted as documented."""


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

    def run(self, script: str, given: Any, *words: str) -> Any:
        """Run a script of `scripts` in the client's environment and return what it wrote."""
        before, after = self.folder / f"{script}-given.json", self.folder / f"{script}.json"
        before.write_text(json.dumps(given), encoding="utf-8")
        ended = self._start(self.venv / "bin" / "python", SCRIPTS / f"{script}.py", *words, before, after)
        if ended.returncode:
            pytest.fail(f"{script}.py ended with {ended.returncode}:\n{ended.stderr}", pytrace=False)
        return json.loads(after.read_text(encoding="utf-8"))

    def play(self, script: str, given: Any) -> dict[str, Call]:
        """Play a script with the client and return the calls that it recorded, by their labels."""
        played = self.run("play", given, script)
        calls = {call["label"]: Call(**call) for call in played}
        assert len(calls) == len(played), "two calls have one label"
        return calls

    def record(self, script: str, given: Any) -> dict[str, Call]:
        """Play a script, and count its calls among those of the whole run."""
        calls = self.play(script, given)
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
def make_venv() -> Callable[[str], Path]:
    """Give what makes a tool's own environment, once for all runs."""

    def make(name: str) -> Path:
        command = [sys.executable, str(HERE / "own_venv.py"), name]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode == NO_PYTHON:
            pytest.skip(made.stderr.strip())
        if made.returncode:
            pytest.fail(f"the environment of {name} cannot be made:\n{made.stderr}", pytrace=False)
        return Path(made.stdout.strip())

    return make


@pytest.fixture(scope="session")
def venv(make_venv: Callable[[str], Path]) -> Path:
    """Return the client's own environment."""
    return make_venv("peak-sdk-1.29.0")


@pytest.fixture(scope="session")
def start_press() -> Callable[[], AbstractContextManager[LocalPress]]:
    """Give what starts a local Press whose ids and times are the same each time, with a neighbour to its tenant."""

    @contextmanager
    def run() -> Iterator[LocalPress]:
        with start(tokens=TOKENS, assume={"artifact_limit": LIMIT}, seed_number=1, allow_hosts=HOSTS) as running:
            running.outcomes(*OUTCOMES)
            yield running

    return run


@pytest.fixture(scope="module")
def press(start_press: Callable[[], AbstractContextManager[LocalPress]]) -> Iterator[LocalPress]:
    """Run a local Press for a module."""
    with start_press() as running:
        yield running


@pytest.fixture(scope="session")
def make_client(
    venv: Path, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Callable[[LocalPress], AbstractContextManager[Client]]:
    """Give what sets up the real client to reach a local Press, with nothing of this machine's own settings."""

    @contextmanager
    def make(press: LocalPress) -> Iterator[Client]:
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

    return make


@pytest.fixture(scope="module")
def client(press: LocalPress, make_client: Callable[[LocalPress], AbstractContextManager[Client]]) -> Iterator[Client]:
    """Set up the real client to reach the module's local Press."""
    with make_client(press) as real:
        yield real


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to publish, with something to leave out."""
    root = tmp_path_factory.mktemp("etl")
    for path, content in {
        "main.py": "print('hello')\n",
        "Dockerfile": "FROM python:3.11-slim\nCOPY . /app\n",
        "lib/deeper/load.py": "",
        "start.sh": "#!/bin/sh\n",
        "debug.log": "noise",
        ".dockerignore": "*.log\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    (root / "start.sh").chmod(0o755)
    return root


@pytest.fixture(scope="session")
def too_large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return folders over the limit of the client, and over that of the local Press as the tests set it."""
    found = {}
    for whose, size in [("client", 11 * 2**20), ("service", 2 * LIMIT)]:
        folder = tmp_path_factory.mktemp(whose)
        (folder / "noise").write_bytes(random.Random(size).randbytes(size))  # noqa: S311 - nothing secret about it.
        found[whose] = str(folder)
    return found


@pytest.fixture(scope="session")
def make_bodies(artifact: Path, too_large: dict[str, str]) -> Callable[[], dict[str, Any]]:
    """Give what makes the bodies that a script is given: new ones each time, for a script puts ids into them."""
    further = {"artifact": {"path": str(artifact), "ignore_files": [".dockerignore"]}, "too_large": too_large, **NAMES}
    return lambda: {**yaml.safe_load((HERE / "bodies.yaml").read_text(encoding="utf-8")), **further}


@pytest.fixture(scope="module")
def bodies(make_bodies: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Give what the calls are made with."""
    return make_bodies()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run insist on every test."""
    parser.addoption("--no-skip", action="store_true", help="a test of the contract that is skipped has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what is skipped into what failed, for a run that insists."""
    report = yield
    if report.skipped and item.config.getoption("--no-skip") and item.path.is_relative_to(HERE):
        report.outcome = "failed"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over how many calls the real client made, if this process is one of several."""
    if hasattr(session.config, "workeroutput"):
        calls = session.config.stash.get(TALLY, [])
        session.config.workeroutput["calls"] = [not call.deviations for call in calls]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up the calls of several processes."""
    accepted = getattr(node, "workeroutput", {}).get("calls", [])
    node.config.stash.setdefault(ACCEPTED, []).extend(accepted)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many calls the real client made."""
    accepted = [not call.deviations for call in config.stash.get(TALLY, [])] + config.stash.get(ACCEPTED, [])
    if accepted:
        terminalreporter.write_line(f"{len(accepted)} calls of the real client, {sum(accepted)} accepted as documented")
