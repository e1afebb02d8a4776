"""The type checkers that users have, run over programs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Complaint", "check_with_mypy", "check_with_pyright"]

ROOT = Path(__file__).resolve().parents[2]


class Complaint(NamedTuple):
    """An error that a checker found."""

    file: str
    """Name of the program's file."""
    line: int
    message: str


def check_with_mypy(files: Iterable[Path]) -> list[Complaint]:
    """Give what mypy says of programs, set up as for the project."""
    output = _run("mypy", "--strict", "--output", "json", *map(str, files), within=ROOT)
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [
        Complaint(Path(error["file"]).name, error["line"], error["message"])
        for error in found
        if error["severity"] == "error"
    ]


def check_with_pyright(files: Iterable[Path], folder: Path) -> list[Complaint]:
    """Give what pyright says of programs, of copies in a folder: the project's settings leave wrong ones out."""
    copies = [shutil.copy(file, folder) for file in files]
    settings = {"pythonVersion": "3.10", "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    output = _run("pyright", "--outputjson", "--pythonpath", sys.executable, within=folder)
    answer = json.loads(output[output.index("{") :])
    assert answer["summary"]["filesAnalyzed"] == len(copies)
    return [
        Complaint(Path(error["file"]).name, error["range"]["start"]["line"] + 1, error["message"])
        for error in answer["generalDiagnostics"]
        if error["severity"] == "error"
    ]


def _run(*command: str, within: Path) -> str:
    """Run a checker of this environment: 0 is no error, 1 some errors, and all else a failure of its own."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout
