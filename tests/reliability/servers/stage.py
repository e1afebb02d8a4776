"""One operation before a server that may be bad: rehearsed before a good one, then played as often as wanted."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import PressError
from pulumi_press.emulator import start
from pulumi_press.plugin.servicer import OperationFailed
from pulumi_press.provider.errors import ProviderError
from tests.reliability.servers.operations import ASSUMED
from tests.reliability.servers.runner import TOKEN, Failure, Runner, Time
from tests.reliability.servers.script import Recorder, Script
from tests.reliability.servers.wire import Answer, Asked, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.reliability.servers.operations import Operation

__all__ = ["Outcome", "Rehearsed", "Stage", "open_stage"]

PATHS = ("/v1/blocks/specs/", "/v1/blocks/deployments/")


@dataclass(frozen=True)
class Outcome:
    """How an operation ended."""

    result: Any = None
    error: BaseException | None = None
    asked: tuple[Asked, ...] = ()
    """What the server was asked."""
    seconds: float = 0.0
    """How long it took, by the clock that passes only when somebody waits."""

    @property
    def text(self) -> str:
        """The failure as a person sees it."""
        return str(self.error or "")

    @property
    def is_ours(self) -> bool:
        """Whether the failure is one that somebody thought of."""
        return isinstance(self.error, (Failure, OperationFailed, PressError, ProviderError))


@dataclass
class Rehearsed:
    """An operation, what it does before a good server, and what that came to."""

    operation: Operation
    act: Callable[[Runner], Any]
    script: Script
    result: Any


@dataclass
class Stage:
    """A good service, and a server that answers as it is told."""

    press: LocalPress
    server: Server
    rehearsed: dict[str, Rehearsed] = field(default_factory=dict)

    def rehearse(self, operation: Operation) -> Rehearsed:
        """Let an operation end well, once, and keep what was said."""
        if operation.name not in self.rehearsed:
            self.rehearsed[operation.name] = self._rehearse(operation)
        return self.rehearsed[operation.name]

    def play(
        self,
        rehearsed: Rehearsed,
        index: int | None = None,
        bad: Callable[[Asked, Answer], Iterable[bytes]] | None = None,
        time: Time | None = None,
    ) -> Outcome:
        """Let an operation run in a fresh process, with the answer to one of its requests made bad."""
        return self.run(rehearsed, rehearsed.script.play(index, bad), time)

    def run(
        self, rehearsed: Rehearsed, respond: Callable[[Asked], Iterable[bytes]], time: Time | None = None
    ) -> Outcome:
        """Let an operation run in a fresh process, before any server."""
        runner = Runner(self.server.url, time or Time(), dict(rehearsed.operation.settings))
        self.server.respond, self.server.asked = respond, []
        began = runner.time.now
        result, error = None, None
        try:
            result = rehearsed.act(runner)
        except Exception as failure:  # noqa: BLE001  # Which it is, is to be judged.
            error = failure.with_traceback(None)
        finally:
            runner.client.close()
        return Outcome(copy.deepcopy(result), error, tuple(self.server.asked), runner.time.now - began)

    def _rehearse(self, operation: Operation) -> Rehearsed:
        self.press.reset()
        self.press.clear_outcomes()
        home = Runner(self.press.url)
        with home.client:
            act = operation.prepare(home, self.press)
        recorder = Recorder(self.press.url)
        rehearsed = Rehearsed(operation, act, Script(recorder.exchanges), None)
        outcome = self.run(rehearsed, recorder)
        assert outcome.error is None, f"{operation.name}: {outcome.error!r}"
        rehearsed.result = outcome.result
        rehearsed.script.afterwards = dict(_look_around(recorder))
        return rehearsed


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Open a stage."""
    with start(tokens={TOKEN: "acme"}, assume=ASSUMED) as press, Server(lambda _: (b"",)) as server:
        yield Stage(press, server)


def _look_around(recorder: Recorder) -> Iterator[tuple[str, Answer]]:
    """Read everything that is there now, by path."""

    def ask(path: str) -> Answer:
        return recorder.ask(Asked("GET", path, {"authorization": TOKEN}, b""))

    for path in PATHS:
        listing = ask(path)
        yield path, listing
        for item in listing.json[path.split("/")[-2]]:
            yield f"{path}{item['id']}", ask(f"{path}{item['id']}")
            for child, key in (("releases", "version"), ("revisions", "revision")):
                below = ask(f"{path}{item['id']}/{child}")
                if below.status == 200:
                    yield f"{path}{item['id']}/{child}", below
                    for one in below.json[child]:
                        inner = f"{path}{item['id']}/{child}/{one[key]}"
                        yield inner, ask(inner)
