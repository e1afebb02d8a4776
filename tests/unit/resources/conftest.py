"""Programs under mocks that keep what they declare."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs


@dataclass(frozen=True)
class Declared:
    """A resource that a program declared."""

    token: str
    name: str
    inputs: dict[str, Any]


@dataclass
class Keeper(pulumi.runtime.Mocks):
    """Stands in for the engine: keeps what is declared, and gives each resource its inputs as outputs."""

    declared: list[Declared] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Further outputs by name."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Keep a resource."""
        self.declared.append(Declared(args.typ, args.name, args.inputs))
        return f"{args.name}-id", {**args.inputs, **self.outputs.get(args.name, {})}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Give nothing."""
        del args
        return {}, None


@pytest.fixture
def keeper() -> Keeper:
    """What stands in for the engine."""
    return Keeper()


@pytest.fixture
def run(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Run a program; give what the output that it returns turns out to be."""

    def run_program(program: Callable[[], Any]) -> Any:
        seen: list[Any] = []
        loops: list[asyncio.AbstractEventLoop] = []
        new_loop = asyncio.new_event_loop

        def make_loop() -> asyncio.AbstractEventLoop:
            loops.append(new_loop())
            return loops[-1]

        # Pulumi makes a loop in each thread of the executor, and leaves it; none may be found amid another test.
        monkeypatch.setattr(asyncio, "new_event_loop", make_loop)
        loop = make_loop()
        asyncio.set_event_loop(loop)
        try:
            pulumi.runtime.set_mocks(keeper)
            pulumi.runtime.test(lambda: pulumi.Output.from_input(program()).apply(seen.append))()  # type: ignore[no-untyped-call]  # Pulumi's own.
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            for made in loops:
                made.close()
        return seen[0]

    return run_program
