"""What type checkers say of programs: nothing of right ones, and of wrong ones exactly what is marked in them.

A line of a program in `rejected` that ends in `# error` is one that both mypy and pyright must refuse.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ACCEPTED = sorted((HERE / "accepted").glob("*.py"))
REJECTED = sorted((HERE / "rejected").glob("*.py"))

Errors = set[tuple[str, int]]


def run(*command: str, within: Path = ROOT) -> str:
    """Run a checker of this environment: 0 is no error, 1 some errors, and all else a failure of its own."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def find_with_mypy(files: list[Path], _folder: Path) -> Errors:
    """Give file and line of each error that mypy finds, set up as for the project."""
    output = run("mypy", "--strict", "--output", "json", *map(str, files))
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {(Path(error["file"]).name, error["line"]) for error in found if error["severity"] == "error"}


def find_with_pyright(files: list[Path], folder: Path) -> Errors:
    """Give file and line of each error that pyright finds, in copies: the project's settings leave `rejected` out."""
    for file in files:
        shutil.copy(file, folder)
    settings = {"pythonVersion": "3.10", "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    output = run("pyright", "--outputjson", "--pythonpath", sys.executable, within=folder)
    answer = json.loads(output[output.index("{") :])
    assert answer["summary"]["filesAnalyzed"] == len(files)
    found = [error for error in answer["generalDiagnostics"] if error["severity"] == "error"]
    return {(Path(error["file"]).name, error["range"]["start"]["line"] + 1) for error in found}


CHECKERS: dict[str, Callable[[list[Path], Path], Errors]] = {"mypy": find_with_mypy, "pyright": find_with_pyright}


@pytest.fixture(scope="module", params=CHECKERS)
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Errors]:
    """Run one checker after the other, once over each folder."""
    folders = {"accepted": ACCEPTED, "rejected": REJECTED}
    find = CHECKERS[request.param]
    return {name: find(files, tmp_path_factory.mktemp(name)) for name, files in folders.items()}


def read_marks(file: Path) -> list[int]:
    """Give the lines that are to be refused."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    return [number for number, line in lines if line.endswith("# error")]


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_a_right_program_is_accepted(file: Path, checked: dict[str, Errors]) -> None:
    """Plain dicts, outputs at every depth, typed variables and unpacked bodies have no error."""
    assert [line for name, line in sorted(checked["accepted"]) if name == file.name] == []


@pytest.mark.parametrize("file", REJECTED, ids=lambda file: file.stem)
def test_a_wrong_program_is_refused_where_it_is_wrong(file: Path, checked: dict[str, Errors]) -> None:
    """Each mistake is seen while it is written, on its own line, and nothing else is."""
    assert [line for name, line in sorted(checked["rejected"]) if name == file.name] == read_marks(file)


@pytest.mark.parametrize("file", REJECTED, ids=lambda file: file.stem)
def test_a_wrong_program_has_one_mistake(file: Path) -> None:
    """A program without a mark would show nothing, one with several would hide one behind the other."""
    assert len(read_marks(file)) == 1
