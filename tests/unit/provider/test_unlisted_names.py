"""A name that the service refuses and does not list: what has it is out of sight, or was deleted in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.base import Resource
    from pulumi_press.provider.values import Values
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "größe", "summary": "Loads orders"},
    "release": {"version": "1.0.0"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}
DEPLOYMENT: dict[str, Any] = {"metadata": {"name": "größe"}, "spec": {"release": {"version": "1.0.0"}}}


def find_nothing(identity: str) -> object:
    """Describe no block, as where it was deleted since it was listed."""
    raise NotFound(identity)


def take_name(kind: str, world: World) -> tuple[Resource, Values]:
    """Let somebody take a name; give what would make another block of that name."""
    if kind == "spec":
        world.manage(SpecResource()).up(SPEC)
        return SpecResource(), SPEC
    program = put(DEPLOYMENT, "spec.id", world.publish())
    world.manage(DeploymentResource()).up(program)
    return DeploymentResource(), program


@pytest.mark.parametrize(
    "assumed",
    [
        {"duplicate_name": 400, "error_body": "errors"},
        {"duplicate_name": 409, "error_body": "detail"},
        {"duplicate_name": 422, "error_body": "detail"},
    ],
    ids=str,
)
@pytest.mark.parametrize("blind", ["list", "describe"])
@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_refusal_of_a_name_that_nothing_shows_says_what_to_do(
    kind: str,
    blind: str,
    assumed: dict[str, Any],
    special_world: Callable[..., World],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error has the service's words, says that nothing of that name is to be seen, and gives the ways out."""
    world = special_world(**assumed)
    lifecycle, program = take_name(kind, world)
    other = world.manage(lifecycle)
    name = f"list_{kind}s" if blind == "list" else f"describe_{kind}"
    monkeypatch.setattr(world.client, name, {"list": lambda **_: [], "describe": find_nothing}[blind])

    with pytest.raises(AlreadyExistsError) as caught:
        other.up(program)

    told = str(caught.value)
    assert told.startswith(f"metadata.name: the service refuses the name 'größe', but lists no {kind} of that name")
    assert "run the command again" in told
    assert "choose another name" in told
    assert f"the service says: metadata.name: there is a block {kind} of kind workflow with the name" in told
    assert isinstance(caught.value.__cause__, PressError)


@pytest.mark.parametrize("kind", ["spec", "deployment"])
@pytest.mark.parametrize("status", [400, 422])
def test_refusal_for_something_else_stays_the_service_s_own(kind: str, status: int, world: World) -> None:
    """An error that does not speak of the name is not told as one of the name."""
    lifecycle = SpecResource() if kind == "spec" else DeploymentResource()
    program = SPEC if kind == "spec" else put(DEPLOYMENT, "spec.id", world.publish())
    rule = {"match": {"method": "POST", "path": f"/v1/blocks/{kind}s/"}, "times": 1, "then": {"status": status}}
    world.press.faults(rule)  # type: ignore[arg-type]  # One of the above.

    with pytest.raises(PressError, match="told to answer"):
        world.manage(lifecycle).up(program)
