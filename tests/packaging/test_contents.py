"""What is in the packages: all that the package reads at run time, and nothing of the tests."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hatchling import build

from pulumi_press.plugin.package import SCHEMA
from pulumi_press.projects.templates import FOLDER, list_templates

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "pulumi_press"


def list_needed() -> set[str]:
    """List the files that are no modules and must be there."""
    files = [template.folder / name for template in list_templates().values() for name in template.render("orders")]
    return {path.relative_to(ROOT).as_posix() for path in (*files, SCHEMA, ROOT / PACKAGE / "py.typed")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a package is built; the backend reads the project of the working folder."""
    monkeypatch.chdir(ROOT)
    return str(tmp_path)


def test_the_wheel_has_what_is_read_at_run_time(folder: str) -> None:
    """Templates with their hidden files, the schema, the mark of typed packages, the licence; no test and no cache."""
    with zipfile.ZipFile(Path(folder, build.build_wheel(folder))) as wheel:
        names = set(wheel.namelist())

    assert list_needed() - names == set()
    assert {PurePosixPath(name).parts[0] for name in names if ".dist-info/" not in name} == {PACKAGE}
    assert [name for name in names if "__pycache__" in name] == []
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_source_has_what_the_wheel_is_made_of(folder: str) -> None:
    """The same, and the texts that the package index shows; templates are no links that lead out of it."""
    with tarfile.open(Path(folder, build.build_sdist(folder))) as source:
        members = source.getmembers()
    names = {member.name.partition("/")[2] for member in members}

    assert list_needed() - names == set()
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"} - names == set()
    assert [name for name in names if name.startswith(("tests/", "tools/", "docs/"))] == []
    assert [member.name for member in members if not member.isfile()] == []
    assert FOLDER.relative_to(ROOT).as_posix() in {name.rpartition("/")[0].rpartition("/")[0] for name in names}
