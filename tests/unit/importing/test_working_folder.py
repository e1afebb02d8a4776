"""Paths in a generated program are relative to where the engine runs it, not to the folder of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.importing.conftest import Blocks, Desk

SPEC = """\
body: {kind: service, metadata: {name: web, summary: s}, config: {imageDetails: {id: 1}}}
artifact: {path: files}
"""
PLACES = [
    (None, "infra/__main__.py", "../files"),
    ("", "blocks/web.py", "files"),
    ("", "blocks/deep/web.py", "files"),
    ("main: infra\n", "infra/blocks/web.py", "../files"),
    ("main: infra/__main__.py\n", "infra/blocks/web.py", "../files"),
]


@pytest.fixture(params=PLACES, ids=[f"{project}{program}" for project, program, _ in PLACES])
def place(request: pytest.FixtureRequest, desk: Desk) -> tuple[str, str]:
    """A program and the path from there, in a project or none."""
    project, program, path = request.param
    if project is not None:
        desk.write("Pulumi.yaml", f"name: shop\nruntime: python\n{project}")
    desk.write("files/main.py", "")
    (desk.folder / program).parent.mkdir(parents=True, exist_ok=True)
    return program, path


def test_a_converted_artifact_is_found(desk: Desk, place: tuple[str, str]) -> None:
    """A module that the main program imports runs in the main program's folder."""
    program, path = place
    desk.write("spec.yaml", SPEC)

    assert desk.run("convert", "spec.yaml", "--out", program).code == 0
    assert f'artifact={{"path": "{path}"}},' in desk.read(program)


def test_an_imported_artifact_is_found(connected: Desk, blocks: Blocks, place: tuple[str, str]) -> None:
    """The same for an imported spec."""
    program, path = place

    ran = connected.run("import", "spec", "load", blocks.spec, "--artifact", "files", "--program", program)

    assert ran.code == 0, ran.err
    assert f'artifact={{"path": "{path}"}},' in connected.read(program)
