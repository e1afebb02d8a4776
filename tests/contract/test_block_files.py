"""The command's files are read as the real command reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.peakfiles.blockfile import read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.file_formats import FORMATS

if TYPE_CHECKING:
    import pytest

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("renderings.yaml").read_text(encoding="utf-8"))

# Files of commands that change what is there already: a program changes its resources instead.
CHANGES = {
    "deployments/create_block_deployment_revision.yaml",
    "deployments/patch_block_parameters.yaml",
    "deployments/update_block_deployment_metadata.yaml",
    "specs/update_block_spec_metadata.yaml",
}
SAMPLES = 11


def read(case: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a case's file, arranged as in the file."""
    for name, text in case["files"].items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    texts = {key.rpartition(":")[2]: file for key, file in case.get("texts", {}).items()}
    file = read_blockfile(
        case["file"],
        params_file=case.get("params_file"),
        params=dict(word.split("=") for word in case.get("params", [])),
        environment=case.get("environment", {}),
        desc_file=texts.get("description"),
        notes_file=texts.get("notes"),
    )
    body = {key: value for key, value in file.arguments.items() if key in FORMATS[file.kind].body}
    return {"body": body, **{key: value for key, value in file.arguments.items() if key not in body}}


def test_files_are_read_as_the_command_reads_them(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each case of the table and each of the command's own samples gives the same values; some are refused."""
    made = client.run("render", CASES)
    ours: dict[str, Any] = {}
    refused = set()
    for number, (name, case) in enumerate(made.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        try:
            ours[name] = read(case)
        except BlockfileError:
            refused.add(name)

    assert refused == CHANGES
    assert len(made) == len(CASES) + SAMPLES
    assert ours == {name: case["made"] for name, case in made.items() if name not in CHANGES}
