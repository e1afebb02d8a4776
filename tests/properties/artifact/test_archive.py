"""What holds for every folder that can be packed."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pulumi_press.artifact.folder import Folder

Tree = dict[str, tuple[bytes, bool]]

NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0\n\r"), min_size=1, max_size=8
).filter(lambda name: name not in {".", "..", ".dockerignore"})
FILES = st.tuples(st.binary(max_size=200), st.booleans())
CHANGES = settings(max_examples=60, deadline=None)


def flatten(nested: dict[str, Any], prefix: str = "") -> Tree:
    """Return the files of a nested tree by their paths."""
    flat: Tree = {}
    for name, node in nested.items():
        flat |= flatten(node, f"{prefix}{name}/") if isinstance(node, dict) else {f"{prefix}{name}": node}
    return flat


TREES = st.dictionaries(
    NAMES, st.recursive(FILES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=6), max_size=5
).map(flatten)


def plant(root: Path, tree: Tree, order: list[str], time: int, umask: int) -> Folder:
    """Write a tree to disk in an order, at a time, under a umask."""
    before = os.umask(umask)
    try:
        root.mkdir()
        for path in order:
            content, executable = tree[path]
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod((0o777 if executable else 0o666) & ~umask)
            os.utime(file, (time, time))
    finally:
        os.umask(before)
    return Folder(root, default_ignores=False)


def plant_simply(root: Path, tree: Tree) -> Folder:
    """Write a tree to disk, no matter how."""
    return plant(root, tree, list(tree), 1_000_000_000, 0o022)


@CHANGES
@given(TREES, st.randoms(use_true_random=False), st.lists(st.integers(0, 2**31), min_size=2, max_size=2))
def test_the_same_content_makes_the_same_digest_and_the_same_bytes(tree: Tree, random: Any, times: list[int]) -> None:
    """Neither the order of making, nor the times, nor the umask, nor the place can be told from an archive."""
    order = list(tree)
    random.shuffle(order)
    with tempfile.TemporaryDirectory() as name:
        one = plant(Path(name) / "one", tree, list(tree), times[0], 0o022)
        two = plant(Path(name) / "two", tree, order, times[1], 0o077)

        assert one.manifest() == two.manifest()
        assert one.manifest().digest == two.manifest().digest
        with one.pack() as first, two.pack() as second:
            assert first.digest == second.digest
            assert first.path.read_bytes() == second.path.read_bytes()


@CHANGES
@given(TREES, st.data())
def test_any_change_makes_another_digest(tree: Tree, data: st.DataObject) -> None:
    """One byte, one name, one mode, one file more or less: each is a change."""
    assume(tree)
    path = data.draw(st.sampled_from(sorted(tree)), label="path")
    content, executable = tree[path]
    kind = data.draw(st.sampled_from(["byte", "longer", "name", "mode", "less"]), label="change")
    changed = {key: value for key, value in tree.items() if key != path}
    if kind == "byte":
        assume(content)
        place = data.draw(st.integers(0, len(content) - 1), label="place")
        changed[path] = (content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], executable)
    elif kind == "longer":
        changed[path] = (content + b"\0", executable)
    elif kind == "mode":
        changed[path] = (content, not executable)
    elif kind == "name":
        renamed = f"{path}~"
        assume(renamed not in tree and not any(other.startswith(f"{renamed}/") for other in tree))
        changed[renamed] = tree[path]
    with tempfile.TemporaryDirectory() as name:
        before = plant_simply(Path(name) / "before", tree)
        after = plant_simply(Path(name) / "after", changed)

        assert before.manifest().digest != after.manifest().digest


@CHANGES
@given(TREES)
def test_the_zip_unpacks_to_what_the_manifest_says(tree: Tree) -> None:
    """Every file, its content and its mode are there, with the folders around them, and nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = plant_simply(Path(name) / "etl", tree)
        manifest = folder.manifest()
        with folder.pack() as archive, zipfile.ZipFile(archive.path) as content:
            unpacked = {
                entry.filename: (content.read(entry), bool(entry.external_attr >> 16 & 0o100))
                for entry in content.infolist()
                if not entry.is_dir()
            }
            folders = {entry.filename for entry in content.infolist() if entry.is_dir()}
            assert content.testzip() is None

    assert tree == unpacked
    assert {f"{folder}/" for path in tree for folder in PurePosixPath(path).parents if folder.name} == folders
    assert {(entry.path, entry.sha256, entry.size, entry.executable) for entry in manifest.entries} == {
        (path, hashlib.sha256(data).hexdigest(), len(data), executable) for path, (data, executable) in tree.items()
    }
