"""The file's values become arguments: the body flattened, keys beside it in snake case, nulls removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files

BODY = {
    "kind": "service",
    "metadata": {"name": "web", "summary": "Shows it"},
    "config": {"imageDetails": {"id": 1}},
}


def test_the_body_is_flattened_beside_the_other_keys(files: Files) -> None:
    """Keys of the body and keys beside it become arguments; `autoRunOnDeploy` gets its argument's name."""
    files.spec(
        "autoRunOnDeploy: true\nscope: shared\ntenants: [one]\nartifact: {path: ., ignore_files: [.gitignore]}\n"
    )

    read = files.read()

    assert read.kind == "spec"
    assert read.arguments == {
        **BODY,
        "auto_run_on_deploy": True,
        "scope": "shared",
        "tenants": ["one"],
        "artifact": {"path": ".", "ignore_files": [".gitignore"]},
    }


def test_keys_inside_are_left_as_they_are(files: Files) -> None:
    """Only keys beside the body change their spelling."""
    files.spec("parameters: {run: [{name: a, type: string, required: true, defaultValue: x}]}\n")

    assert files.read().arguments["parameters"] == {
        "run": [{"name": "a", "type": "string", "required": True, "defaultValue": "x"}]
    }


def test_null_is_as_good_as_absent(files: Files) -> None:
    """Null entries of maps are removed at every depth."""
    files.spec("featured:\nparameters: {build: null, run: []}\n")

    assert files.read().arguments == {**BODY, "parameters": {"run": []}}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("body: {kind: workflow, metadata: {}, release: {}, config: {}}", "spec"),
        ("body: {metadata: {}, config: {}}", "spec"),
        ("body: {release: {version: 1.0.0}, config: {}}", "release"),
        ("body: {metadata: {}, spec: {id: x}}", "deployment"),
    ],
)
def test_the_kind_is_recognized_by_the_keys(files: Files, text: str, kind: str) -> None:
    """A file does not have to declare its kind."""
    files.write(root=text)

    assert files.read().kind == kind


def test_texts_come_from_files_of_their_own(files: Files) -> None:
    """Description and notes replace those of the file; they are not templates."""
    files.spec("featured: true\n")
    (files.folder / "about.md").write_text("# About\n{{ this }}\n")
    (files.folder / "notes.txt").write_text("What is new")

    read = files.read(desc_file="about.md", notes_file="notes.txt").arguments

    assert read["metadata"] == {**BODY["metadata"], "description": "# About\n{{ this }}\n"}  # type: ignore[dict-item]
    assert read["release"] == {"notes": "What is new"}


def test_notes_of_a_deployment_are_those_of_its_revision(files: Files) -> None:
    """The notes file of a deployment fills `revision.notes`."""
    files.write(root="body: {metadata: {name: run}, spec: {id: x}, revision: {notes: old}}")
    (files.folder / "notes.md").write_text("new")

    assert files.read(notes_file="notes.md").arguments["revision"] == {"notes": "new"}
