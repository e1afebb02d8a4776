"""Programs under mocks, and a browser, for all unit tests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from tests.support.chromium import NAMES, find_program, run_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.chromium import Chromium

Run = Callable[[pulumi.runtime.Mocks, Callable[[], object]], None]


@pytest.fixture
def run_in_loop(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Do something under mocks with an event loop of its own."""

    def run(mocks: pulumi.runtime.Mocks, work: Callable[[], object]) -> None:
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
            work()
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            for made in loops:
                made.close()
            # Futures of a program that failed tell of themselves when they are found; that must be here too.
            gc.collect()

    return run


@pytest.fixture
def run_under(run_in_loop: Run) -> Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]:
    """Run a program under mocks; give what the output that it returns turns out to be."""

    def run(mocks: pulumi.runtime.Mocks, program: Callable[[], Any]) -> Any:
        seen: list[Any] = []

        def test() -> object:
            return pulumi.Output.from_input(program()).apply(seen.append)

        run_in_loop(mocks, pulumi.runtime.test(test))  # type: ignore[no-untyped-call]  # Pulumi's own.
        return seen[0]

    return run


@pytest.fixture
def chromium(browser: Chromium) -> Iterator[Chromium]:
    """Give a browser, where there is one; the page that it shows at the end asks nothing of a server that is gone."""
    yield browser
    browser.show("about:blank")
    browser.complaints.clear()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Run one browser for all tests of a process."""
    program = find_program()
    if program is None:
        pytest.skip(f"there is no Chromium on PATH ({', '.join(NAMES)}) nor in CHROMIUM")
    with run_chromium(program, tmp_path_factory.mktemp("profile")) as running:
        yield running
