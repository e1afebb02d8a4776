"""The Pythons of this machine."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tools.quickstart.stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Version", "find_pythons", "oldest_python"]

Version = tuple[int, ...]

ASK = "import sys; print(*sys.version_info[:3])"


def oldest_python() -> Version:
    """Return the oldest Python that the package supports."""
    found = re.search(r'^requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError("pyproject.toml names no oldest Python")
    return (int(found[1]), int(found[2]))


def find_pythons() -> dict[Version, Path]:
    """Return the newest Python of each minor version that is supported and installed, oldest first."""
    found: dict[Version, tuple[Version, Path]] = {}
    for program in _list_programs():
        version = _ask(program)
        if version is not None and version[:2] >= oldest_python():
            found[version[:2]] = max(found.get(version[:2], (version, program)), (version, program))
    return {minor: program for minor, (_, program) in sorted(found.items())}


def _list_programs() -> Iterator[Path]:
    """List what may be a Python: on PATH, and under pyenv."""
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    for folder in folders:
        yield from sorted(path for path in folder.glob("python3*") if re.fullmatch(r"python3(\.\d+)?", path.name))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/*/bin/python3"))


def _ask(program: Path) -> Version | None:
    with suppress(OSError, ValueError):
        done = subprocess.run([program, "-c", ASK], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return tuple(map(int, done.stdout.split()))
    return None
