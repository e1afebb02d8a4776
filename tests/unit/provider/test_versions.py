"""The version of a spec's release: chosen where it is left out, refused where it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.publishing import digest_content
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, put
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

# An image that is built with a repository's code needs no artifact.
REPOSITORY = {"branch": "main", "url": "https://example.com/etl.git"}
COMMAND = "config.steps.train.command"
SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders"},
    "config": {
        "images": {"base.one": {"version": "1.0.0"}},
        "steps": {"train": {"imageRef": "base.one", "command": "python train.py", "repository": REPOSITORY}},
    },
    "parameters": {"run": [{"name": "rows", "type": "number", "required": False}]},
}
CHANGED = put(SPEC, COMMAND, "python train.py --fast")


@pytest.fixture
def spec(world: World) -> Managed:
    """A spec to be made."""
    return world.manage(SpecResource())


def versions(world: World) -> list[str]:
    """Give the versions that are out."""
    return [release["version"] for release in world.press.state()["specs"][0]["releases"]]


def chosen(spec: Managed, program: dict[str, Any]) -> Any:
    """Give the version that a preview shows."""
    return get(spec.check(program), "release.version")


def test_version_left_out_is_chosen_and_known_in_the_preview(spec: Managed, world: World) -> None:
    """Left out, it is 1.0.0, then the next patch version whenever the content changes, and only then."""
    assert chosen(spec, SPEC) == "1.0.0"
    spec.up(SPEC)
    assert chosen(spec, SPEC) == "1.0.0"
    assert chosen(spec, put(SPEC, "metadata.title", "Orders")) == "1.0.0"
    assert chosen(spec, CHANGED) == "1.0.1"

    spec.up(CHANGED)
    spec.up(SPEC)

    assert versions(world) == ["1.0.0", "1.0.1", "1.0.2"]


@pytest.mark.parametrize(
    "same",
    [
        {**SPEC, "release": {"notes": ""}},
        {**SPEC, "auto_run_on_deploy": False},
        {**SPEC, "parameters": {**SPEC["parameters"], "build": []}},
        put(
            SPEC,
            "config.steps.train",
            {"repository": REPOSITORY, "command": "python train.py", "imageRef": "base.one"},
        ),
    ],
)
def test_what_means_the_same_is_no_new_release(same: dict[str, Any], spec: Managed, world: World) -> None:
    """Empty or absent, a default said or left to the service, and the order of keys, are no change of content."""
    spec.up(SPEC)
    world.calls()

    assert spec.preview(same).changes == ()
    spec.up(same)

    assert world.sent() == []


def test_raised_version_is_released(spec: Managed, world: World) -> None:
    """A raised version is a release, with new content or without."""
    spec.up(put(SPEC, "release.version", "1.9.0"))

    spec.up(put(SPEC, "release.version", "1.10.0"))
    spec.up(put(CHANGED, "release.version", "2.0.0-rc.1"))
    spec.up(put(CHANGED, "release.version", "2.0.0"))

    assert versions(world) == ["1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0"]
    assert world.told.news == [
        "etl: new release 1.9.0 -> 1.10.0 because release.version changed",
        f"etl: new release 1.10.0 -> 2.0.0-rc.1 because {COMMAND} changed",
        "etl: new release 2.0.0-rc.1 -> 2.0.0 because release.version changed",
    ]


@pytest.mark.parametrize(
    ("released", "lower", "higher"),
    [("1.10.0", "1.9.9", "1.10.1"), ("2.0.0", "2.0.0-rc.1", "2.0.1"), ("2.0.0", "1.0.0", "2.0.1")],
)
def test_lowered_version_is_refused(released: str, lower: str, higher: str, spec: Managed, world: World) -> None:
    """A version that was lowered is a mistake, told in the preview."""
    spec.up(put(SPEC, "release.version", released))
    world.calls()

    failures = spec.failures(put(SPEC, "release.version", lower))

    told = f"is lower than the released {released}; versions only go up: raise it, for example to {higher}"
    assert failures == [f"release.version: {told}"]
    assert world.sent() == []


def test_changed_content_under_the_same_version_is_refused(spec: Managed, world: World) -> None:
    """The message has what changed, both digests and the next version; nothing is written."""
    fixed = put(SPEC, "release.version", "1.4.0")
    spec.up(fixed)
    world.calls()

    (failure,) = spec.failures({**fixed, "config": CHANGED["config"], "parameters": {}})

    before, after = digest_content(SPEC), digest_content({**CHANGED, "parameters": {}})
    assert before != after
    assert failure == (
        f"release.version: is 1.4.0 still, but the content of that release changed ({COMMAND} and parameters.run); "
        "raise it to 1.4.1, or leave it out, of ignore_changes too, to have it chosen"
    )
    assert world.writes() == []


def test_refusal_names_a_version_that_is_free(spec: Managed, world: World) -> None:
    """Where somebody else has published meanwhile, the version to raise to is above theirs."""
    fixed = put(SPEC, "release.version", "1.4.0")
    spec.up(fixed)
    body = {"release": {"version": "1.5.0"}, "config": SPEC["config"]}
    world.client.create_spec_release(spec.id, body)

    (failure,) = spec.failures(put(CHANGED, "release.version", "1.4.0"))

    assert "raise it to 1.5.1," in failure


def test_no_digest_without_difference() -> None:
    """The digest is of the content alone, whatever else differs."""
    assert digest_content(SPEC) == digest_content({**SPEC, "featured": True, "release": {"version": "9.9.9"}})


def test_version_that_is_no_longer_given_goes_on_from_the_last(spec: Managed, world: World) -> None:
    """Left out after it was given, it stays while the content does, and then goes on from there."""
    spec.up(put(SPEC, "release.version", "3.1.0-rc.1"))

    assert spec.preview(SPEC).changes == ()
    spec.up(CHANGED)

    assert versions(world) == ["3.1.0-rc.1", "3.1.0"]


def test_somebody_else_s_later_release_is_counted(spec: Managed, world: World) -> None:
    """The next version is above the latest on the service, which is asked only then; theirs is no drift of ours."""
    spec.up(put(SPEC, "release.version", "1.9.0"))
    theirs = put(SPEC, "config.steps.train.command", "python other.py")["config"]
    body = {"release": {"version": "1.10.0", "notes": "Theirs"}, "config": theirs}
    world.client.create_spec_release(spec.id, body, auto_run_on_deploy=True)
    world.calls()

    assert spec.preview(SPEC).changes == ()
    assert world.sent() == []
    assert spec.refresh()
    assert spec.preview(SPEC).changes == ()
    world.calls()
    assert chosen(spec, CHANGED) == "1.10.1"
    assert world.sent() == ["GET /v1/blocks/specs/"]
    spec.up(CHANGED)

    assert versions(world) == ["1.9.0", "1.10.0", "1.10.1"]


def test_service_that_does_not_answer_is_no_mistake(spec: Managed, world: World) -> None:
    """Where the latest version cannot be asked for, a warning says so and the stack's own is counted from."""
    spec.up(SPEC)
    world.press.faults({"match": {"method": "GET"}, "then": {"status": 503}})

    assert chosen(spec, CHANGED) == "1.0.1"

    (warning,) = world.told.warnings
    assert warning.startswith("the latest release cannot be read, so the next version may exist already: GET")


def test_version_that_was_chosen_without_the_latest_is_refused_clearly(spec: Managed, world: World) -> None:
    """Where somebody published a later one that could not be asked for, the error says so, and the next run goes on."""
    spec.up(SPEC)
    world.client.create_spec_release(spec.id, {"release": {"version": "10.0.0"}, "config": SPEC["config"]})
    world.press.faults({"match": {"method": "GET", "path": "/v1/blocks/specs/"}, "times": 4, "then": {"status": 503}})

    with pytest.raises(
        AlreadyExistsError, match=r"1\.0\.1 is not above the latest release 10\.0\.0; set it to 10\.0\.1, or run"
    ):
        spec.up(CHANGED)

    spec.up(CHANGED)
    assert versions(world) == ["1.0.0", "10.0.0", "10.0.1"]


UNKNOWNS = {
    "one value": put(SPEC, COMMAND, UNKNOWN),
    "in a list": {**SPEC, "parameters": {"run": [{"name": UNKNOWN, "type": "number", "required": False}]}},
    "below an odd name": put(SPEC, "config.images", {"base.one": {"version": UNKNOWN}}),
    "a whole step": put(SPEC, "config.steps.train", UNKNOWN),
    "the whole config": {**SPEC, "config": UNKNOWN},
    "the notes": put(SPEC, "release.notes", UNKNOWN),
    "the artifact's folder": {**SPEC, "artifact": {"path": UNKNOWN}},
    "the whole artifact": {**SPEC, "artifact": UNKNOWN},
}


@pytest.mark.parametrize("program", UNKNOWNS.values(), ids=UNKNOWNS)
def test_version_is_unknown_while_the_content_is(program: dict[str, Any], spec: Managed, world: World) -> None:
    """Content that may turn out to be the same leaves the version open, and asks the service nothing."""
    spec.up(SPEC)
    world.calls()

    assert chosen(spec, program) is UNKNOWN
    assert "release.version" in [leaf for change in spec.preview(program).changes for leaf in change.paths]
    assert world.sent() == []


@pytest.mark.parametrize("program", UNKNOWNS.values(), ids=UNKNOWNS)
def test_unknown_content_is_not_refused_under_the_same_version(program: dict[str, Any], spec: Managed) -> None:
    """A given version is no mistake while nobody can tell whether the content changed."""
    spec.up(put(SPEC, "release.version", "1.0.0"))

    assert spec.failures(put(program, "release.version", "1.0.0")) == []


def test_certain_change_settles_the_version_whatever_is_unknown(spec: Managed) -> None:
    """One part that surely changed is enough for another version."""
    spec.up(SPEC)

    assert chosen(spec, put({**SPEC, "auto_run_on_deploy": True}, COMMAND, UNKNOWN)) == "1.0.1"


def test_new_spec_with_unknown_content_is_the_first_version(spec: Managed) -> None:
    """A spec that is not there yet begins at 1.0.0 in any case."""
    assert chosen(spec, put(SPEC, COMMAND, UNKNOWN)) == "1.0.0"


@pytest.mark.parametrize("release", [UNKNOWN, {"version": UNKNOWN}])
def test_unknown_version_stays_unknown(release: Any, spec: Managed) -> None:
    """A version that another resource will give is not chosen here, and what stands with it stays as it is."""
    spec.up(put(SPEC, "release.notes", "First"))

    assert spec.check({**SPEC, "release": release})["release"] == release


@pytest.mark.parametrize(
    ("released", "given"),
    [("1.4.0", "1.4.0+build.7"), ("1.4.0+a", "1.4.0+b"), ("1.4.0+a", "1.4.0"), ("2.0.0-rc.1", "2.0.0-rc.1+x")],
)
def test_version_that_differs_in_build_metadata_alone_is_refused(
    released: str, given: str, spec: Managed, world: World
) -> None:
    """Build metadata does not count, so the service would take both for one version; the next free one is named."""
    spec.up(put(SPEC, "release.version", released))
    world.calls()

    for program in (SPEC, CHANGED):
        (failure,) = spec.failures(put(program, "release.version", given))

        assert failure.startswith(
            f"release.version: differs from the released {released} only in the build metadata, which does not count; "
        )
    assert world.writes() == []


SERVICE: dict[str, Any] = {**SPEC, "kind": "service", "config": {"imageDetails": {"id": 1}}}


@pytest.mark.parametrize("version", ["1.4.0", "1.0.0", "1.4.0+b", None], ids=str)
def test_other_kind_is_a_replacement_whatever_the_version(version: str | None, spec: Managed, world: World) -> None:
    """A spec of another kind is a new one, with releases of its own: a version that stays, or is lower, is right."""
    spec.up(put(SPEC, "release.version", "1.4.0"))
    before = spec.id
    program = put(SERVICE, "release.version", version)

    diff = spec.preview(program)
    assert "kind" in diff.replaces
    spec.up(program)

    assert spec.id != before
    assert versions(world) == [version or "1.0.0"]


def test_kind_that_is_not_known_yet_is_no_refusal(spec: Managed) -> None:
    """A kind that may turn out to be another one leaves the version as it is given, or open."""
    spec.up(put(SPEC, "release.version", "1.4.0"))

    assert spec.failures({**put(CHANGED, "release.version", "1.4.0"), "kind": UNKNOWN}) == []
    assert chosen(spec, {**CHANGED, "kind": UNKNOWN}) is UNKNOWN
