"""Programs under `PressMocks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]


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


def test_program_runs_without_a_service(run_under: Runner) -> None:
    """Without a service the checks run all the same: the version is chosen, the revision is numbered."""
    assert run_under(PressMocks(), declare) == ["1.0.0", 1, "deployed"]


def test_mistakes_are_told(run_under: Runner) -> None:
    """A mistake fails the test with its path, also one that only the release's declaration can tell."""
    with pytest.raises(AssertionError, match=r"parameters\.run\.rows: must be a number"):
        run_under(PressMocks(), lambda: declare(rows=pulumi.Output.secret("many")))


def test_program_runs_against_a_local_press(run_under: Runner, press_emulator: LocalPress) -> None:
    """With a local Press the program really makes its objects there."""
    assert run_under(PressMocks(press_emulator.url, press_emulator.token), declare) == ["1.0.0", 1, "deployed"]
    assert len(press_emulator.state()["deployments"]) == 1
