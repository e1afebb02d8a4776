"""Revisions that somebody else made since the state was written, where nobody refreshed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.deployment import DeploymentResource

if TYPE_CHECKING:
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World


@pytest.fixture
def program(world: World) -> dict[str, Any]:
    """A program that deploys a spec."""
    return {"metadata": {"name": "etl-prod"}, "spec": {"id": world.publish(), "release": {"version": "1.0.0"}}}


@pytest.fixture
def deployment(program: dict[str, Any], world: World) -> Managed:
    """The deployment, up."""
    deployment = world.manage(DeploymentResource())
    deployment.up(program)
    return deployment


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, ""),
        (1, "; revision 2 was made by others in between"),
        (2, "; revisions 2 to 3 were made by others in between"),
    ],
)
def test_update_tells_of_revisions_in_between(
    count: int, told: str, program: dict[str, Any], deployment: Managed, world: World
) -> None:
    """An update that takes the place of somebody's revisions says so, and the next preview is empty."""
    for _ in range(count):
        world.client.create_deployment_revision(deployment.id, {"revision": {"notes": "somebody's"}})
    changed = {**program, "triggers": {"count": 1}}

    deployment.up(changed)

    number = count + 2
    assert deployment.outputs["revision_number"] == number
    assert world.told.news == [f"etl-prod: revision 1 -> {number} because triggers.count changed{told}"]
    assert deployment.preview(changed).changes == ()
