"""The files that the `peak` command comes with: into a program, and from the service into a fresh stack.

They are read where the command is installed, in the environment that the contract's tests make for it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.import_steps import import_all, make_empty_stack

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

CONTRACT = Path(__file__).parents[1] / "contract"
NO_PYTHON = 3
"""What `own_venv.py` ends with where there is no Python that the command runs on."""

SPECS = {
    "workflow-block": "specs/workflow/create_block_spec.yaml",
    "webapp-service-block": "specs/service/webapp/create_block_spec.yaml",
    "api-service-block": "specs/service/api/create_block_spec.yaml",
}
RELEASES = {name: path.replace("spec.yaml", "spec_release.yaml") for name, path in SPECS.items()}
DEPLOYMENT = "deployments/create_block_deployment.yaml"
CHANGES = {
    "deployments/create_block_deployment_revision.yaml",
    "deployments/patch_block_parameters.yaml",
    "deployments/update_block_deployment_metadata.yaml",
    "specs/update_block_spec_metadata.yaml",
}
"""Files that change what is there: a program changes its resources instead."""

PROGRAM = f"""
specs = {{name: press.BlockSpec.from_yaml(name, f"samples/{{path}}") for name, path in {SPECS}.items()}}
for name, path in {RELEASES}.items():
    press.BlockSpecRelease.from_yaml(f"{{name}}-2.0.0", f"samples/{{path}}", spec_id=specs[name].id)
workflow = {{"id": specs["workflow-block"].id, "release": {{"version": "1.0.0"}}}}
press.BlockDeployment.from_yaml("workflow-block-deployment", "samples/{DEPLOYMENT}", spec=workflow)
"""


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the sample files, where the command is installed."""
    command = [sys.executable, str(CONTRACT / "own_venv.py"), "peak-sdk-1.29.0"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == NO_PYTHON:
        pytest.skip(made.stderr.strip())
    assert made.returncode == 0, made.stderr
    (found,) = Path(made.stdout.strip()).glob("lib/python3.*/site-packages/peak/sample_yaml/press/blocks")
    return found


def test_every_sample_is_made_and_taken_over_without_a_change(
    stack: Stack, samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each sample comes up as it is, with an empty preview then; imported into a fresh stack, it has one there too."""
    there = {path.relative_to(samples).as_posix() for path in samples.rglob("*.yaml")}
    assert there == {*SPECS.values(), *RELEASES.values(), DEPLOYMENT, *CHANGES}
    shutil.copytree(samples, stack.folder / "samples")
    # The samples' artifact is the whole folder; what the engine keeps in it is no part of a block.
    (stack.folder / ".gitignore").write_text("/backend/\n/cache/\n/home/\n__pycache__/\n")
    (stack.folder / ".dockerignore").write_text("Pulumi.*\n")
    (stack.folder / "Dockerfile").write_text("FROM scratch\n")
    stack.write(PROGRAM)

    stack.up()
    assert stack.preview() == {}
    before = stack.press.state()
    fresh = make_empty_stack(stack, tmp_path_factory.mktemp("fresh"))
    import_all(stack, fresh)

    assert fresh.preview() == {}
    assert fresh.resources().keys() == stack.resources().keys()
    fresh.up()
    assert stack.press.state() == before
