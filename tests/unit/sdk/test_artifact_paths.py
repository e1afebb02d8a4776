"""Where an artifact's folder lies is settled in the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_press.sdk.inputs import resolve_artifact

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[Callable[[], Any]], Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's working directory, with a folder and a link to it."""
    (tmp_path / "files").mkdir()
    (tmp_path / "link").symlink_to("files")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["files", "./files", "other/../files", Path("files")])
def test_relative_path_starts_at_the_working_directory(path: Any, folder: Path) -> None:
    """A path is made absolute when the program runs, whatever becomes of the working directory."""
    assert resolve_artifact({"path": path}) == {"path": str(folder / "files")}


def test_link_stays_a_link(folder: Path) -> None:
    """The name that the program gave is kept, so that the state does not hold where a link led on one machine."""
    assert resolve_artifact({"path": "link"}) == {"path": str(folder / "link")}


def test_absolute_path_and_the_rest_stay(folder: Path) -> None:
    """Only the path is looked at."""
    artifact: Any = {"path": str(folder / "files"), "ignore_files": [".ignore"]}

    assert resolve_artifact(artifact) == artifact


@pytest.mark.parametrize("artifact", [None, {}, {"path": ""}, {"path": 7}, {"ignore_files": []}])
def test_what_is_wrong_is_left_to_the_check(artifact: Any) -> None:
    """Nothing is refused here: the provider tells every mistake at once."""
    assert resolve_artifact(artifact) == artifact


@pytest.mark.parametrize(
    "wrap",
    [
        lambda path: {"path": pulumi.Output.from_input(path)},
        lambda path: pulumi.Output.from_input({"path": path}),
        lambda path: pulumi.Output.from_input({"path": pulumi.Output.from_input(path)}),
    ],
    ids=["path", "artifact", "both"],
)
def test_outputs_are_resolved_when_they_are_known(wrap: Callable[[str], Any], folder: Path, run: Run) -> None:
    """A path, or the whole artifact, may be an output."""
    assert run(lambda: resolve_artifact(wrap("files"))) == {"path": str(folder / "files")}
