"""A deployment and a release whose spec does not exist, because it is not among the targets of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

SPEC = """
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
"""
DEPLOYMENT = 'press.BlockDeployment("part", metadata={{"name": "run"}}, spec={}, wait=False)'
RELEASE = (
    'press.BlockSpecRelease("part", spec_id=spec.id, release={"version": "2.0.0"}, config={"imageDetails": {"id": 1}})'
)

WHY = "has no value: the spec does not exist, because it failed in this run or was not among the --target resources"


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (DEPLOYMENT.format("spec"), "spec.id"),
        (DEPLOYMENT.format('{"id": spec.id}'), "spec.id"),
        (RELEASE, "spec_id"),
    ],
    ids=["spec", "id", "release"],
)
def test_id_of_a_spec_that_was_not_targeted(part: str, path: str, stack: Stack) -> None:
    """The message says why there is no id, and that is the only mistake."""
    stack.write(SPEC + part)

    run = stack.run("up", "--yes", "--skip-preview", "--target", "**::part")

    assert run.code != 0
    assert f"has a problem: {path}: {WHY}\n" in run.text
    assert "is required" not in run.text
