"""Explicit providers: several tenants in one program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
import os

for tenant in ("north", "south"):
    provider = press.Provider(tenant, endpoint=os.environ["ADDRESS"], auth_token=f"token-of-{tenant}")
    options = pulumi.ResourceOptions(provider=provider)
    spec = press.BlockSpec(
        f"api-{tenant}",
        kind="service",
        metadata={"name": "api", "summary": f"For {tenant}"},
        config={"serviceType": "api", "imageDetails": {"id": 1}},
        opts=options,
    )
    press.BlockDeployment(f"api-{tenant}", metadata={"name": "api"}, spec={"id": spec.id}, opts=options)
"""


def test_each_provider_has_its_own_tenant(make_stack: Callable[..., Stack]) -> None:
    """Two providers with two tokens make their objects for two tenants, rollouts included; the tokens stay secret."""
    with start(tokens={"token-of-north": "north", "token-of-south": "south"}) as press:
        stack = make_stack(ADDRESS=press.url, PEAK_AUTH_TOKEN="of-nobody")
        stack.write(PROGRAM)
        stack.up()

        state = press.state()
        assert sorted(spec["tenant"] for spec in state["specs"]) == ["north", "south"]
        assert sorted(item["tenant"] for item in state["deployments"]) == ["north", "south"]
        assert "token-of-" not in str(stack.export())
        assert stack.preview() == {}

        stack.succeed("destroy", "--yes", "--skip-preview")
        assert (press.state()["specs"], press.state()["deployments"]) == ([], [])
