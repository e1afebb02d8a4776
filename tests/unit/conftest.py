"""Programs under mocks, for all unit tests."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def run_under(monkeypatch: pytest.MonkeyPatch) -> Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]:
    """Run a program under mocks; give what the output that it returns turns out to be."""

    def run_program(mocks: pulumi.runtime.Mocks, program: Callable[[], Any]) -> Any:
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
            pulumi.runtime.set_mocks(mocks)
            pulumi.runtime.test(lambda: pulumi.Output.from_input(program()).apply(seen.append))()  # type: ignore[no-untyped-call]  # Pulumi's own.
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            for made in loops:
                made.close()
            # Futures of a program that failed tell of themselves when they are found; that must be here too.
            gc.collect()
        return seen[0]

    return run_program
