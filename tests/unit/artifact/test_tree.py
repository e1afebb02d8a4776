"""Which files belong to a folder, and what is refused."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_press.artifact.errors import (
    BadName,
    ChangedWhilePacking,
    FolderMissing,
    NotAFolder,
    SpecialFile,
    UnreadableFile,
)
from pulumi_press.artifact.folder import Folder
from pulumi_press.artifact.rules import Rules
from pulumi_press.artifact.tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable


def list_paths(folder: Folder) -> list[str]:
    """Return the paths that a folder packs."""
    return [entry.path for entry in folder.manifest().entries]


def test_files_are_sorted_by_their_bytes(plant: Callable[..., Path]) -> None:
    """The order is that of the UTF-8 names, the same on every machine."""
    root = plant(dict.fromkeys(["b", "a/z", "a-b", "a.b", "B", "é", "a/y/x", "\U0001f40d", "\uff5e"], ""))

    assert list_paths(Folder(root)) == ["B", "a-b", "a.b", "a/y/x", "a/z", "b", "é", "\uff5e", "\U0001f40d"]


def test_hidden_files_are_packed_and_empty_folders_are_not(plant: Callable[..., Path]) -> None:
    """Without the default rules, nothing is left out by itself but what holds no file."""
    root = plant({".env": "", ".git/HEAD": "", "main.py": ""})
    (root / "empty" / "deeper").mkdir(parents=True)

    assert list_paths(Folder(root, default_ignores=False)) == [".env", ".git/HEAD", "main.py"]


def test_an_empty_folder_has_no_files(plant: Callable[..., Path]) -> None:
    """An empty folder is an artifact without files."""
    assert list_paths(Folder(plant({}))) == []


def test_a_very_deep_folder_is_walked(plant: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Depth is bounded by the operating system, not by the interpreter's stack."""
    depth = 1200
    step = root = plant({})
    for _ in range(depth):  # Step by step: from the outside the path is too long to create.
        monkeypatch.chdir(step)
        step = Path("d")
        step.mkdir()
    (step / "f").touch()
    monkeypatch.undo()
    expected = "d/" * depth + "f"

    try:
        assert [expected] == list_paths(Folder(root))
    finally:
        (root / expected).unlink()
        for level in range(depth, 0, -1):  # Too deep for what cleans up after pytest.
            (root / ("d/" * level)).rmdir()


def test_a_folder_that_is_not_there_is_named_with_the_working_directory(tmp_path: Path) -> None:
    """A relative path that fails is most often looked for from the wrong place."""
    with pytest.raises(FolderMissing, match=r"nope' does not exist \(the working directory is ") as refusal:
        Folder(tmp_path / "nope").manifest()

    assert refusal.value.field == "path"


def test_an_empty_path_is_not_the_working_directory() -> None:
    """An empty string never packs whatever the program happens to stand in."""
    with pytest.raises(FolderMissing, match="is empty"):
        Folder("").manifest()


def test_a_file_is_not_a_folder(plant: Callable[..., Path]) -> None:
    """The path of a file is refused as such."""
    root = plant({"main.py": ""})

    with pytest.raises(NotAFolder, match=r"main\.py' is not a folder"):
        Folder(root / "main.py").manifest()


def test_the_folder_itself_may_be_a_link(plant: Callable[..., Path], tmp_path: Path) -> None:
    """Links are judged by the folder's real place, so a link to the folder is as good as the folder."""
    root = plant({"main.py": "", "lib/x.py": ""})
    (root / "alias").symlink_to(root / "lib")
    (tmp_path / "current").symlink_to(root)

    assert list_paths(Folder(tmp_path / "current")) == ["alias/x.py", "lib/x.py", "main.py"]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: socket.socket(socket.AF_UNIX).bind(str(path))])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_special_file_is_refused_unless_it_is_ignored(
    make: Callable[[Path], None], plant: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe or a socket is never left out without a word."""
    root = plant({"main.py": "", "rules": "queue\n"})
    monkeypatch.chdir(root)  # The path of a socket is short.
    make(Path("queue"))

    with pytest.raises(SpecialFile, match=r"queue' is a pipe, a socket or a device"):
        Folder(root).manifest()
    assert list_paths(Folder(root, ["rules"])) == ["main.py", "rules"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"caf\xe9.txt", r"caf\\udce9\.txt.*' is not UTF-8"),
        (b"a\\b.txt", "holds a backslash or a line break"),
        (b"a\nb.txt", "holds a backslash or a line break"),
        (b"a\rb.txt", "holds a backslash or a line break"),
    ],
    ids=["Latin-1", "backslash", "line feed", "carriage return"],
)
@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_name_that_does_not_travel_is_refused_unless_it_is_ignored(
    name: bytes, reason: str, place: str, plant: Callable[..., Path]
) -> None:
    """A name that other systems would read otherwise is refused, of a file as of a folder."""
    root = plant({"main.py": "", "rules": "*.txt\n"})
    bad = root / os.fsdecode(name)
    if place == "folder":
        bad.mkdir()
        bad = bad / "x"
    bad.write_text("", encoding="utf-8")

    with pytest.raises(BadName, match=reason):
        Folder(root).manifest()
    assert list_paths(Folder(root, ["rules"])) == ["main.py", "rules"]


def test_names_do_not_depend_on_the_locale(plant: Callable[..., Path]) -> None:
    """A program that runs in the C locale sees the same artifact."""
    root = plant({"café.txt": "", ".dockerignore": "naïve\n", "naïve/x": ""})
    program = (
        "import sys; from pulumi_press.artifact.folder import Folder; print(Folder(sys.argv[1]).manifest().digest)"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    answer = subprocess.run([sys.executable, "-c", program, root], env=environment, capture_output=True, check=True)

    assert Folder(root).manifest().digest == answer.stdout.decode().strip()


def test_letters_composed_in_two_ways_are_two_names(plant: Callable[..., Path]) -> None:
    """Unicode's forms are left as they are, on file systems that tell them apart."""
    root = plant({"caf\u00e9": "1", "cafe\u0301": "2"})

    assert list_paths(Folder(root)) == ["cafe\u0301", "caf\u00e9"]


def test_a_folder_that_may_not_be_read_is_refused_unless_it_is_ignored(ordinary_user: Path) -> None:
    """What cannot be seen is not taken for empty."""
    (ordinary_user / "private").mkdir(mode=0)
    (ordinary_user / "rules").write_text("*\n!rules\n", encoding="utf-8")

    with pytest.raises(UnreadableFile, match=r"private' cannot be read \(Permission denied\)"):
        Folder(ordinary_user).manifest()
    assert list_paths(Folder(ordinary_user, ["rules"])) == ["rules"]


def test_a_folder_that_may_be_listed_but_not_entered_is_refused(ordinary_user: Path) -> None:
    """A file that cannot be looked at is named."""
    (ordinary_user / "listed").mkdir()
    (ordinary_user / "listed" / "x").touch()
    (ordinary_user / "listed").chmod(0o400)

    with pytest.raises(UnreadableFile, match=r"listed/x' cannot be read \(Permission denied\)"):
        Folder(ordinary_user).manifest()

    (ordinary_user / "listed").chmod(0o700)


def test_a_file_that_may_not_be_read_is_refused(ordinary_user: Path) -> None:
    """A file without the right to read it is named."""
    (ordinary_user / "secret").touch(mode=0)

    with pytest.raises(UnreadableFile, match=r"secret' cannot be read \(Permission denied\)"):
        Folder(ordinary_user).manifest()


def test_an_artifact_folder_that_may_not_be_read_is_refused(ordinary_user: Path) -> None:
    """A folder that may be listed but not entered, or the other way round, is told before anything else."""
    (ordinary_user / "etl").mkdir(mode=0o400)

    with pytest.raises(UnreadableFile, match=r"artifact folder .*etl' cannot be read \(Permission denied\)"):
        Folder(ordinary_user / "etl").manifest()


def test_a_folder_ignored_as_a_whole_is_not_looked_into(ordinary_user: Path) -> None:
    """Nobody walks through what no rule can bring back: here, what nobody could."""
    (ordinary_user / "cache").mkdir(mode=0)
    (ordinary_user / "rules").write_text("!rules\ncache/\n", encoding="utf-8")

    assert list_paths(Folder(ordinary_user, ["rules"])) == ["rules"]


def test_a_file_that_vanishes_during_the_walk_is_refused(plant: Callable[..., Path]) -> None:
    """A file that was listed has to be there when it is looked at."""
    root = plant({"a": "", "b": ""})
    found = walk(str(root), Rules.read(root))
    first = next(found)

    (root / {"a": "b", "b": "a"}[first.path]).unlink()

    with pytest.raises(ChangedWhilePacking, match=r"etl/[ab]' changed or vanished"):
        next(found)


def test_a_folder_that_vanishes_during_the_walk_is_refused(plant: Callable[..., Path]) -> None:
    """A folder that was listed has to be there when it is entered."""
    root = plant({"a": "", "folder/b": ""})
    found = walk(str(root), Rules.read(root))
    next(found)

    (root / "folder" / "b").unlink()
    (root / "folder").rmdir()

    with pytest.raises(ChangedWhilePacking, match=r"etl/folder' changed or vanished"):
        next(found)
