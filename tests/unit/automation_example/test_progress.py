"""What the example for several tenants tells of the engine's events."""

from __future__ import annotations

import pytest
from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import ResourcePreEvent, StepEventMetadata

from examples.automation.progress import Progress


@pytest.mark.parametrize(
    ("type", "told"),
    [
        ("pulumi-python:dynamic/press:BlockSpec", ["creating BlockSpec orders"]),
        ("press:index:BlockSpec", ["creating BlockSpec orders"]),
        ("press:index:Block", []),  # A component.
        ("pulumi:providers:press", []),
        ("aws:s3:Bucket", []),
    ],
)
def test_steps_of_blocks_are_told(type: str, told: list[str]) -> None:  # noqa: A002  # As the engine calls it.
    """Dynamic and native resources are told alike; what is no object on the service is not."""
    lines: list[str] = []
    step = StepEventMetadata(
        op=OpType.CREATE,
        urn=f"urn:pulumi:prod::shop::{type}::orders",
        type=type,
        old=None,
        new=None,
        keys=None,
        diffs=None,
        detailed_diff=None,
        logical=None,
        provider="",
    )

    Progress(lines.append, planned=False).hear(
        EngineEvent(sequence=0, timestamp=0, resource_pre_event=ResourcePreEvent(metadata=step, planning=False))
    )

    assert lines == told
