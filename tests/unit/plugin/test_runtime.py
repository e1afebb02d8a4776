"""Finding the backend that keeps the state, so that notes of one never count in another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pulumi_press.plugin.runtime import find_backend

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, and a home without a login."""
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def log_in(tmp_path: Path, url: object) -> None:
    """Log in to a backend."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "credentials.json").write_text(json.dumps({"current": url}))


def test_environment_comes_first(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable wins over the project and the login."""
    (project / "Pulumi.yaml").write_text("name: shop\nbackend:\n  url: s3://state\n")
    log_in(tmp_path, "https://example.com")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///var/state")

    assert find_backend() == "file:///var/state"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("name: shop\nbackend:\n  url: s3://state\n", "s3://state"),
        ("backend:\n  # Ours.\n  url: 's3://state'", "s3://state"),
        ("name: shop\nruntime: python\n", "https://example.com"),
        ("\xff", "https://example.com"),
    ],
)
def test_project_comes_before_the_login(text: str, url: str, project: Path, tmp_path: Path) -> None:
    """A backend of the project's own counts, else the one logged in to."""
    (project / "Pulumi.yaml").write_text(text, encoding="latin-1")
    log_in(tmp_path, "https://example.com")

    assert find_backend() == url


@pytest.mark.parametrize("url", ["file://.", "file://state", "file://../state"])
def test_folder_from_the_working_directory_is_absolute(
    url: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two checkouts whose state lies beside the program have two backends."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", url)
    first = find_backend()
    other = project.parent / "elsewhere" / "project"
    other.mkdir(parents=True)
    monkeypatch.chdir(other)

    assert first != find_backend()
    assert first.startswith(f"file://{project.parent}")


@pytest.mark.parametrize("current", [None, 7, [], {}])
def test_nothing_that_can_be_read_is_the_default(current: object, tmp_path: Path) -> None:
    """Where nothing says which, it is the default one."""
    log_in(tmp_path, current)

    assert find_backend() == ""
