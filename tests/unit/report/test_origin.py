"""Which commit a report is about, and its date."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from pulumi_press.report.origin import COMMITS, find_commit, find_date

if TYPE_CHECKING:
    from pathlib import Path


def run_git(folder: Path, *words: str) -> str:
    """Run git in a folder, and return what it printed."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit and a tag."""
    (tmp_path / "program.py").write_text("1")
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "--quiet", "--message", "First")
    run_git(tmp_path, "tag", "v1")
    return tmp_path


@pytest.mark.parametrize("name", COMMITS)
def test_the_ci_system_names_the_commit(name: str) -> None:
    """Each of those that are known, in a variable of its own."""
    assert find_commit({name: "abc"}) == "abc"


def test_the_source_of_a_merge_request_comes_first() -> None:
    """What is tested there is a merge that nobody made."""
    assert find_commit({"CI_COMMIT_SHA": "merge", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "own"}) == "own"
    assert find_commit({"CI_COMMIT_SHA": "own", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": ""}) == "own"


@pytest.mark.parametrize(
    ("event", "commit"),
    [
        ({"pull_request": {"head": {"sha": "own"}}}, "own"),
        ({"push": {}}, "merge"),
        ([], "merge"),
        ({"pull_request": None}, "merge"),
    ],
)
def test_the_source_of_a_pull_request_comes_first(tmp_path: Path, event: object, commit: str) -> None:
    """GitHub names it in a file only; any other event has none."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    assert find_commit({"GITHUB_SHA": "merge", "GITHUB_EVENT_PATH": str(path)}) == commit


@pytest.mark.parametrize("content", [None, b"{", b"\xff"])
def test_an_event_that_cannot_be_read_is_none(tmp_path: Path, content: bytes | None) -> None:
    """The variable is enough."""
    path = tmp_path / "event.json"
    if content is not None:
        path.write_bytes(content)
    assert find_commit({"GITHUB_SHA": "merge", "GITHUB_EVENT_PATH": str(path)}) == "merge"


def test_git_names_the_commit(repository: Path) -> None:
    """In full, whatever its tags; and it is told that the tree has other content."""
    commit = run_git(repository, "rev-parse", "HEAD")
    assert find_commit({}, repository) == commit
    (repository / "program.py").write_text("2")
    assert find_commit({}, repository) == f"{commit} with changes that are not committed"


def test_without_git_no_commit_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor without a repository, or a commit in it."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert find_commit({}, tmp_path) == ""
    run_git(tmp_path, "init", "--quiet")
    assert find_commit({}, tmp_path) == ""
    monkeypatch.setenv("PATH", "")
    assert find_commit({}, tmp_path) == ""


def test_the_date_can_be_set() -> None:
    """Reproducible builds set it; what is no number is as if it were not there."""
    assert find_date({"SOURCE_DATE_EPOCH": "1577901600"}) == "2020-01-01 18:00 UTC"
    for other in ("soon", "253402300800", "9" * 40, "-1" + "0" * 20):
        assert find_date({"SOURCE_DATE_EPOCH": other}).endswith(" UTC")
    assert find_date({}) >= "2026"
