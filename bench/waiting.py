"""How long `up` takes for many deployments that take their time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bench.life import UP
from bench.project import make_project

if TYPE_CHECKING:
    from bench.cost import Cost, Side
    from pulumi_press.emulator import LocalPress

__all__ = ["DEPLOYMENTS", "SECONDS", "deploy"]

DEPLOYMENTS = 24
SECONDS = 2.0
"""What each takes until it runs."""


def deploy(side: Side, press: LocalPress) -> Cost:
    """Measure an `up` that makes a spec and its deployments, as many at once as there are."""
    press.reset()
    with make_project(side, press, BENCH_SPECS="1", BENCH_DEPLOYMENTS=str(DEPLOYMENTS)) as project:
        cost = project.run(*UP, "--parallel", str(DEPLOYMENTS))
        return replace(cost, state_bytes=project.state_size())
