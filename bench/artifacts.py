"""Digest and zip of a folder of many files, beside the tools that everybody has."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.artifact.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FILES", "Pace", "measure"]

FILES = 10_000
IN_A_FOLDER = 100
SHORTEST, LONGEST = 100, 1900  # bytes; the zip must stay below what the service takes
SUM = "find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum"
WORDS = ("orders", "shops", "north", "south", "sum", "total", "report", "of", "the", "day", "=", "+", "(", ")", "\n")

Pace = dict[str, float]
"""Seconds by what was done."""


def measure(runs: int) -> list[Pace]:
    """Measure each tool in turn, so often; the first round, which warms the disk's cache, does not count."""
    with tempfile.TemporaryDirectory(prefix="press-bench-files-") as name:
        tree, target = Path(name) / "tree", Path(name) / "beside.zip"
        fill(tree)
        folder = Folder(tree)

        def zip_beside() -> None:
            _run("zip", "-q", "-r", "-X", str(target), ".", at=tree)
            target.unlink()

        tools: dict[str, Callable[[], object]] = {
            "digest": lambda: folder.manifest().digest,
            "sha256sum": lambda: _run("sh", "-c", SUM, at=tree),
            "pack": lambda: folder.pack().close(),
            "zip": zip_beside,
        }
        return [{tool: _time(act) for tool, act in tools.items()} for _ in range(runs + 1)][1:]


def fill(tree: Path) -> None:
    """Make a tree of text files; each time the same one."""
    chance = random.Random(0)  # noqa: S311  # It hides nothing.
    for number in range(FILES):
        folder = tree / f"part{number // IN_A_FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        size = chance.randint(SHORTEST, LONGEST)
        text = " ".join(chance.choices(WORDS, k=size // 4))
        (folder / f"module{number}.py").write_text(text[:size], encoding="ascii")


def _run(*command: str, at: Path) -> None:
    subprocess.run(command, cwd=at, stdout=subprocess.DEVNULL, check=True)


def _time(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
