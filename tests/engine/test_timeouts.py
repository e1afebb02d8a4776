"""Pulumi's `custom_timeouts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

LIMITS = 'pulumi.CustomTimeouts(create="1s", update="1s", delete="1s")'
SPEC = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "An API"}, config={"imageDetails": {"id": 1}}%s
)
"""
RUN = f"""
press.BlockDeployment(
    "api", metadata={{"name": "api"}}, spec={{"id": spec.id, "release": {{"version": "1.0.0"}}}},
    opts=pulumi.ResourceOptions(custom_timeouts={LIMITS}),
)
"""
BLOCK = f"""
press.Block(
    "api",
    spec={{
        "kind": "service",
        "metadata": {{"name": "api", "summary": "An API"}},
        "config": {{"imageDetails": {{"id": 1}}}},
    }},
    deployment={{"metadata": {{"name": "api"}}}},
    opts=pulumi.ResourceOptions(custom_timeouts={LIMITS}),
)
"""


@pytest.mark.parametrize("program", [SPEC % "" + RUN, BLOCK], ids=["deployment", "block"])
def test_rollout_ends_at_the_custom_timeout(program: str, stack: Stack) -> None:
    """The rollout takes the limit of its deployment, and the message names what set it."""
    stack.press.outcomes({"status": "deploying"})
    stack.write(program)

    printed = stack.fail_up()

    assert "(limit 1s)" in printed
    assert "custom_timeouts.create raises the limit" in printed


def test_deletion_ends_at_the_custom_timeout(stack: Stack) -> None:
    """A deletion has the time that was set when the deployment was made."""
    stack.write(SPEC % "" + RUN)
    stack.up()
    stack.press.outcomes({"status": "deleting"})

    run = stack.run("destroy", "--yes", "--skip-preview")

    assert "or raise custom_timeouts.delete" in run.text


def test_publishing_ends_at_the_custom_timeout(stack: Stack) -> None:
    """What only sends a request has the time that was set, with all its tries."""
    stack.press.faults({"match": {"method": "POST"}, "then": {"status": 429, "headers": {"Retry-After": "30"}}})
    stack.write(SPEC % f", opts=pulumi.ResourceOptions(custom_timeouts={LIMITS})")

    printed = stack.fail_up()

    assert "429" in printed
    assert len(stack.press.requests()) == 1
