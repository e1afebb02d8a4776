"""Artifacts under `ignore_changes`, and those that earlier versions described: what was published stays as it was."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.artifact.folder import Folder
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from tests.unit.provider.every_field.conftest import ignore_changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

PARTS = ("artifact", "artifact.digest", "artifact.files", "artifact.path", "artifact.ignore_files")

FROZEN = ("artifact", "artifact.digest")
"""Parts that hold back the files."""


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


def program(path: object, summary: str = "Loads orders", **changes: Any) -> dict[str, Any]:
    """Write a spec with this artifact, by its absolute path as the program has it."""
    return {
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": summary},
        "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py"}}},
        "artifact": {"path": str(path)},
        **changes,
    }


def edit(folder: Path) -> Path:
    """Change a file."""
    (folder / "main.py").write_text("print('two')\n")
    return folder


def move(folder: Path) -> Path:
    """Move the folder."""
    return folder.rename(folder.with_name("moved"))


def move_and_edit(folder: Path) -> Path:
    """Move the folder and change a file."""
    return edit(move(folder))


def leave(folder: Path) -> Path:
    """Leave the folder as it is."""
    return folder


HAPPENINGS = (leave, edit, move, move_and_edit)


@pytest.mark.parametrize("happen", HAPPENINGS)
@pytest.mark.parametrize("part", PARTS)
def test_a_change_in_place_goes_through_whatever_part_is_ignored(
    part: str, happen: Callable[[Path], Path], spec: Managed, folder: Path, world: World
) -> None:
    """Whatever became of the folder, metadata changes; files that are held back are not published."""
    spec.up(program(folder))
    old = spec.inputs["artifact"]
    wanted = program(happen(folder), "Loads customers")
    world.restart()

    for _ in range(2):
        spec.up(ignore_changes(part, spec.inputs, wanted))

    (made,) = world.press.state()["specs"]
    assert made["metadata"]["summary"] == "Loads customers"
    if part in FROZEN:
        assert (spec.inputs["artifact"]["digest"], spec.inputs["artifact"]["files"]) == (old["digest"], old["files"])
        assert len(made["releases"]) == 1
    assert spec.preview(ignore_changes(part, spec.inputs, wanted)).changes == ()


@pytest.mark.parametrize("part", PARTS)
def test_a_release_is_published_with_the_old_files_while_they_are_there(
    part: str, spec: Managed, folder: Path, world: World
) -> None:
    """A change of the config goes through, and ships what the first release shipped."""
    spec.up(program(folder))
    world.restart()

    spec.up(ignore_changes(part, spec.inputs, program(folder, auto_run_on_deploy=True)))

    first, second = world.press.state()["specs"][0]["releases"]
    assert first["artifact"]["sha256"] == second["artifact"]["sha256"]
    assert spec.inputs["artifact"] == {"path": "files", **spec.inputs["artifact"]}


@pytest.mark.parametrize(
    ("part", "happen", "reason"),
    [
        ("artifact", edit, "'files' holds other files by now."),
        ("artifact", move, "The artifact folder 'files' does not exist"),
        ("artifact", move_and_edit, "The artifact folder 'files' does not exist"),
        ("artifact.digest", edit, "'files' holds other files by now."),
        ("artifact.digest", move_and_edit, "'moved' holds other files by now."),
        ("artifact.path", move, "The artifact folder 'files' does not exist"),
    ],
)
def test_a_release_that_needs_files_that_are_gone_is_refused_in_the_preview(  # noqa: PLR0917
    part: str, happen: Callable[[Path], Path], reason: str, spec: Managed, folder: Path, world: World
) -> None:
    """The preview says why there is to be a release, where the files should be, and what to do; nothing is sent."""
    spec.up(program(folder))
    wanted = program(happen(folder), auto_run_on_deploy=True)
    world.restart()
    world.calls()

    (failure,) = spec.failures(ignore_changes(part, spec.inputs, wanted))

    assert failure.startswith(
        "artifact: is left as it was (ignore_changes), but auto_run_on_deploy changed, and a release cannot be "
        f"published without its files: {reason}"
    )
    assert failure.endswith("Changes that need no release go through.")
    assert world.writes() == []


@pytest.mark.parametrize("happen", [edit, move, move_and_edit])
def test_a_replacement_that_is_asked_for_needs_the_files_too(
    happen: Callable[[Path], Path], spec: Managed, folder: Path, world: World
) -> None:
    """A replacement that somebody asks for keeps what is ignored, and the engine gives no old inputs then."""
    spec.up(program(folder))
    described = spec.inputs["artifact"]
    wanted = {**program(happen(folder)), "artifact": described}
    world.restart()
    spec.inputs = {}

    (failure,) = spec.failures(wanted)

    assert "but the spec is created, and a release cannot be published without its files" in failure


@pytest.mark.parametrize("part", FROZEN)
def test_a_release_of_its_own_is_left_alone(part: str, folder: Path, world: World) -> None:
    """A `BlockSpecRelease` whose files are held back is not replaced, and no mistake."""
    wanted = {
        "spec_id": world.publish(),
        "release": {"version": "1.1.0"},
        "config": program(folder)["config"],
        "artifact": {"path": str(folder)},
    }
    release = world.manage(ReleaseResource())
    release.up(wanted)
    edit(folder)
    world.restart()

    assert release.preview(ignore_changes(part, release.inputs, wanted)).changes == ()
    later = {**wanted, "release": {"version": "1.2.0"}}
    assert release.preview(ignore_changes(part, release.inputs, later)).replaces == ("release.version",)


def describe_as_before(spec: Managed, folder: Path, *, named: bool = True) -> None:
    """Give the state the description that versions made which left nothing out by default."""
    manifest = Folder(folder, default_ignores=False).manifest()
    files = {"files": manifest.files()} if named else {}
    spec.inputs = {**spec.inputs, "artifact": {"path": "files", "digest": manifest.digest, **files}}
    spec.outputs = {**spec.inputs}


@pytest.fixture
def byte_code(folder: Path) -> Path:
    """Byte code in the folder."""
    path = folder / "__pycache__" / "main.cpython-311.pyc"
    path.parent.mkdir()
    path.write_bytes(b"of this checkout")
    return path


def remake(byte_code: Path) -> None:
    """Make other byte code, as another checkout does."""
    byte_code.write_bytes(b"of another checkout")


def drop(byte_code: Path) -> None:
    """Have no byte code, as a new checkout does."""
    shutil.rmtree(byte_code.parent)


def keep(_: Path) -> None:
    """Leave it."""


@pytest.mark.parametrize("happen", [keep, remake, drop])
def test_byte_code_of_an_earlier_release_is_no_change(
    happen: Callable[[Path], None], byte_code: Path, spec: Managed, folder: Path, world: World
) -> None:
    """A state whose artifact held byte code sees no change, until the author changes something."""
    spec.up(program(folder))
    describe_as_before(spec, folder)
    happen(byte_code)
    world.restart()
    world.calls()

    assert spec.preview(program(folder)).changes == ()
    assert world.sent() == []
    spec.up(program(folder, "Loads customers"))
    spec.up(program(edit(folder)))

    assert set(spec.inputs["artifact"]["files"]) == {"main.py", "notes.txt"}
    assert len(world.press.state()["specs"][0]["releases"]) == 2


def test_other_changes_of_such_a_state_ship_no_byte_code(
    byte_code: Path, spec: Managed, folder: Path, world: World
) -> None:
    """A release for another reason is described, and shipped, without it."""
    spec.up(program(folder))
    describe_as_before(spec, folder)
    world.restart()

    spec.up(program(folder, auto_run_on_deploy=True))

    assert byte_code.exists()
    assert spec.inputs["artifact"]["digest"] == Folder(folder).manifest().digest
    release = world.press.state()["specs"][0]["releases"][-1]
    assert sorted(item["path"] for item in release["artifact"]["files"]) == ["main.py", "notes.txt"]


def test_such_a_state_without_a_list_of_files_sees_no_change(byte_code: Path, spec: Managed, folder: Path) -> None:
    """Where there were too many files to name, the digest of all of them decides."""
    spec.up(program(folder))
    describe_as_before(spec, folder, named=False)

    assert byte_code.exists()
    assert spec.preview(program(folder)).changes == ()


def test_byte_code_that_is_asked_for_is_shipped(byte_code: Path, spec: Managed, folder: Path, world: World) -> None:
    """The argument keeps it, and then a change of it is one."""
    wanted = program(folder, artifact={"path": str(folder), "default_ignores": False})
    spec.up(wanted)
    remake(byte_code)

    assert len(spec.preview(wanted).changes) == 3
    spec.up(wanted)

    assert "__pycache__/main.cpython-311.pyc" in spec.inputs["artifact"]["files"]
    assert len(world.press.state()["specs"][0]["releases"]) == 2


@pytest.mark.parametrize("name", [".env", ".env.production", "id_rsa"])
def test_files_of_secrets_are_warned_of(name: str, spec: Managed, folder: Path, world: World) -> None:
    """A preview warns by the file's name, and says what to do; an ignore file ends it, and ships nothing of it."""
    (folder / name).write_text("TOKEN=canary")
    spec.check(program(folder))

    (warning,) = world.told.warnings
    assert warning.startswith(f"artifact: {name!r} looks like a file of secrets, and would be published")
    assert "canary" not in warning

    (folder / ".dockerignore").write_text(f"{name}\n")
    assert name not in spec.check(program(folder))["artifact"]["files"]
    assert len(world.told.warnings) == 1
