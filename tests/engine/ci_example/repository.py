"""A repository with the quickstart and the CI example in it, and a change that asks to be merged."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MERGE", "Repository", "git"]

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("Pulumi.yaml", ".gitignore", "examples/quickstart", "examples/ci")
MERGE = "refs/pull/7/merge"
IDENTITY = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """Run a command of git, which must end well; give what it printed."""
    return subprocess.run(
        ["git", *arguments],  # noqa: S607  # The one on PATH.
        cwd=folder,
        env={**os.environ, **IDENTITY},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()


@dataclass(frozen=True)
class Repository:
    """A repository whose branch `change` asks to be merged into `main`."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Repository:
        """Make one from what this project ships."""
        for part in PARTS:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            copy: Callable[..., object] = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        return cls.start(folder)

    @classmethod
    def start(cls, folder: Path) -> Repository:
        """Make one of a folder and what is in it."""
        git(folder, "init", "--quiet", "--initial-branch", "main")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "What is live")
        git(folder, "checkout", "--quiet", "-b", "change")
        return cls(folder)

    def push(self, file: str, edit: Callable[[str], str]) -> None:
        """Push an edit of one file to the branch; the service makes the merge of it."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        path.write_text(edit(before), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        git(self.folder, "commit", "--quiet", "--all", "--message", f"Edit {file}")
        git(self.folder, "checkout", "--quiet", "--detach", "main")
        git(self.folder, "merge", "--quiet", "--no-ff", "--no-edit", "change")
        git(self.folder, "update-ref", MERGE, "HEAD")
        git(self.folder, "checkout", "--quiet", "change")

    @property
    def base(self) -> str:
        """The commit that the branch started from."""
        return git(self.folder, "merge-base", "main", "change")

    def check_out(self, folder: Path, reference: str, depth: int = 0) -> None:
        """Check a reference out into a new folder, as a runner does; 0: with the whole history."""
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet")
        shallow = [f"--depth={depth}"] if depth else []
        git(folder, "fetch", "--quiet", *shallow, self.folder.as_uri(), reference)
        git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
