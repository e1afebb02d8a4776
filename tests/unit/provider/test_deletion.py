"""Deleting: once, until it is gone, and with a clear word where it cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import Interrupted, ServerError, UnprocessableEntity
from pulumi_press.client.token import Token
from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.context import Place
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.settings import note_found, place_of, read_place
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put
from pulumi_press.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}
DEPLOYMENT: dict[str, Any] = {"metadata": {"name": "etl-prod"}, "spec": {"release": {"version": "1.0.0"}}}


def deploy(world: World, **changes: Any) -> Managed:
    """Make a deployment."""
    deployment = world.manage(DeploymentResource())
    deployment.up(put({**DEPLOYMENT, **changes}, "spec.id", world.publish("deployed")))
    world.calls()
    return deployment


def test_what_is_gone_already_is_deleted(world: World) -> None:
    """Deleting what somebody deleted is a success, and asks nothing more."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    deployment = deploy(world)
    world.client.delete_deployment(deployment.id)
    world.client.delete_spec(spec.id)
    world.calls()
    addresses = [f"DELETE /v1/blocks/deployments/{deployment.id}", f"DELETE /v1/blocks/specs/{spec.id}"]

    deployment.destroy()
    spec.destroy()

    assert world.sent() == addresses


def test_what_is_gone_is_forgotten_by_a_refresh(world: World) -> None:
    """A spec, a deployment and its rollout that somebody deleted are no more."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    deployment = deploy(world)
    rollout = world.manage(RolloutResource())
    rollout.up({"deployment_id": deployment.id, "revision": 1})
    world.client.delete_deployment(deployment.id)
    world.client.delete_spec(spec.id)

    assert [spec.refresh(), deployment.refresh(), rollout.refresh()] == [False, False, False]


@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_failing_read_leaves_the_state_alone(kind: str, world: World) -> None:
    """An error other than 404 is an error, not the end of the object."""
    resource = deploy(world)
    if kind == "spec":
        resource = world.manage(SpecResource())
        resource.up(SPEC)
    before = dict(resource.outputs)
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 500}})

    with pytest.raises(ServerError):
        resource.refresh()

    assert resource.outputs == before


def test_lost_answer_of_a_delete_is_asked_for_again(world: World) -> None:
    """A DELETE whose answer was lost is sent again, and finds the object gone."""
    deployment = deploy(world)
    identity = deployment.id
    world.press.faults({"match": {"method": "DELETE"}, "times": 1, "then": {"drop": True, "when": "after"}})

    deployment.destroy()

    assert world.sent() == [f"DELETE /v1/blocks/deployments/{identity}"] * 2
    assert world.press.state()["deployments"] == []


def test_asynchronous_delete_is_waited_for(special_world: Callable[..., World]) -> None:
    """A deployment that is deleted in the background is asked for until it is gone, with lines that pass."""
    world = special_world("reads:3", delete_deployment="asynchronous")
    deployment = deploy(world)
    mine = f"/v1/blocks/deployments/{deployment.id}"

    deployment.destroy()

    sent = world.sent()
    assert sent[0] == f"DELETE {mine}"
    assert set(sent[1:]) == {f"GET {mine}"}
    assert len(sent) > 2
    assert world.press.state()["deployments"] == []
    assert world.told.lines[0].message == "deleting deployment etl-prod (deleting, 0s)"
    assert all(line.ephemeral for line in world.told.lines)


def test_refused_delete_of_what_is_being_deleted_is_waited_for(special_world: Callable[..., World]) -> None:
    """Where somebody deletes it already, a refusal only means to wait."""
    world = special_world("reads:3", delete_deployment="asynchronous")
    deployment = deploy(world)
    world.client.delete_deployment(deployment.id)
    world.press.faults({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 409}})

    deployment.destroy()

    assert world.press.state()["deployments"] == []


def test_failed_delete_says_what_to_do(world: World) -> None:
    """A deployment that could not be deleted is an error, and stays in the state for the next try."""
    deployment = deploy(world)
    world.press.outcomes({"status": "delete_failed", "times": 1})

    with pytest.raises(ProviderError) as caught:
        deployment.destroy()

    assert str(caught.value) == (
        "the service could not delete deployment etl-prod (delete_failed); run `pulumi destroy` again"
    )
    assert deployment.id
    deployment.destroy()
    assert world.press.state()["deployments"] == []


@pytest.mark.parametrize(("timeouts", "limit"), [({}, 600), ({"delete": "90s"}, 90)])
def test_endless_delete_names_the_limit(timeouts: dict[str, str], limit: int, world: World) -> None:
    """A delete that does not end is given up after `timeouts.delete`, and the message names it."""
    deployment = deploy(world, timeouts=timeouts)
    world.press.outcomes({"status": "deleting"})

    with pytest.raises(ProviderError, match=r"^deployment etl-prod is still deleting .* or raise timeouts\.delete$"):
        deployment.destroy()

    assert world.time.seconds == pytest.approx(limit)


def test_long_status_leaves_the_remedy_in_the_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status of any length is shortened, and what to do follows."""
    deployment = deploy(world)
    live = {"metadata": {"status": "y" * 100_000}}
    monkeypatch.setattr(world.client, "describe_deployment", lambda _: live)

    with pytest.raises(ProviderError, match=r"more characters\) .* or raise timeouts\.delete$") as caught:
        deployment.destroy()

    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    ("timeouts", "requested", "limit", "argument"),
    [
        ({}, 30.0, 30, r"custom_timeouts\.delete"),
        ({}, 5400.0, 5400, r"custom_timeouts\.delete"),
        ({"create": "5m"}, 45.0, 45, r"custom_timeouts\.delete"),
        ({"delete": "90s"}, 30.0, 90, r"timeouts\.delete"),
        ({}, None, 600, r"timeouts\.delete"),
    ],
)
def test_endless_delete_ends_at_the_timeout_of_the_request(
    timeouts: dict[str, str], requested: float | None, limit: int, argument: str, world: World
) -> None:
    """Pulumi's `custom_timeouts` set the limit, unless `timeouts` does; the message names what does."""
    deployment = deploy(world, timeouts=timeouts)
    deployment.context = replace(deployment.context, timeout=requested)
    world.press.outcomes({"status": "deleting"})

    with pytest.raises(ProviderError, match=rf"or raise {argument}$"):
        deployment.destroy()

    assert world.time.seconds == pytest.approx(limit)


def test_spec_is_deleted_with_one_call(world: World) -> None:
    """The service deletes a spec at once, so its answer is all that is asked for."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    world.calls()
    identity = spec.id

    spec.destroy()

    assert world.sent() == [f"DELETE /v1/blocks/specs/{identity}"]
    assert world.press.state()["specs"] == []


def test_delete_ends_when_the_engine_asks(world: World) -> None:
    """An interruption ends the wait."""
    deployment = deploy(world)
    world.press.outcomes({"status": "deleting"})
    world.time.on_pause = lambda _: world.stop.set()

    with pytest.raises(Interrupted, match="the next `pulumi up` continues"):
        deployment.destroy()


def test_spec_with_deployments_is_not_deleted(world: World) -> None:
    """A spec that still has deployments is refused in the service's words, and stays."""
    spec = world.manage(SpecResource())
    spec.up(SPEC)
    program = put(DEPLOYMENT, "spec.id", spec.id)
    world.manage(DeploymentResource()).up(program)

    with pytest.raises(UnprocessableEntity, match="The block spec has 1 deployments; delete them first"):
        spec.destroy()

    assert len(world.press.state()["specs"]) == 1


@pytest.mark.parametrize("kind", ["spec", "deployment"])
@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (
            Place("https://press.example.com", "0000"),
            "; it was last seen at https://press.example.com and may still exist",
        ),
        (
            Place("", "0000"),
            " for this token; it was last seen with another token, perhaps another tenant's and may still",
        ),
    ],
)
def test_what_was_last_seen_elsewhere_is_not_taken_for_deleted(kind: str, seen: Place, told: str, world: World) -> None:
    """At another address, or for another token, an object that is not there may be alive: the state keeps it."""
    resource = gone(kind, world)
    here = place_of(resource.context.settings())
    resource.context = replace(resource.context, seen=Place(seen.address or here.address, seen.token))

    with pytest.raises(ProviderError, match="nothing was deleted") as caught:
        resource.destroy()

    assert f"({resource.id}) is not at {here.address}{told}" in str(caught.value)
    assert "run `pulumi refresh`, which forgets it" in str(caught.value)


@pytest.mark.parametrize("kind", ["spec", "deployment"])
@pytest.mark.parametrize("known", ["nothing", "same", "proven"])
def test_what_is_not_there_is_told_and_forgotten(kind: str, known: str, world: World) -> None:
    """Where the object was seen here, or its place turned out to be this one, it is gone, and a line says so."""
    resource = gone(kind, world)
    here = place_of(resource.context.settings())
    seen = {"nothing": None, "same": here, "proven": Place("https://other.example.com", here.token)}[known]
    resource.context = replace(resource.context, seen=seen)
    if known == "proven":
        note_found(resource.context)
    identity = resource.id

    resource.destroy()

    assert world.told.news[-1].endswith(f"({identity}) is not at {here.address}, so nothing was deleted")


def gone(kind: str, world: World) -> Managed:
    """Make an object that somebody else has deleted."""
    if kind == "deployment":
        resource = deploy(world)
        world.client.delete_deployment(resource.id)
        return resource
    resource = world.manage(SpecResource())
    resource.up(SPEC)
    world.client.delete_spec(resource.id)
    return resource


def test_token_is_kept_as_four_digits_of_its_digest() -> None:
    """Another token shows, and none can be found out."""
    places = {place_of(Settings(Token(token), "a test")) for token in ("one", "two", "three")}

    assert len(places) == 3
    assert all(len(place.token) == 4 and set(place.token) <= set("0123456789abcdef") for place in places)


@pytest.mark.parametrize("kept", [None, "x", {}, {"address": "a"}, {"address": 1, "token": "b"}])
def test_place_that_no_state_should_have_is_none(kept: object) -> None:
    """A state of an earlier version, or one that was edited, says nothing of a place."""
    assert read_place(kept) is None
