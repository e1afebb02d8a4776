"""The provider's face, functions and commands against any server, with a clock that passes only when somebody waits."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest import mock

from pulumi.runtime import rpc

from pulumi_press import cli
from pulumi_press.client.client import Client
from pulumi_press.client.retry import Clock, RetryBudget, Timeouts
from pulumi_press.plugin import runtime
from pulumi_press.plugin.codec import Codec
from pulumi_press.plugin.dynamic import DynamicProvider
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.context import Context, ProcessCache
from pulumi_press.provider.values import name_of
from pulumi_press.sdk import functions
from tests.support.contexts import make_context, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.provider.base import Resource
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["TOKEN", "Failure", "Kept", "Runner", "Time"]

TOKEN = "canary-31c9/token+of-nobody"  # With signs that have several spellings.


class Failure(Exception):  # noqa: N818  # It is what a person sees, whatever it was.
    """An operation failed; the message is what a person sees."""


@dataclass
class Time:
    """Time that passes only when somebody waits, or a server lets it pass."""

    now: float = 1_000.0

    def tell(self) -> float:
        """Tell the seconds."""
        return self.now

    def wait(self, stop: Event, seconds: float) -> bool:
        """Let time pass."""
        self.now += seconds
        return stop.is_set()

    @property
    def clock(self) -> Clock:
        """What a client takes."""
        return Clock(self.tell, lambda: 1_700_000_000.0 + self.now, self.wait, lambda: 0.5)


@dataclass(frozen=True)
class Kept:
    """A resource as the state has it."""

    identity: str
    inputs: Values
    outputs: Values


@dataclass
class Runner:
    """One process of the provider, against one service."""

    url: str
    time: Time = field(default_factory=Time)
    settings: dict[str, Any] = field(default_factory=dict)
    cache: ProcessCache = field(default_factory=ProcessCache)

    def __post_init__(self) -> None:
        """Make its client."""
        self.client = Client(
            self.url, TOKEN, timeout=Timeouts(connect=5, read=10), budget=RetryBudget(), clock=self.time.clock
        )

    @property
    def context(self) -> Context:
        """The surroundings of an operation."""
        stop = Event()
        given = make_settings(self.url, TOKEN, "PEAK_AUTH_TOKEN", **self.settings)
        return make_context(
            self.client,
            given,
            cache=self.cache,
            cancelled=stop,
            now=self.time.tell,
            sleep=lambda seconds: self.time.wait(stop, seconds),
        )

    def keep(self, kind: str, program: Values) -> Kept:
        """Make a resource that works, and give it as the state has it."""
        inputs = self.checked(kind, program)
        identity, outputs = Codec(load_resource(kind)()).create(inputs, self.context)
        return Kept(identity, inputs, outputs)

    def checked(self, kind: str, program: Values, old: Kept | None = None) -> Values:
        """Give the checked inputs of a program that has no mistakes."""
        checked = Codec(load_resource(kind)()).check(old.inputs if old else {}, program, self.context)
        assert not checked.failures, checked.failures
        return checked.inputs

    def check(self, kind: str, program: Values, old: Kept | None = None) -> Any:
        """Check inputs; give those that the engine would keep."""
        result = self._face(kind).check(old.inputs if old else {}, program)
        if result.failures:
            # The engine says which resource it is.
            name = name_of(program)
            raise Failure("\n".join(f"{name}: {failure.reason}" for failure in result.failures))
        return _reveal(result.inputs)

    def create(self, kind: str, inputs: Values) -> Any:
        """Create; give the id and the outputs."""
        made = self._face(kind).create(inputs)
        return {"id": made.id, "outputs": _reveal(made.outs)}

    def read(self, kind: str, identity: str, outputs: Values) -> Any:
        """Read; give the id, and outputs and inputs."""
        read = self._face(kind).read(identity, outputs)
        return {"id": read.id, "outputs": _reveal(read.outs), "inputs": _reveal(read.inputs or {})}

    def update(self, kind: str, old: Kept, inputs: Values) -> Any:
        """Update; give the outputs."""
        return {"outputs": _reveal(self._face(kind).update(old.identity, old.outputs, inputs).outs)}

    def delete(self, kind: str, old: Kept) -> Any:
        """Delete."""
        self._face(kind).delete(old.identity, old.outputs)
        return "deleted"

    def call(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Call one of the functions that read."""
        with self._at_hand():
            return getattr(functions, name)(*arguments, **named)

    def command(self, *words: str) -> Any:
        """Run `pulumi-press` in an empty folder; give the files that it wrote."""
        said = io.StringIO()
        with (
            tempfile.TemporaryDirectory() as folder,
            _in(folder),
            self._at_hand(),
            contextlib.redirect_stderr(said),
        ):
            if cli.main(words):
                raise Failure(said.getvalue())
            return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(folder).iterdir())}

    @contextlib.contextmanager
    def _at_hand(self) -> Iterator[None]:
        """Let whoever reads the settings from the environment find this client."""
        variables = {"PRESS_ENDPOINT": self.url, "PEAK_AUTH_TOKEN": TOKEN}
        with mock.patch.dict(os.environ, variables), mock.patch.object(runtime, "connect", return_value=self.client):
            yield

    def _face(self, kind: str) -> DynamicProvider:
        return _Face(load_resource(kind)(), lambda: self.context)


class _Face(DynamicProvider):
    """The face, in surroundings of its own."""

    def __init__(self, lifecycle: Resource, surroundings: Callable[[], Context]) -> None:
        super().__init__(lifecycle)
        self._surroundings = surroundings

    def _context(self) -> Context:
        return self._surroundings()

    def _settings(self) -> Settings:
        return self._surroundings().settings()


@contextlib.contextmanager
def _in(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _reveal(value: Any) -> Any:
    """Take secrets out of their wrapping at every depth."""
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, dict):
        return {key: _reveal(item) for key, item in value.items()}
    return [_reveal(item) for item in value] if isinstance(value, list) else value
