"""A `BlockSpecRelease` whose version is taken, which is not known yet, or whose spec is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import UnprocessableEntity
from pulumi_press.provider.errors import AlreadyExistsError, ProviderError
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.values import put
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

DECLARED: dict[str, Any] = {"run": [{"name": "rows", "type": "number", "required": False}]}
CONFIG: dict[str, Any] = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}}


@pytest.fixture
def program(world: World) -> dict[str, Any]:
    """A program that publishes a release of a spec that is there."""
    return {"spec_id": world.publish(), "release": {"version": "1.1.0"}, "config": CONFIG}


@pytest.fixture
def release(world: World, program: dict[str, Any]) -> Managed:
    """The release, published."""
    published = world.manage(ReleaseResource())
    published.up(program)
    world.calls()
    return published


@pytest.mark.parametrize(
    ("path", "leaf"),
    [
        ("config.steps.train.command", "config.steps.train.command"),
        ("config", "config"),
        ("parameters", "parameters"),
        ("release.notes", "release.notes"),
        ("artifact.path", "artifact.digest"),
        ("spec_id", "spec_id"),
        ("release.version", "release.version"),
    ],
)
def test_unknown_value_is_no_mistake_and_may_replace(
    path: str, leaf: str, program: dict[str, Any], release: Managed, world: World
) -> None:
    """What is not known yet may be another release, and is not refused; nothing is asked."""
    wanted = put(program, path, UNKNOWN)

    assert leaf in release.preview(wanted).replaces
    assert world.sent() == []


def test_known_change_beside_an_unknown_one_is_refused(program: dict[str, Any], release: Managed) -> None:
    """One part that surely changed needs another version, whatever else is not known."""
    wanted = put({**program, "auto_run_on_deploy": True}, "release.notes", UNKNOWN)

    (failure,) = release.failures(wanted)

    assert failure.startswith(
        "release.version: is 1.1.0 still, but a release never changes (auto_run_on_deploy); raise it"
    )
    assert failure.endswith("; raise it, for example to 1.1.1")


def test_release_of_a_deleted_spec_is_gone(release: Managed, program: dict[str, Any], world: World) -> None:
    """A spec takes its releases along."""
    world.client.delete_spec(program["spec_id"])

    assert not release.refresh()


def test_release_with_the_same_content_is_taken_with_a_warning(world: World) -> None:
    """A version that is out with the content that was to be published is taken as it is."""
    program = {"spec_id": world.publish("etl", "1.0.0", "1.1.0"), "release": {"version": "1.1.0"}, "config": CONFIG}
    release = world.manage(ReleaseResource(), adopt="identical")

    release.up(program)

    assert release.id == f"{program['spec_id']}/1.1.0"
    assert world.told.warnings == ["release 1.1.0 exists already with the same content; taken as it is"]
    assert release.preview(program).changes == ()


def test_release_of_somebody_else_is_refused_by_default(world: World) -> None:
    """A version that is out is not taken, whatever its content, unless a setting allows it."""
    program = {"spec_id": world.publish("etl", "1.0.0", "1.1.0"), "release": {"version": "1.1.0"}, "config": CONFIG}

    with pytest.raises(AlreadyExistsError, match=r"press:adopt is never; raise release\.version to 1\.1\.1"):
        world.manage(ReleaseResource()).up(program)


def test_release_of_the_resource_s_own_is_taken_again(world: World) -> None:
    """A release that the resource published and forgot is still its own: nobody can have changed it."""
    program = {"spec_id": world.publish("etl"), "release": {"version": "1.1.0"}, "config": CONFIG}
    release = world.manage(ReleaseResource())
    release.up(program)
    release.destroy()
    world.restart()
    world.calls()

    release.up(program)

    assert world.writes() == []
    assert release.id == f"{program['spec_id']}/1.1.0"


@pytest.mark.parametrize(
    "changed",
    [
        {"config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python other.py"}}}},
        {"parameters": DECLARED},
        {"auto_run_on_deploy": True},
        {"release": {"version": "1.1.0", "notes": "Other"}},
    ],
)
def test_release_with_other_content_is_refused(changed: dict[str, Any], world: World) -> None:
    """A version that is out with other content is an error that names another version."""
    spec_id = world.publish("etl", "1.0.0", "1.1.0")
    program = {"spec_id": spec_id, "release": {"version": "1.1.0"}, "config": CONFIG, **changed}

    with pytest.raises(AlreadyExistsError, match=r"release 1\.1\.0 exists already with other content .* to 1\.1\.1$"):
        world.manage(ReleaseResource()).up(program)


@pytest.mark.parametrize(("latest", "version", "free"), [("2.0.0", "1.5.0", "2.0.1"), ("1.10.0", "1.9.9", "1.10.1")])
def test_release_below_the_latest_is_refused_with_a_version_that_is_free(
    latest: str, version: str, free: str, world: World
) -> None:
    """A version that is not out, and lower than one that is, is refused; the error says which one is free."""
    program = {"spec_id": world.publish("etl", latest), "release": {"version": version}, "config": CONFIG}

    with pytest.raises(AlreadyExistsError) as caught:
        world.manage(ReleaseResource()).up(program)

    assert str(caught.value) == (
        f"release.version: {version} is not above the latest release {latest}; set it to {free}, or run the command "
        "again if it was left out\n"
        f"(the service says: release.version: {version} is not greater than {latest}, the latest release)"
    )


def test_refusal_for_something_else_is_told_as_it_is(world: World) -> None:
    """A version above the latest that is refused all the same is refused in the service's words."""
    program = {"spec_id": world.publish("etl", "2.0.0"), "release": {"version": "2.5.0"}, "config": CONFIG}
    world.press.faults({"match": {"method": "POST", "path": "*/releases"}, "times": 1, "then": {"status": 422}})

    with pytest.raises(UnprocessableEntity, match="told to answer 422"):
        world.manage(ReleaseResource()).up(program)


@pytest.mark.parametrize("given", ["1.1.0+b", "1.1.0+build.2"])
def test_release_that_differs_in_build_metadata_alone_is_refused(
    given: str, program: dict[str, Any], release: Managed, world: World
) -> None:
    """Build metadata does not count, so it makes no other release, with the same content or with other."""
    for content in (program, {**program, "parameters": DECLARED}):
        (failure,) = release.failures(put(content, "release.version", given))

        assert failure == (
            "release.version: differs from the released 1.1.0 only in the build metadata, which does not count; "
            "raise it, for example to 1.1.1"
        )
    assert release.failures(put({**program, "spec_id": UNKNOWN}, "release.version", given)) == []
    assert world.writes() == []


@pytest.mark.parametrize("wrong", ["", "an-id", "/1.0.0", "an-id/"])
def test_id_of_another_form_is_told_apart(wrong: str, world: World) -> None:
    """An import, or a `get`, of a release says what its id looks like, and asks the service nothing."""
    managed = world.manage(ReleaseResource())

    with pytest.raises(ProviderError, match="the id of a release is <spec id>/<version>, which "):
        managed.codec.read(wrong, {}, managed.context)
    assert world.press.requests() == []
