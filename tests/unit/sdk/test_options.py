"""Options of Pulumi's that would go wrong are refused in the program, with the way that works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.sdk.conftest import Keeper

    Run = Callable[[Callable[[], Any]], Any]

SPEC: Any = {"kind": "service", "metadata": {"name": "api", "summary": "An API"}, "config": {"imageDetails": {"id": 1}}}
RELEASE: Any = {"release": {"version": "2.0.0"}, "config": SPEC["config"]}
IMPORT = pulumi.ResourceOptions(import_="an-id")


@pytest.mark.parametrize(
    ("declare", "way"),
    [
        (lambda opts: press.BlockSpec("api", **SPEC, opts=opts), "`pulumi-press import spec api an-id`"),
        (
            lambda opts: press.BlockSpecRelease("api-2", spec_id="x", **RELEASE, opts=opts),
            "`pulumi-press import release api-2 an-id`",
        ),
        (
            lambda opts: press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "x"}, opts=opts),
            "`pulumi-press import deployment run an-id`",
        ),
        (
            lambda opts: press.Rollout("run", deployment_id="x", revision=1, opts=opts),
            "it is imported with its deployment",
        ),
        (lambda opts: press.Block("api", spec=SPEC, opts=opts), "import each of its parts with `pulumi-press import`"),
        (lambda opts: press.BlockSpec.get("api", "an-id", opts=opts), "`pulumi-press import spec api an-id`"),
    ],
)
@pytest.mark.parametrize("opts", [IMPORT, pulumi.ResourceOptions.merge(pulumi.ResourceOptions(protect=True), IMPORT)])
def test_import_is_refused_with_the_way_that_works(
    declare: Callable[[Any], Any], way: str, opts: pulumi.ResourceOptions, run: Run, keeper: Keeper
) -> None:
    """Nothing is declared, and the message names the command that takes the block over."""
    with pytest.raises(pulumi.RunError, match="import_ does not work") as caught:
        run(lambda: declare(opts))

    assert way in str(caught.value)
    assert keeper.declared == []


@pytest.mark.parametrize(
    "declare",
    [
        lambda opts: press.BlockSpec("other", **SPEC, opts=opts),
        lambda opts: press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "x"}, opts=opts),
        lambda opts: press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "x"}, wait=False, opts=opts),
        lambda opts: press.Block("block", spec=SPEC, opts=opts),
    ],
)
def test_deleted_with_is_refused_where_it_would_leave_a_block_alive(declare: Callable[[Any], Any], run: Run) -> None:
    """The service deletes nothing along with something else, so the block would live on, and be forgotten."""
    with pytest.raises(
        pulumi.RunError, match="deleted_with would remove it from the state and leave it on the service"
    ):
        run(lambda: declare(pulumi.ResourceOptions(deleted_with=press.BlockSpec("api", **SPEC))))


def test_deleted_with_is_right_where_nothing_is_deleted(run: Run, keeper: Keeper) -> None:
    """The releases of a spec do go with it."""

    def program() -> None:
        spec = press.BlockSpec("api", **SPEC)
        options = pulumi.ResourceOptions(deleted_with=spec)
        press.BlockSpecRelease("api-2", spec_id=spec.id, **RELEASE, opts=options)

    run(program)

    assert sorted(item.name for item in keeper.declared) == ["api", "api-2"]
