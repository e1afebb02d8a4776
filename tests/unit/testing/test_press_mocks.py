"""Programs under `PressMocks`."""

from __future__ import annotations

import asyncio
import gc
import warnings
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress


def run(mocks: PressMocks, program: Callable[[], pulumi.Output[Any]]) -> Any:
    """Run a program under mocks; give what its output turns out to be."""
    seen: list[Any] = []
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        pulumi.runtime.set_mocks(mocks)
        pulumi.runtime.test(lambda: program().apply(seen.append))()  # type: ignore[no-untyped-call]  # Pulumi's own.
    finally:
        # Pulumi leaves a loop in each thread of the executor; they must not be found in the middle of another test.
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
    return seen[0]


def declare(rows: Any = 10) -> pulumi.Output[Any]:
    """Declare a spec, a release and a deployment."""
    spec = press.BlockSpec(
        "api",
        kind="service",
        metadata={"name": "api", "summary": "An API"},
        config={"serviceType": "api", "imageDetails": {"id": 1}},
        parameters={"run": [{"name": "rows", "type": "number", "required": True}]},
    )
    run = press.BlockDeployment(
        "api",
        metadata={"name": "api"},
        spec={"id": spec.id, "release": {"version": spec.release_version}},
        parameters={"run": {"rows": rows}},
    )
    return pulumi.Output.all(spec.release_version, run.revision_number, run.status)


def test_program_runs_without_a_service() -> None:
    """Without a service the checks run all the same: the version is chosen, the revision is numbered."""
    assert run(PressMocks(), declare) == ["1.0.0", 1, "deployed"]


def test_mistakes_are_told() -> None:
    """A mistake fails the test with its path, also one that only the release's declaration can tell."""
    with pytest.raises(AssertionError, match=r"parameters\.run\.rows: must be a number"):
        run(PressMocks(), lambda: declare(rows=pulumi.Output.secret("many")))


def test_program_runs_against_a_local_press(press_emulator: LocalPress) -> None:
    """With a local Press the program really makes its objects there."""
    assert run(PressMocks(press_emulator.url, press_emulator.token), declare) == ["1.0.0", 1, "deployed"]
    assert len(press_emulator.state()["deployments"]) == 1
