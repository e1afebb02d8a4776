"""The real client and this project's own play the same scripts, and nobody in between can tell them apart."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.retry import RetryBudget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import ModuleType

    from pulumi_press.emulator import LocalPress

SCRIPTS = Path(__file__).parent / "scripts"
PLAYED = ("publish", "deploy", "mistakes", "remove")
DEFECTS = {"iterate over revisions"}  # Of the real client: it reads a wrong key.
TOO_LARGE = {"FileLimitExceededException": "TooLarge"}  # The one error that no answer stands behind.


@dataclass(frozen=True)
class Played:
    """What a client asked, what it made of the answers, and what it left behind."""

    requests: list[Any]
    outcomes: dict[str, Any]
    state: dict[str, Any]

    @classmethod
    def of(cls, press: LocalPress, outcomes: dict[str, Any]) -> Played:
        """Read the local Press that a client played with."""
        asked = [request_of(call) for call in press.requests() if call["path"].startswith("/v1/")]
        return cls(asked, outcomes, {**state_of(press), "counts": press.info()["counts"]})


@pytest.fixture(scope="module")
def compared(tell: Callable[[str], None]) -> Iterator[list[tuple[int, list[str]]]]:
    """Collect how many requests were compared, and their differences, and tell it at the end."""
    found: list[tuple[int, list[str]]] = []
    yield found
    requests, differences = sum(number for number, _ in found), sum(len(each) for _, each in found)
    tell(f"differential: {requests} requests compared, {differences} differences")


@pytest.mark.parametrize("script", PLAYED)
def test_no_difference_is_seen(
    script: str,
    *,
    start_press: Callable[[], AbstractContextManager[LocalPress]],
    make_client: Callable[[LocalPress], AbstractContextManager[Any]],
    make_bodies: Callable[[], dict[str, Any]],
    compared: list[tuple[int, list[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Method, path, query, parts and body of each request, each answer and each error, and what is left, are equal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PRESS_DEPLOYMENT_ID", raising=False)
    scripts = ("deploy", "remove") if script == "remove" else (script,)
    with start_press() as press:
        with make_client(press) as client:
            calls = {label: call for name in scripts for label, call in client.play(name, make_bodies()).items()}
        theirs = Played.of(press, {label: outcome_of(call.answer, call.error) for label, call in calls.items()})
    with start_press() as press:
        own = [call for name in scripts for call in play(press, make_bodies(), name)]
        ours = Played.of(press, {call["label"]: outcome_of(call.get("answer"), call.get("error")) for call in own})
    differences = [*compare(theirs, ours)]
    compared.append((len(theirs.requests), differences))

    assert differences == []


def play(press: LocalPress, given: Any, script: str) -> list[dict[str, Any]]:
    """Play a script with this project's client, and return its calls."""
    with ExitStack() as stack:

        def connect(token: str | None) -> Client:
            return stack.enter_context(Client(press.url, token or press.token, budget=RetryBudget()))

        record = load("recorder").Recorder(given, connect)
        load(script).play(record)
    calls: list[dict[str, Any]] = record.calls
    return calls


def load(name: str) -> ModuleType:
    """Load a script."""
    found = spec_from_file_location(f"contract_{name}", SCRIPTS / f"{name}.py")
    assert found
    assert found.loader
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def compare(theirs: Played, ours: Played) -> Iterator[str]:
    """Tell what differs."""
    for number, (wanted, sent) in enumerate(zip_longest(theirs.requests, ours.requests)):
        if wanted != sent:
            yield f"request {number}: {wanted} is sent as {sent}"
    for label in {**theirs.outcomes, **ours.outcomes}:
        wanted, got = theirs.outcomes.get(label), ours.outcomes.get(label)
        if wanted != got and label not in DEFECTS:
            yield f"{label}: {wanted} is taken as {got}"
    for key in theirs.state:
        if theirs.state[key] != ours.state[key]:
            yield f"{key}: {theirs.state[key]} is left as {ours.state[key]}"


def outcome_of(answer: Any, error: Any) -> Any:
    """Return what came of a call: its answer, or the name of its error without the endings that each client has."""
    if error is None:
        return answer
    name = TOO_LARGE.get(error["type"], error["type"])
    return {"error": name.removesuffix("Exception")}


def request_of(call: dict[str, Any]) -> dict[str, Any]:
    """Return what counts of a request: not its id, nor the bytes of a zip, which no two packings share."""
    kept = without(call, "sequence", "time", "requestId", "connection", "query", "parts")
    parts = [without(part, "sha256", "size") for part in call["parts"] or []]
    return {**kept, "query": parse_qs(call["query"], keep_blank_values=True), "parts": parts}


def state_of(press: LocalPress) -> dict[str, Any]:
    """Return what a local Press holds, with the files of each artifact, but not the bytes of its zip."""
    state = press.state()
    for spec in state["specs"]:
        for release in spec["releases"]:
            release["artifact"] = without(release["artifact"] or {}, "sha256", "size")
    return state


def without(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return an object without some of its keys."""
    return {key: item for key, item in value.items() if key not in keys}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (Played([{"query": {"featured": ["true"]}}], {"list": [1]}, {"specs": []}), "request 0: "),
        (Played([], {"list": [1]}, {"specs": []}), "request 0: "),
        (Played([{"query": {"featured": ["True"]}}], {"list": [2]}, {"specs": []}), "list: "),
        (Played([{"query": {"featured": ["True"]}}], {}, {"specs": []}), "list: "),
        (Played([{"query": {"featured": ["True"]}}], {"list": [1]}, {"specs": [1]}), "specs: "),
    ],
)
def test_a_difference_would_be_seen(changed: Played, told: str) -> None:
    """A request, an answer or a state that is otherwise, or missing, is told."""
    (difference,) = compare(Played([{"query": {"featured": ["True"]}}], {"list": [1]}, {"specs": []}), changed)

    assert difference.startswith(told)
