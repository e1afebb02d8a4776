"""The zip that is sent."""

from __future__ import annotations

import gc
import os
import random
import stat
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest

from pulumi_press.artifact.archive import MAX_SIZE, check_least_size, pack
from pulumi_press.artifact.content import File, Manifest
from pulumi_press.artifact.errors import ChangedWhilePacking, TooLarge
from pulumi_press.artifact.folder import Folder
from pulumi_press.artifact.rules import Rules
from pulumi_press.artifact.tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(plant: Callable[..., Path]) -> Path:
    """Return a folder with one file that can be executed, in a folder, and one that cannot."""
    folder = plant({"main.py": "print('hello')\n", "bin/linux/run.sh": "#!/bin/sh\n"})
    (folder / "bin" / "linux" / "run.sh").chmod(0o700)
    return folder


def list_files(root: Path) -> list[File]:
    """Return the files of a folder as they are before they are packed."""
    return sorted(walk(str(root), Rules.read(root)), key=lambda file: file.path)


def make_noise(size: int) -> bytes:
    """Return bytes that do not compress."""
    return random.Random(size).randbytes(size)  # noqa: S311 - nothing secret about it.


def test_entries_have_fixed_times_and_modes_and_a_fixed_order(root: Path) -> None:
    """Everything that could differ between two machines is fixed, and folders have entries of their own."""
    expected = [
        ("bin/", stat.S_IFDIR | 0o755),
        ("bin/linux/", stat.S_IFDIR | 0o755),
        ("bin/linux/run.sh", stat.S_IFREG | 0o755),
        ("main.py", stat.S_IFREG | 0o644),
    ]

    with Folder(root).pack() as archive, zipfile.ZipFile(archive.path) as content:
        entries = content.infolist()

    assert expected == [(entry.filename, entry.external_attr >> 16) for entry in entries]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.is_dir() for entry in entries] == [True, True, False, False]
    assert {entry.compress_type for entry in entries if not entry.is_dir()} == {zipfile.ZIP_DEFLATED}


def test_a_file_from_before_1980_is_packed(root: Path) -> None:
    """The service's own client fails on what a zip cannot date; here no file's date is used."""
    os.utime(root / "main.py", (0, 0))

    with Folder(root).pack() as archive, zipfile.ZipFile(archive.path) as content:
        assert content.read("main.py") == b"print('hello')\n"


def test_names_are_utf_8(plant: Callable[..., Path]) -> None:
    """A name that is not ASCII carries the flag that says how it is written."""
    expected = [("naïve/", 0x800), ("naïve/café.txt", 0x800)]

    with Folder(plant({"naïve/café.txt": ""})).pack() as archive, zipfile.ZipFile(archive.path) as content:
        assert expected == [(entry.filename, entry.flag_bits) for entry in content.infolist()]


@pytest.mark.parametrize("files", [{}, {"main.py": "", ".dockerignore": "*"}], ids=["empty", "all ignored"])
def test_a_folder_without_files_makes_an_empty_zip(files: dict[str, str], plant: Callable[..., Path]) -> None:
    """Nothing to pack is packed as nothing, as in the service's own client."""
    with Folder(plant(files)).pack() as archive, zipfile.ZipFile(archive.path) as content:
        assert content.namelist() == []


def test_the_archive_tells_the_digest_of_what_it_holds(root: Path) -> None:
    """What was packed can be compared with what was planned."""
    with Folder(root).pack() as archive:
        assert Folder(root).manifest().digest == archive.digest


def test_only_this_user_can_read_the_file_and_it_is_gone_afterwards(root: Path, temporary: Path) -> None:
    """A temporary file does not leak its content, and does not stay."""
    with Folder(root).pack() as archive:
        assert stat.S_IMODE(archive.path.stat().st_mode) == 0o600
        assert archive.size == len(archive.path.read_bytes())
        assert [archive.path] == list(temporary.iterdir())

    assert list(temporary.iterdir()) == []


def test_the_file_is_gone_after_an_error(root: Path, temporary: Path) -> None:
    """Whatever ends the block ends the file."""
    with pytest.raises(KeyError), Folder(root).pack():
        raise KeyError

    assert list(temporary.iterdir()) == []


def test_the_file_is_gone_with_an_archive_that_nobody_closed(root: Path, temporary: Path) -> None:
    """A forgotten archive leaves nothing behind."""
    Folder(root).pack()
    gc.collect()

    assert list(temporary.iterdir()) == []


def test_the_last_byte_that_is_allowed(root: Path) -> None:
    """An archive of exactly the limit is made, and one of a byte more is refused with its size."""
    noise = make_noise(MAX_SIZE)

    def measure_room(name: str, size: int) -> int:
        (root / name).write_bytes(noise[:size])
        with Folder(root).pack() as archive:
            return MAX_SIZE - archive.size

    # Noise is stored in blocks with a head each: so the bulk is one file, and the last bytes are one block of another.
    bulk = MAX_SIZE - 2**16
    bulk += measure_room("bulk", bulk) - 2**10
    measure_room("bulk", bulk)
    last = 2**9
    last += measure_room("last", last)

    assert measure_room("last", last) == 0
    with pytest.raises(TooLarge, match=r"has 10\.0 MiB, and 10\.0 MiB is the limit"):
        measure_room("last", last + 1)


def test_an_archive_over_the_limit_is_refused_with_the_largest_files(root: Path, temporary: Path) -> None:
    """The error tells the size, the limit and what to look at first, and leaves no file behind."""
    for number in range(1, 8):
        (root / f"data-{number}.bin").write_bytes(make_noise(number * 2**19))

    with pytest.raises(
        TooLarge,
        match=r"would have about 1[34]\.\d MiB, and 10\.0 MiB is the limit\. It holds 9 files of 14\.0 MiB before "
        r"compression; the largest: data-7\.bin \(3\.5 MiB\), data-6\.bin \(3\.0 MiB\), data-5\.bin \(2\.5 MiB\), "
        r"data-4\.bin \(2\.0 MiB\), data-3\.bin \(1\.5 MiB\)\. Name what the block does not need in an ignore file",
    ) as refusal:
        Folder(root).pack()

    assert refusal.value.field == "path"
    assert list(temporary.iterdir()) == []


def test_the_limit_is_that_of_the_compressed_size(root: Path) -> None:
    """A big file that compresses well is packed, with a few blocks of memory."""
    (root / "zeros").touch()
    os.truncate(root / "zeros", 60 * 2**20)

    tracemalloc.start()
    try:
        with Folder(root).pack() as archive:
            size = archive.size
            peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert size < 2**20
    assert peak < 8 * 2**20


def test_names_alone_can_be_too_much() -> None:
    """A zip of empty files has a size too, and it is counted before anything is read."""
    files = [File(f"{number:0200}", "/nowhere", "/nowhere", (0, 0), 0, executable=False) for number in range(25_000)]

    with pytest.raises(TooLarge, match=r"would have 11\.3 MiB at the very least.*It holds 25,000 files of 0\.0 KiB"):
        check_least_size("etl", files)


@pytest.mark.parametrize(
    "content", ["print('Hello')\n", "", "print('hello')\nmore\n"], ids=["same size", "less", "more"]
)
def test_a_file_that_changes_while_it_is_packed_is_refused(content: str, root: Path, temporary: Path) -> None:
    """What is sent is what the manifest says, or nothing."""
    files = list_files(root)
    manifest = Manifest.of(files)
    (root / "main.py").write_text(content, encoding="utf-8")

    with pytest.raises(ChangedWhilePacking, match=r"main\.py' changed or vanished while the artifact was being packed"):
        pack(str(root), files, manifest)

    assert list(temporary.iterdir()) == []


def test_a_mode_that_changes_while_it_is_packed_is_refused(root: Path) -> None:
    """The executable bit is part of what the manifest says."""
    files = list_files(root)
    manifest = Manifest.of(files)
    (root / "main.py").chmod(0o755)

    with pytest.raises(ChangedWhilePacking, match=r"main\.py' changed"):
        pack(str(root), files, manifest)


def test_a_file_that_vanishes_while_it_is_packed_is_refused(root: Path, temporary: Path) -> None:
    """A file that is gone is not left out without a word."""
    files = list_files(root)
    manifest = Manifest.of(files)
    (root / "bin" / "linux" / "run.sh").unlink()

    with pytest.raises(ChangedWhilePacking, match=r"run\.sh' changed or vanished"):
        pack(str(root), files, manifest)

    assert list(temporary.iterdir()) == []
