"""The matrix: what is tried together, and what the docs say was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.matrix.cells import NEWEST, Cell, list_cells, oldest_sdk
from tools.matrix.pythons import find_pythons, oldest_python
from tools.matrix.runs import Outcome
from tools.matrix.table import BEGIN, END, PAGE, render

PYTHONS: dict[tuple[int, ...], Path] = {
    (3, 10): Path("/a/python3.10"),
    (3, 11): Path("/a/python3.11"),
    (3, 13): Path("/b/python3.13"),
}
ENGINES = {"v3.276.0": Path("/pinned"), "v3.300.0": Path("/newest")}
ROOT = PAGE.parents[1]


def add_python(folder: Path, name: str, version: str) -> None:
    """Put something that answers as a Python does into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
    (folder / name).chmod(0o755)


def test_everything_is_tried_with_everything() -> None:
    """Each Python with the oldest and the newest SDK, on each engine."""
    cells = list_cells(PYTHONS, ENGINES, short=False)

    assert len(set(cells)) == len(PYTHONS) * 2 * len(ENGINES)
    assert {cell.sdk for cell in cells} == {oldest_sdk(), NEWEST}


def test_short_form_tries_the_two_ends() -> None:
    """The oldest of everything, and the newest of everything."""
    oldest, newest = list_cells(PYTHONS, ENGINES, short=True)

    assert oldest[:4] == ((3, 10), PYTHONS[3, 10], oldest_sdk(), "v3.276.0")
    assert newest[:4] == ((3, 13), PYTHONS[3, 13], NEWEST, "v3.300.0")


def test_newest_python_of_each_minor_version_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PATH and under pyenv; not what is too old, or is no Python."""
    add_python(tmp_path / "path", "python3.11", "3 11 2")
    add_python(tmp_path / "path", "python3", "3 9 18")
    add_python(tmp_path / "path", "python3.12", "no such version installed; exit 1")
    add_python(tmp_path / "pyenv/versions/3.11.9/bin", "python3", "3 11 9")
    add_python(tmp_path / "pyenv/versions/3.14.0/bin", "python3", "3 14 0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))

    assert find_pythons() == {
        (3, 11): tmp_path / "pyenv/versions/3.11.9/bin/python3",
        (3, 14): tmp_path / "pyenv/versions/3.14.0/bin/python3",
    }


@pytest.mark.parametrize("failed", [0, 1, 3])
def test_table_says_what_failed(failed: int) -> None:
    """A row for each Python, a column for each SDK and engine, a word in each cell."""
    cells = [
        Cell(python, Path(), sdk, "v3.276.0", Path()) for python in ((3, 10), (3, 13)) for sdk in ("3.268.0", NEWEST)
    ]
    outcomes = {
        cell: Outcome("3.272.0" if cell.sdk == NEWEST else cell.sdk, "", number != failed, 1.0)
        for number, cell in enumerate(cells)
    }

    head, _, *rows = render(outcomes).splitlines()

    assert head == "| Python | SDK 3.268.0, engine 3.276.0 | SDK 3.272.0, engine 3.276.0 |"
    said = [word for row in rows for word in row.strip("| ").split(" | ")[1:]]
    assert said == ["**failed**" if number == failed else "ok" for number in range(4)]


def test_docs_say_what_was_run() -> None:
    """The published table holds the oldest Python and SDK that the package asks for, the pinned engine, no failure."""
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    pin = re.search(r"pulumi/pkg/v3 v(\S+)", (ROOT / "tools/engine/go/cli/go.mod").read_text(encoding="utf-8"))
    assert pin is not None

    assert f"| {'.'.join(map(str, oldest_python()))} | ok |" in table
    assert f"SDK {oldest_sdk()}, engine {pin[1]} " in table
    assert "failed" not in table
