"""Programs under mocks that keep what they declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs


@dataclass(frozen=True)
class Registered:
    """A resource that a program declared."""

    token: str
    name: str
    inputs: dict[str, Any]


@dataclass
class Keeper(pulumi.runtime.Mocks):
    """Stands in for the engine: keeps what is declared, and gives each resource its inputs as outputs."""

    declared: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Further outputs by name."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Keep a resource."""
        self.declared.append(Registered(args.typ, args.name, args.inputs))
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
def run(
    keeper: Keeper, run_under: Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]
) -> Callable[[Callable[[], Any]], Any]:
    """Run a program under the keeper; give what the output that it returns turns out to be."""
    return partial(run_under, keeper)
