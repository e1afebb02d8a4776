"""An artifact is its content: digest and files stand for it, wherever its folder lies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.artifact.folder import Folder
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files in a project's folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "files"
    made.mkdir()
    (made / "main.py").write_text("print('one')\n")
    (made / "notes.txt").write_text("Notes.\n")
    return made


@pytest.fixture
def spec(world: World) -> Managed:
    """A spec to be made."""
    return world.manage(SpecResource())


def program(path: object, **changes: Any) -> dict[str, Any]:
    """Write a spec with this artifact."""
    return {
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": "Loads orders"},
        "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py"}}},
        "artifact": {"path": str(path)},
        **changes,
    }


def leaves(spec: Managed, wanted: dict[str, Any]) -> set[str]:
    """Give the values that a preview shows as changed."""
    return {leaf for change in spec.preview(wanted).changes for leaf in change.paths}


def test_artifact_is_described_by_digest_and_files(spec: Managed, folder: Path) -> None:
    """The inputs hold the digest, a mark of each file, and a path that is right on every machine with the checkout."""
    described = spec.check(program(folder))["artifact"]

    manifest = Folder(folder).manifest()
    assert described == {"path": "files", "digest": manifest.digest, "files": manifest.files()}
    assert set(described["files"]) == {"main.py", "notes.txt"}


def test_files_are_shipped(spec: Managed, folder: Path, world: World) -> None:
    """What is uploaded are the files."""
    spec.up(program(folder))

    (release,) = world.press.state()["specs"][0]["releases"]
    assert sorted(item["path"] for item in release["artifact"]["files"]) == ["main.py", "notes.txt"]


def test_changed_files_are_named(spec: Managed, folder: Path, world: World) -> None:
    """A preview names each file that changed, came or went, and the release tells how many they were."""
    spec.up(program(folder))
    (folder / "main.py").write_text("print('two')\n")
    (folder / "notes.txt").unlink()
    (folder / "new.py").write_text("")

    assert leaves(spec, program(folder)) == {
        "artifact.digest",
        'artifact.files["main.py"]',
        'artifact.files["notes.txt"]',
        'artifact.files["new.py"]',
        "release.version",
    }
    spec.up(program(folder))
    assert world.told.news == ["etl: new release 1.0.0 -> 1.0.1 because 3 files changed"]


def test_same_content_elsewhere_is_no_change(spec: Managed, folder: Path, tmp_path: Path, world: World) -> None:
    """Another folder, another time of the files, and ignore files that change nothing, keep the old description."""
    spec.up(program(folder))
    described = spec.inputs["artifact"]
    shutil.move(folder, tmp_path / "elsewhere")
    (tmp_path / "elsewhere/notes.txt").touch()
    world.calls()

    assert spec.check(program(tmp_path / "elsewhere"))["artifact"] == described
    assert spec.preview(program(tmp_path / "elsewhere")).changes == ()
    assert world.sent() == []


def test_moved_folder_is_published_from_where_it_is(spec: Managed, folder: Path, tmp_path: Path, world: World) -> None:
    """A release after a move ships the files from their new place, though the description has the old one."""
    spec.up(program(folder))
    moved = shutil.move(folder, tmp_path / "elsewhere")
    world.restart()

    spec.up(program(moved, auto_run_on_deploy=True))

    first, second = world.press.state()["specs"][0]["releases"]
    assert first["artifact"]["sha256"] == second["artifact"]["sha256"]


def test_more_than_200_files_have_a_digest_only(spec: Managed, folder: Path, world: World) -> None:
    """Past 200 files no file is named, and any change of them is still one."""
    for number in range(199):
        (folder / f"{number}.txt").write_text("")
    spec.up(program(folder))
    assert set(spec.inputs["artifact"]) == {"path", "digest"}

    (folder / "0.txt").write_text("changed")
    assert leaves(spec, program(folder)) == {"artifact.digest", "release.version"}
    spec.up(program(folder))

    (folder / "1.txt").unlink()
    assert len(spec.check(program(folder))["artifact"]["files"]) == 200
    spec.up(program(folder))
    assert world.told.news == [
        "etl: new release 1.0.0 -> 1.0.1 because the artifact changed",
        "etl: new release 1.0.1 -> 1.0.2 because the artifact changed",
    ]


def test_file_that_changes_after_the_check_fails_the_create(spec: Managed, folder: Path, world: World) -> None:
    """What is published is what was previewed; otherwise nothing is, and the message says what to do."""
    inputs = spec.check(program(folder))
    expected = inputs["artifact"]["digest"][:12]
    (folder / "main.py").write_text("print('two')\n")

    with pytest.raises(ProviderError) as caught:
        spec.codec.create(inputs, spec.context)

    found = Folder(folder).manifest().digest[:12]
    assert str(caught.value) == ("artifact.path: the files in files changed after the preview; run the command again")
    assert found != expected
    assert world.press.state()["specs"] == []


def test_file_that_changes_after_the_check_fails_the_update(spec: Managed, folder: Path, world: World) -> None:
    """A new release is not published either."""
    spec.up(program(folder))
    inputs = spec.check(program(folder, auto_run_on_deploy=True))
    (folder / "main.py").write_text("print('two')\n")
    world.calls()

    with pytest.raises(ProviderError, match="changed after the preview"):
        spec.codec.update(spec.id, spec.outputs, inputs, spec.context)

    assert world.sent() == []


def test_ignored_changes_hand_back_the_old_description(spec: Managed, folder: Path, world: World) -> None:
    """With `ignore_changes=["artifact"]` the engine gives the description of last time, which is no change."""
    spec.up(program(folder))
    (folder / "main.py").write_text("print('two')\n")
    wanted = {**program(folder), "artifact": spec.inputs["artifact"]}
    world.calls()

    assert spec.preview(wanted).changes == ()
    assert world.sent() == []


def test_description_is_enough_for_a_process_that_did_not_check(spec: Managed, folder: Path, world: World) -> None:
    """A process that is given the description alone ships the files from its path."""
    inputs = spec.check(program(folder))
    world.restart()

    spec.codec.create(inputs, spec.context)

    (release,) = world.press.state()["specs"][0]["releases"]
    assert release["artifact"] is not None


def test_artifact_can_come_and_go(spec: Managed, folder: Path, world: World) -> None:
    """An artifact that is added or left out is a change of content."""
    without = {key: value for key, value in program(folder).items() if key != "artifact"}
    spec.up(without)

    spec.up(program(folder))
    spec.up(without)

    releases = world.press.state()["specs"][0]["releases"]
    assert [release["artifact"] is not None for release in releases] == [False, True, False]
    assert spec.preview(without).changes == ()


def test_wrong_folder_is_a_mistake(spec: Managed, folder: Path) -> None:
    """A folder that is not there, and an ignore file that is not there, are mistakes beside all others."""
    (missing,) = spec.failures(program(folder / "nowhere"))
    wrong = spec.failures(
        program(folder, artifact={"path": str(folder), "ignore_files": ["gone.ignore"]}, featured="yes")
    )

    assert missing.startswith("artifact.path: The artifact folder")
    assert "Create it, or correct the path." in missing
    assert [failure.partition(":")[0] for failure in wrong] == ["featured", "artifact.ignore_files"]


@pytest.mark.parametrize(
    ("artifact", "failure"),
    [
        ({}, "artifact.path: is required"),
        ({"path": ""}, "artifact.path: must not be empty"),
        ({"path": 7}, "artifact.path: must be a text, not a whole number; put it in quotes"),
        ("files", 'artifact: must be an object, not a text; write one such as {"path": "..."}'),
    ],
)
def test_artifact_of_another_shape_is_one_mistake(artifact: Any, failure: str, spec: Managed, folder: Path) -> None:
    """An artifact that is not what it must be is told once."""
    assert spec.failures(program(folder, artifact=artifact)) == [failure]


def test_release_of_its_own_ships_its_files(folder: Path, world: World) -> None:
    """A `BlockSpecRelease` ships an artifact as a spec does, and refuses other files under the same version."""
    wanted = {
        "spec_id": world.publish(),
        "release": {"version": "1.1.0"},
        "config": program(folder)["config"],
        "artifact": {"path": str(folder)},
    }
    release = world.manage(ReleaseResource())
    release.up(wanted)
    (folder / "main.py").write_text("print('two')\n")

    (failure,) = release.failures(wanted)

    assert world.press.state()["specs"][0]["releases"][1]["artifact"] is not None
    assert failure.startswith("release.version: is 1.1.0 still, but a release never changes (1 file); raise it")
