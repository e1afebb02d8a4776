"""Resources declared from files of the `peak` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime import rpc

import pulumi_press as press
from pulumi_press.peakfiles.errors import BlockfileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.sdk.conftest import Keeper

    Run = Callable[[Callable[[], Any]], Any]

SPEC = """\
body:
  kind: service
  metadata: {name: "web-{{ stage }}", summary: Shows it}
  release: {version: 1.0.0}
  config: {imageDetails: {id: {{ size }}}}
artifact: {path: files}
autoRunOnDeploy: true
"""
RELEASE = "body: {release: {version: 2.0.0, notes: old}, config: {imageDetails: {id: 2}}}\n"
DEPLOYMENT = "body: {metadata: {name: run}, spec: {id: an-id}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's folder, with files of each kind."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"spec": SPEC, "release": RELEASE, "deployment": DEPLOYMENT}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "params.yaml").write_text("stage: dev\nsize: 1\n")
    (tmp_path / "text.md").write_text("A text")
    return tmp_path


def declared(keeper: Keeper) -> list[dict[str, Any]]:
    """Give the inputs of what was declared, without the provider and what is absent."""
    return [
        {key: value for key, value in item.inputs.items() if not key.startswith("__") and value is not None}
        for item in keeper.declared
        if rpc.UNKNOWN not in item.inputs.values()
    ]


def test_a_spec_is_what_its_file_says(run: Run, keeper: Keeper, folder: Path) -> None:
    """Template variables are put in, texts come from their files, and the artifact lies in the program's folder."""
    run(
        lambda: press.BlockSpec.from_yaml(
            "web",
            folder / "spec.yaml",
            params={"stage": "prod"},
            params_file="params.yaml",
            desc_file="text.md",
            notes_file="text.md",
        )
    )

    assert declared(keeper) == [
        {
            "kind": "service",
            "metadata": {"name": "web-prod", "summary": "Shows it", "description": "A text"},
            "release": {"version": "1.0.0", "notes": "A text"},
            "config": {"imageDetails": {"id": 1}},
            "artifact": {"path": str(folder / "files")},
            "auto_run_on_deploy": True,
        }
    ]


def test_an_argument_takes_the_place_of_the_files(run: Run, keeper: Keeper, folder: Path) -> None:
    """What is given beside the file wins, whole, and may be what the file does not say."""
    del folder

    def program() -> None:
        press.BlockSpecRelease.from_yaml("web-2", "release.yaml", spec_id="an-id", notes_file="text.md")
        press.BlockDeployment.from_yaml("run", "deployment.yaml", spec={"id": "other"}, wait=False)

    run(program)

    # They are declared at once, in any order.
    assert sorted(declared(keeper), key=len) == [
        {"metadata": {"name": "run"}, "spec": {"id": "other"}},
        {
            "spec_id": "an-id",
            "release": {"version": "2.0.0", "notes": "A text"},
            "config": {"imageDetails": {"id": 2}},
        },
    ]


def test_a_file_of_another_kind_is_refused(folder: Path) -> None:
    """Each class reads files of its own kind."""
    del folder
    with pytest.raises(BlockfileError, match=r"^release.yaml: looks like the file of a release, not of a deployment$"):
        press.BlockDeployment.from_yaml("run", "release.yaml")


def test_what_is_required_is_told(folder: Path) -> None:
    """An argument that neither the file nor the program gives is named."""
    (folder / "bare.yaml").write_text("body: {kind: service}\n")

    with pytest.raises(
        BlockfileError, match=r"^bare.yaml:1: lacks `metadata` and `config`: add to the file, or pass to from_yaml$"
    ):
        press.BlockSpec.from_yaml("web", "bare.yaml")
