"""Taking up what an interrupted run made: with at most two requests an object, and counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.adoption import describe_taken_up
from pulumi_press.provider.context import ProcessCache
from pulumi_press.provider.create_once import Intents
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put
from tests.unit.provider.conftest import WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.base import Resource
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

MOST = 2
"""Requests for an object that is taken up."""
MANY = 30
"""More than a page has."""

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": WORKFLOW,
    "release": {"version": "1.0.0"},
}
NEXT = {"release": {"version": "1.1.0", "notes": "Faster."}, "config": WORKFLOW}
RUN = {"metadata": {"name": "etl-prod"}}

marked = pytest.mark.parametrize("is_marked", [False, True], ids=["noted", "marked"])
"""What tells of an object: the note on this machine, or the mark on the object where there is none."""


def manage(world: World, resource: Resource, *, is_marked: bool, name: str = "etl") -> Managed:
    """Take a resource of one program into care: all of them share what the process remembers."""
    managed = world.manage(resource, marks="owner" if is_marked else "none")
    urn = f"urn:pulumi:prod::shop::pulumi-python:dynamic/press:Block::{name}"
    return replace(managed, context=replace(managed.context, urn=urn, cache=world.cache))


def end(world: World, *, is_marked: bool) -> None:
    """End the run and go on in another process; of what only marks tell, on another machine."""
    world.restart()
    if is_marked:
        vars(world.intents).update(vars(Intents()))
    world.calls()


@pytest.fixture
def crowd(world: World) -> Callable[[str], None]:
    """Publish more specs, or create more deployments, whose names begin alike than one page of a listing has."""

    def gather(spec_id: str) -> None:
        for number in range(MANY):
            if spec_id:
                body = {"metadata": {"name": f"etl-prod-{number}"}, "spec": {"id": spec_id}}
                world.client.create_deployment(body)
            else:
                world.publish(f"etl-{number}")

    return gather


@marked
def test_spec_takes_two_requests(world: World, crowd: Callable[[str], None], *, is_marked: bool) -> None:
    """However many others have names that begin with its own."""
    crowd("")
    made = manage(world, SpecResource(), is_marked=is_marked)
    replace(made).up(SPEC)
    end(world, is_marked=is_marked)

    made.up(SPEC)

    assert len(world.calls()) <= MOST
    assert world.cache.taken_up == {("spec", made.id)}
    assert not made.preview(SPEC).changes


@marked
def test_deployment_takes_two_requests(world: World, crowd: Callable[[str], None], *, is_marked: bool) -> None:
    """So does a deployment."""
    spec_id = world.publish("base")
    crowd(spec_id)
    program = {**RUN, "spec": {"id": spec_id, "release": {"version": "1.0.0"}}}
    made = manage(world, DeploymentResource(), is_marked=is_marked)
    replace(made).up(program)
    end(world, is_marked=is_marked)
    made.check(program)  # It asks once what the release of another program declares.
    world.calls()

    made.up(program)

    assert len(world.calls()) <= MOST
    assert world.cache.taken_up == {("deployment", made.id)}
    assert not made.preview(program).changes


@marked
def test_spec_and_its_later_release_take_two_requests_each(world: World, *, is_marked: bool) -> None:
    """The spec's own release is not its latest any more."""
    spec, release = (
        manage(world, resource, is_marked=is_marked, name=name)
        for resource, name in ((SpecResource(), "etl"), (ReleaseResource(), "etl-next"))
    )
    first = replace(spec)
    first.up(SPEC)
    replace(release).up({**NEXT, "spec_id": first.id})
    end(world, is_marked=is_marked)

    spec.up(SPEC)
    release.up({**NEXT, "spec_id": spec.id})

    assert len(world.calls()) <= 2 * MOST
    assert world.cache.taken_up == {("spec", spec.id), ("release", f"{spec.id}/1.1.0")}
    assert not spec.preview(SPEC).changes


@marked
def test_release_takes_two_requests(world: World, *, is_marked: bool) -> None:
    """One of a spec that the state has."""
    spec_id = world.publish("base")
    made = manage(world, ReleaseResource(), is_marked=is_marked)
    replace(made).up({**NEXT, "spec_id": spec_id})
    end(world, is_marked=is_marked)

    made.up({**NEXT, "spec_id": spec_id})

    assert len(world.calls()) <= MOST
    assert world.cache.taken_up == {("release", f"{spec_id}/1.1.0")}


@marked
@pytest.mark.parametrize("version", ["1.1.0", None], ids=["given", "chosen"])
def test_spec_s_next_release_takes_two_requests(world: World, version: str | None, *, is_marked: bool) -> None:
    """So does what an update publishes, whether its version is given or chosen."""
    made = manage(world, SpecResource(), is_marked=is_marked)
    made.up(put(SPEC, "release.version", version and "1.0.0"))
    program = put(put(SPEC, "release.version", version), "config.steps.train.command", "python -O train.py")
    replace(made).up(program)
    end(world, is_marked=is_marked)

    made.up(program)

    assert len(world.calls()) <= MOST
    assert [kind for kind, _ in world.cache.taken_up] == ["release"]
    (live,) = world.press.state()["specs"]
    assert len(live["releases"]) == 2


@marked
def test_revision_takes_two_requests(world: World, *, is_marked: bool) -> None:
    """So does a revision."""
    program = {**RUN, "spec": {"id": world.publish("base"), "release": {"version": "1.0.0"}}}
    made = manage(world, DeploymentResource(), is_marked=is_marked)
    made.up(program)
    later = {**program, "triggers": {"restart": "1"}}
    replace(made).up(later)
    end(world, is_marked=is_marked)

    made.up(later)

    assert len(world.calls()) <= MOST
    assert world.cache.taken_up == {("revision", f"{made.id}/2")}
    (live,) = world.press.state()["deployments"]
    assert len(live["revisions"]) == 2


def test_listing_that_tells_less_costs_one_request_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the listing leaves out is no sign that somebody edited the spec."""
    program = put(SPEC, "metadata.description", "Every night.")
    made = manage(world, SpecResource(), is_marked=False)
    replace(made).up(program)
    end(world, is_marked=False)
    listed = world.client.list_specs

    def list_less(**query: Any) -> Any:
        for item in listed(**query):
            del item["metadata"]["description"]
            yield item

    monkeypatch.setattr(world.client, "list_specs", list_less)

    made.up(program)

    assert len(world.calls()) == MOST + 1
    assert world.cache.taken_up == {("spec", made.id)}


def test_noted_object_is_not_looked_for_before(world: World) -> None:
    """Where a check looks for names that are taken, a note says that this one is the program's own."""
    made = manage(world, SpecResource(), is_marked=False)
    made = replace(made, context=replace(made.context, settings=world.context(adopt="identical").settings))
    replace(made).up(SPEC)
    end(world, is_marked=False)

    made.up(SPEC)

    assert len(world.calls()) <= MOST


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, ""),
        (1, "took up 1 object of an interrupted run"),
        (90, "took up 90 objects of an interrupted run"),
    ],
)
def test_one_line_tells_of_all(count: int, told: str) -> None:
    """However many there are."""
    assert describe_taken_up(ProcessCache(taken_up={("spec", str(number)) for number in range(count)})) == told
