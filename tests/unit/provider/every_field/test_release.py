"""Every input of a `BlockSpecRelease`: a change of any of them is another release, and needs another version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.fields import Effect
from pulumi_press.provider.release import ReleaseResource
from tests.unit.provider.every_field.conftest import ignore_changes, ignored_paths

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World
    from tests.unit.provider.every_field.conftest import Case

RESOURCE = "BlockSpecRelease"

ARTIFACT = {
    "artifact.path": {"artifact.path", "artifact.digest", 'artifact.files["main.sql"]'},
    "artifact.default_ignores": {"artifact.default_ignores", "artifact.digest", 'artifact.files["old.pyd"]'},
    "artifact.ignore_files[0]": {"artifact.ignore_files[0]", "artifact.digest", 'artifact.files["notes.txt"]'},
}
"""What changes with the artifact."""

NOTED_ONLY = ("artifact.path", "artifact.default_ignores", "artifact.ignore_files", "artifact.files")


def test_change(case: Case, world: World) -> None:
    """A change of one input is refused under the same version; with another one it is a new release beside the old."""
    names = dict.fromkeys(program["spec_id"] for program in (case.before, case.after))
    ids = {name: world.publish(name, config=case.before["config"]) for name in names}
    before, after = located(case.before, ids), located(case.after, ids)
    first = before["spec_id"]
    release = world.manage(ReleaseResource())
    world.calls()

    release.up(before)
    assert release.id == f"{first}/2.0.0"
    assert release.preview(before).changes == ()

    expected = set(ARTIFACT.get(case.at, case.leaves))
    if not case.at.startswith(("release.version", "spec_id")):
        (failure,) = release.failures(after)
        assert failure.startswith("release.version: is 2.0.0 still, but a release never changes")
        after = {**after, "release": {**after["release"], "version": "2.0.1"}}
        expected |= {"release.version"}

    diff = release.preview(after)
    assert {leaf for change in diff.changes for leaf in change.paths} == expected
    assert set(diff.replaces) == {leaf for leaf in expected if not leaf.startswith(NOTED_ONLY)}
    assert not diff.delete_before_replace
    assert {change.field.effect for change in diff.changes} <= {Effect.REPLACE, Effect.NONE}

    release.up(after)
    as_written = release.inputs
    assert release.refresh()
    assert release.inputs == as_written
    assert release.preview(after).changes == ()
    release.destroy()
    assert world.sent() == [
        f"POST /v1/blocks/specs/{first}/releases",
        f"POST /v1/blocks/specs/{after['spec_id']}/releases",
        f"GET /v1/blocks/specs/{after['spec_id']}/releases/{after['release']['version']}",
    ]
    assert world.told.news[-1].endswith(
        "stays on the service until its spec is deleted; it is only removed from the state"
    )


def test_ignored(case: Case, world: World) -> None:
    """With `ignore_changes` of an input nothing is done; another version is a new release, of what the program says."""
    ids = {name: world.publish(name, config=case.before["config"]) for name in ("FIRST", "SECOND")}
    before, after = located(case.before, ids), located(case.after, ids)
    for number, path in enumerate(ignored_paths(case)):
        start = {**before, "release": {**before["release"], "version": f"3.{number}.0"}}
        later = {**after, "release": {**after["release"], "version": f"3.{number}.1"}}
        release = world.manage(ReleaseResource())
        release.up(start)
        wanted = {**after, "release": {**after["release"], "version": f"3.{number}.0"}}

        assert release.preview(ignore_changes(path, release.inputs, wanted)).changes == ()
        if path not in ("release", "release.version"):
            assert "release.version" in release.preview(ignore_changes(path, release.inputs, later)).replaces
            release.up(later)


def test_no_field_is_left_out(untried: set[str]) -> None:
    """The table changes every field that the schema declares."""
    assert untried == set()


def located(program: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """Give the program with the spec's id, and its artifact's folder where it really lies."""
    program = {**program, "spec_id": ids[program["spec_id"]]}
    if "artifact" not in program:
        return program
    path = Path(__file__).parent / program["artifact"]["path"]
    return {**program, "artifact": {**program["artifact"], "path": str(path)}}
