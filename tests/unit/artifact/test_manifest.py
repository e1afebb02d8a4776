"""The manifest: what an artifact holds, and its digest."""

from __future__ import annotations

import hashlib
import os
import shutil
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from pulumi_press.artifact.content import Entry, Manifest
from pulumi_press.artifact.errors import ChangedWhilePacking, TooLarge
from pulumi_press.artifact.folder import Folder
from pulumi_press.artifact.rules import Rules
from pulumi_press.artifact.tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.artifact.content import File


@pytest.fixture
def root(plant: Callable[..., Path]) -> Path:
    """Return a folder with a file that can be executed and one that cannot."""
    folder = plant({"main.py": "print('hello')\n", "bin/run.sh": "#!/bin/sh\n"})
    (folder / "bin" / "run.sh").chmod(0o755)
    return folder


def listed(root: Path) -> list[File]:
    """List `main.py`."""
    return [file for file in walk(str(root), Rules.read(root)) if file.path == "main.py"]


def test_an_entry_tells_the_content_the_size_and_the_mode(root: Path) -> None:
    """Each file is told by its path, the SHA-256 of its content, its size and its executable bit."""
    expected = (
        Entry("bin/run.sh", hashlib.sha256(b"#!/bin/sh\n").hexdigest(), 10, executable=True),
        Entry("main.py", hashlib.sha256(b"print('hello')\n").hexdigest(), 15, executable=False),
    )

    assert expected == Folder(root).manifest().entries


def test_the_digest_never_changes_between_versions(root: Path) -> None:
    """The digest is compared with stored ones, so this one is for ever."""
    expected = "sha256:abd9ee356bacb92bd3147467f80cc25b48f5ddc5393b77365d7884715f5376de"

    assert expected == Folder(root).manifest().digest


def test_the_digest_is_that_of_the_listing(root: Path) -> None:
    """Anybody can compute the digest: SHA-256 of a line per file, with its hash, ``x`` or ``-``, and its path."""
    manifest = Folder(root).manifest()
    program, script = (entry.sha256 for entry in manifest.entries)
    listing = f"{program} x bin/run.sh\n{script} - main.py\n"

    assert f"sha256:{hashlib.sha256(listing.encode()).hexdigest()}" == manifest.digest


def test_place_times_and_umask_do_not_matter(root: Path, tmp_path: Path) -> None:
    """A copy elsewhere, with other times and other rights for other people, is the same artifact."""
    copy = tmp_path / "elsewhere" / "checkout"
    shutil.copytree(root, copy)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (1, 1))

    assert Folder(root).manifest() == Folder(copy).manifest()
    assert Folder(root).manifest().digest == Folder(copy).manifest().digest


def test_the_executable_bit_is_part_of_the_digest(root: Path) -> None:
    """A chmod is a change."""
    before = Folder(root).manifest()

    (root / "main.py").chmod(0o744)

    assert before.digest != Folder(root).manifest().digest


def test_empty_folders_are_no_part_of_the_digest(root: Path) -> None:
    """Git does not keep empty folders, and neither does an artifact."""
    before = Folder(root).manifest().digest

    (root / "empty").mkdir()

    assert before == Folder(root).manifest().digest


def test_the_listing_shows_the_start_of_the_hash_and_the_mode(root: Path) -> None:
    """The listing is short enough for a diff, and a chmod shows in it."""
    expected = {
        "bin/run.sh": hashlib.sha256(b"#!/bin/sh\n").hexdigest()[:12] + "+x",
        "main.py": hashlib.sha256(b"print('hello')\n").hexdigest()[:12],
    }

    assert expected == Folder(root).manifest().files()


def test_the_listing_stops_being_useful_past_a_limit() -> None:
    """A listing past the limit is not given; the digest has to do."""
    entries = tuple(Entry(f"{number:04}", "0" * 64, 0, executable=False) for number in range(201))

    assert list(Manifest(entries[:200]).files() or {}) == [entry.path for entry in entries[:200]]
    assert Manifest(entries).files() is None
    assert Manifest(entries[:3]).files(limit=2) is None


def test_a_manifest_cannot_be_changed(root: Path) -> None:
    """What was said once stays said."""
    manifest = Folder(root).manifest()

    with pytest.raises(AttributeError):
        manifest.entries = ()  # type: ignore[misc]  # This is the point.


def test_big_files_are_not_held_in_memory(root: Path) -> None:
    """Hashing takes a few blocks of memory whatever the size of the files."""
    size = 64 * 2**20
    (root / "big").touch()
    os.truncate(root / "big", size)

    tracemalloc.start()
    try:
        manifest = Folder(root).manifest()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [size, 10, 15] == [entry.size for entry in manifest.entries]
    assert peak < 4 * 2**20


def test_what_no_compression_could_make_fit_is_refused_unread(root: Path) -> None:
    """A folder that holds far too much is refused by the sizes of its files, and the largest are named."""
    os.truncate(root / "main.py", 40 * 2**30)

    with pytest.raises(
        TooLarge,
        match=r"would have 39\.\d MiB at the very least, and 10\.0 MiB is the limit\. It holds 2 files of "
        r"40,960\.0 MiB before compression; the largest: main\.py \(40,960\.0 MiB\), bin/run\.sh \(0\.0 KiB\)\.",
    ):
        Folder(root).manifest()


@pytest.mark.parametrize("size", [14, 16, 0])
def test_a_file_that_grows_or_shrinks_before_it_is_hashed_is_refused(size: int, root: Path) -> None:
    """A manifest never holds half of one state and half of another."""
    files = listed(root)
    os.truncate(root / "main.py", size)

    with pytest.raises(ChangedWhilePacking, match=r"main\.py' changed or vanished while"):
        Manifest.of(files)


def test_a_file_that_vanishes_before_it_is_hashed_is_refused(root: Path) -> None:
    """A file that was listed has to be there when it is read."""
    files = listed(root)
    (root / "main.py").unlink()

    with pytest.raises(ChangedWhilePacking, match=r"main\.py' changed or vanished while"):
        Manifest.of(files)


def test_a_file_that_became_a_folder_is_refused(root: Path) -> None:
    """Another kind of thing under the same name is a change as well."""
    files = listed(root)
    (root / "main.py").unlink()
    (root / "main.py").mkdir()

    with pytest.raises(ChangedWhilePacking, match=r"main\.py' changed or vanished while"):
        Manifest.of(files)
