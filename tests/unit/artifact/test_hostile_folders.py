"""Folders that were made to hang the packing, or to have it read what does not belong to them."""

from __future__ import annotations

import os
import re
import shutil
import signal
from typing import TYPE_CHECKING

import pytest
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from pulumi_press.artifact.archive import pack
from pulumi_press.artifact.content import Manifest, read
from pulumi_press.artifact.errors import ChangedWhilePacking, IgnoreFileInvalid, LinkLoop, SpecialFile, TooLarge
from pulumi_press.artifact.folder import Folder
from pulumi_press.artifact.rules import Rules, compile_glob
from pulumi_press.artifact.tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENOUGH = 20
"""Seconds after which a test counts as hanging; what it tests takes a few milliseconds."""


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    """End a test that hangs, wherever it does."""

    def stop(*_: object) -> None:
        pytest.fail("it hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(ENOUGH)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("*a*a*a*a*a*a*a*a*a*ab", "a" * 200),
        ("?*?*?*?*?*?*?*?*?*?*?*!", "x" * 200),
        ("**/*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c", "/".join(["ab" * 60] * 3)),
        ("**/" * 12 + "b", "/".join(["a"] * 60)),
        ("/a/" + "**/a/" * 12 + "b", "/".join(["a"] * 60)),
        ("*" * 60 + "b", "a" * 200),
    ],
)
def test_a_rule_with_many_wildcards_is_decided_at_once(rule: str, name: str, plant: Callable[..., Path]) -> None:
    """What a rule costs grows with the length of a name, not with a power of it; what it decides stays the same."""
    root = plant({name: "", f"{name}.kept": "", ".dockerignore": f"{rule}\n/.dockerignore\n"})

    assert [entry.path for entry in Folder(root).manifest().entries] == [name, f"{name}.kept"]


@pytest.mark.parametrize("rule", ["*a*b*c", "a*/**/*c*?", "**/a?*[!b]*c", "[a-]*\\**?*", "/**/x/**/*.p*y*", "*é*è*c/"])
@pytest.mark.parametrize(
    "path",
    ["abc", "a/b/c", "xabxbcxc", "aa/x/ccc", "x/y/x/z/a.py", "a-*", "-a**b", "éèc/", "éèc", "a/éxèyc/z", "a\nb/c", ""],
)
def test_the_matcher_decides_as_the_regular_expression_does(rule: str, path: str) -> None:
    """The two ways of matching a rule agree."""
    expression = GitIgnoreSpecPattern(rule).regex.pattern  # type: ignore[union-attr]  # These are rules.
    matcher = compile_glob(expression)

    assert matcher is not None
    assert matcher.matches(path) == bool(re.search(expression, path))


def test_a_pipe_in_the_place_of_the_default_ignore_file_is_refused(plant: Callable[..., Path]) -> None:
    """Nobody waits for a writer who never comes."""
    root = plant({"main.py": ""})
    os.mkfifo(root / ".dockerignore")

    with pytest.raises(IgnoreFileInvalid, match=r"\.dockerignore' cannot be read \(it is not a regular file\)"):
        Folder(root).manifest()


def test_a_pipe_behind_a_link_or_under_another_name_is_refused_as_an_ignore_file(plant: Callable[..., Path]) -> None:
    """The same for a file that is named, and for a link to a pipe."""
    root = plant({"main.py": ""})
    os.mkfifo(root / "queue")
    (root / "rules").symlink_to("queue")

    for name in ("queue", "rules"):
        with pytest.raises(IgnoreFileInvalid, match="is not a regular file"):
            Folder(root, [name]).manifest()


def swap_for_pipe(path: Path, _: Path) -> None:
    """Put a pipe in the place of a file."""
    path.unlink()
    os.mkfifo(path)


def swap_for_link(path: Path, secret: Path) -> None:
    """Put a link to a file outside in the place of a file."""
    path.unlink()
    path.symlink_to(secret)


def swap_for_folder_link(path: Path, secret: Path) -> None:
    """Put a link to a folder outside in the place of the file's folder."""
    shutil.rmtree(path.parent)
    path.parent.symlink_to(secret.parent)


def swap_for_another_file(path: Path, secret: Path) -> None:
    """Move another file to the place of a file."""
    secret.replace(path)


SWAPS = [swap_for_pipe, swap_for_link, swap_for_folder_link, swap_for_another_file]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside, with the name and the size of one inside."""
    path = tmp_path / "outside" / "main.py"
    path.parent.mkdir()
    path.write_text("secret")
    return path


@pytest.mark.parametrize("swap", SWAPS)
def test_a_file_that_is_swapped_after_the_walk_is_not_read(
    swap: Callable[[Path, Path], None], plant: Callable[..., Path], secret: Path
) -> None:
    """Only the very file that was found is read, whatever lies under its name by then."""
    root = plant({"lib/main.py": "public"})
    (file,) = walk(str(root), Rules.read(root))

    swap(root / "lib" / "main.py", secret)

    with pytest.raises(ChangedWhilePacking, match=r"lib/main\.py' changed or vanished"):
        list(read(file))


@pytest.mark.parametrize("swap", SWAPS)
def test_a_file_that_is_swapped_after_the_hashing_is_not_packed(
    swap: Callable[[Path, Path], None], plant: Callable[..., Path], secret: Path
) -> None:
    """The same between the hashing and the packing."""
    root = plant({"lib/main.py": "public"})
    files = list(walk(str(root), Rules.read(root)))
    manifest = Manifest.of(files)

    swap(root / "lib" / "main.py", secret)

    with pytest.raises(ChangedWhilePacking):
        pack(str(root), files, manifest)


@pytest.mark.parametrize("swap", SWAPS)
def test_the_target_of_a_link_that_is_swapped_after_the_walk_is_not_read(
    swap: Callable[[Path, Path], None], plant: Callable[..., Path], secret: Path
) -> None:
    """A link inside the folder is followed once, when it is found."""
    root = plant({"lib/main.py": "public"})
    (root / "start").symlink_to("lib/main.py")
    files = {file.path: file for file in walk(str(root), Rules.read(root))}

    swap(root / "lib" / "main.py", secret)

    with pytest.raises(ChangedWhilePacking, match=r"start' changed or vanished"):
        list(read(files["start"]))


def test_a_link_that_is_turned_elsewhere_after_the_walk_changes_nothing(
    plant: Callable[..., Path], secret: Path
) -> None:
    """The link's target of then is read, not that of now."""
    root = plant({"lib/main.py": "public"})
    (root / "start").symlink_to("lib/main.py")
    files = {file.path: file for file in walk(str(root), Rules.read(root))}

    swap_for_link(root / "start", secret)

    assert b"".join(bytes(block) for block in read(files["start"])) == b"public"


def test_a_folder_that_is_swapped_for_a_link_during_the_walk_is_not_entered(
    plant: Callable[..., Path], secret: Path
) -> None:
    """A folder that was listed is the one that is entered."""
    root = plant({"a.txt": "", "lib/main.py": "public"})
    found = walk(str(root), Rules.read(root))
    next(found)

    swap_for_folder_link(root / "lib" / "main.py", secret)

    with pytest.raises(ChangedWhilePacking, match=r"etl/lib' changed or vanished"):
        list(found)


@pytest.mark.parametrize("swap", [swap_for_pipe, swap_for_link])
def test_a_file_that_is_swapped_during_the_walk_is_not_taken_for_one(
    swap: Callable[[Path, Path], None], plant: Callable[..., Path], secret: Path
) -> None:
    """An entry that was a file when the folder was listed is not followed when it has become a link."""
    root = plant({"a": "", "b": ""})
    found = walk(str(root), Rules.read(root))
    first = next(found)

    swap(root / {"a": "b", "b": "a"}[first.path], secret)

    with pytest.raises((ChangedWhilePacking, SpecialFile)):
        [list(read(file)) for file in found]


@pytest.mark.parametrize(
    ("beside", "last"),
    [
        pytest.param(1, "f", id="a link beside each folder"),
        pytest.param(3, "f", id="three links beside each folder"),
        pytest.param(1, "", id="no file at all"),
        pytest.param(1, "ignored", id="a file that is ignored"),
    ],
)
def test_a_few_links_that_make_millions_of_ways_are_refused(tmp_path: Path, beside: int, last: str) -> None:
    """Each folder has a link to the one in it, so that the ways double with every level."""
    (tmp_path / ".dockerignore").write_text("ignored\n")
    folder = tmp_path
    for _ in range(24):
        (folder / "next").mkdir()
        for number in range(beside):
            (folder / f"link{number}").symlink_to("next")
        folder /= "next"
    if last:
        (folder / last).touch()

    with pytest.raises(LinkLoop, match="in more than 1,000 ways"):
        Folder(tmp_path).manifest()


def test_what_cannot_fit_is_not_walked_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with ten thousand files that links show in a hundred places is too large, and told so early."""
    looked = 0

    def count(*arguments: object) -> Iterator[object]:
        nonlocal looked
        for file in walk(*arguments):  # type: ignore[arg-type]  # As it was called.
            looked += 1
            yield file

    monkeypatch.setattr("pulumi_press.artifact.folder.walk", count)
    monkeypatch.setattr("pulumi_press.artifact.folder.MOST_FILES", 100)
    monkeypatch.setattr("pulumi_press.artifact.archive.MAX_SIZE", 100)
    (tmp_path / "files").mkdir()
    for number in range(50):
        (tmp_path / "files" / f"{number}").touch()
    for number in range(20):
        (tmp_path / f"link{number}").symlink_to("files")

    with pytest.raises(TooLarge):
        Folder(tmp_path).manifest()
    assert looked == 101
