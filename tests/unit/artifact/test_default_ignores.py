"""What no author means to publish: left out by default, and warned of where it may be meant."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_press.artifact.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MADE = ["__pycache__/main.cpython-311.pyc", "lib/__pycache__/x.txt", "lib/old.pyc", "a.pyo", "b.pyd", ".git/HEAD"]
KEPT = [".gitignore", "lib/x.py", "main.py", "pycache/x", "x.pyx"]

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n"


def paths(folder: Folder) -> list[str]:
    """Return the paths that a folder packs."""
    return [entry.path for entry in folder.manifest().entries]


def test_byte_code_and_git_are_left_out_unless_they_are_asked_for(plant: Callable[..., Path]) -> None:
    """They are in none of the author's files, and every checkout has others; an argument keeps them."""
    root = plant(dict.fromkeys([*MADE, *KEPT], "x"))

    assert paths(Folder(root)) == sorted(KEPT)
    assert paths(Folder(root, default_ignores=False)) == sorted([*MADE, *KEPT])


def test_the_git_file_of_a_worktree_is_left_out(plant: Callable[..., Path]) -> None:
    """In a worktree or a submodule `.git` is a file, which names a folder of this machine."""
    root = plant({"main.py": "", ".git": "gitdir: /home/ann/repo/.git/worktrees/x", "vendored/.git": "gitdir: ../.."})

    assert paths(Folder(root)) == ["main.py"]


@pytest.mark.parametrize(
    ("rule", "back"),
    [("!*.pyc", MADE[0]), ("!__pycache__", "lib/__pycache__/x.txt"), ("!/.git/HEAD", ".git/HEAD"), ("!b.pyd", "b.pyd")],
)
def test_a_rule_brings_back_what_is_left_out_by_default(rule: str, back: str, plant: Callable[..., Path]) -> None:
    """An ignore file has the last word."""
    root = plant(dict.fromkeys([*MADE, *KEPT], "x") | {"rules": f"{rule}\n"})

    assert back in paths(Folder(root, ["rules"]))
    assert "main.py" in paths(Folder(root, ["rules"]))


def test_importing_from_the_folder_changes_nothing(plant: Callable[..., Path], tmp_path: Path) -> None:
    """Byte code that Python writes into the folder, which differs from checkout to checkout, does not count."""
    one, other = (plant({"shared.py": "ROWS = 1\n", "main.py": "import shared\n"}, name) for name in ("one", "other"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    os.utime(other / "shared.py", (1, 1))
    before = Folder(one).manifest()

    for root in (one, other):
        subprocess.run([sys.executable, str(root / "main.py")], env=environment, check=True)

    caches = [next(iter((root / "__pycache__").glob("*.pyc"))).read_bytes() for root in (one, other)]
    assert caches[0] != caches[1]
    assert Folder(one).manifest() == before == Folder(other).manifest()
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "TOKEN=x"),
        ("config/.env.production", "TOKEN=x"),
        ("deploy/id_ed25519", "x"),
        ("key.pem", KEY),
        ("bundle.crt", f"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n{KEY}"),
        ("key.txt", KEY.replace("OPENSSH ", "")),
        ("key.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\n"),
    ],
)
def test_files_of_secrets_are_named_unless_a_rule_keeps_them_expressly(
    name: str, content: str, plant: Callable[..., Path]
) -> None:
    """A manifest knows what looks like a secret; who writes `!.env` into an ignore file means it."""
    root = plant({"main.py": "", name: content, "meant": f"*\n!main.py\n!/{name}\n"})

    assert Folder(root).manifest().secrets == (name,)
    assert Folder(root, ["meant"]).manifest().secrets == ()
    assert paths(Folder(root, ["meant"])) == sorted(["main.py", name])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env.example", "TOKEN=x"),
        ("environment", "x"),
        ("id_rsa.pub", "ssh-rsa x"),
        ("cert.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("keys.py", 'BEGIN = "-----BEGIN PRIVATE KEY-----"\n'),
        ("env/main.py", ""),
    ],
)
def test_files_that_only_look_alike_are_not_named(name: str, content: str, plant: Callable[..., Path]) -> None:
    """Examples, public keys, and code about keys are published without a word."""
    assert Folder(plant({name: content})).manifest().secrets == ()
