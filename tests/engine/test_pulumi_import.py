"""`pulumi import` of live blocks on the native plugin: the program that it writes has nothing to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

HEAD = "name: life\nruntime: yaml\n"
PROGRAM = """
resources:
  orders:
    type: press:BlockSpec
    properties:
      kind: workflow
      metadata: {name: orders, summary: The orders, tags: [{name: a}, {name: b}]}
      config:
        steps:
          load: {imageDetails: {id: 1}, command: python load.py}
          report: {imageDetails: {id: 1}, command: python report.py, parents: [load]}
        triggers: [{cron: "0 6 * * *"}]
      parameters:
        run:
          - {name: rows, type: number, required: true}
          - {name: key, type: string, required: false, hideValue: true, defaultValue: canary-default}
      featured: true
      autoRunOnDeploy: false
  next:
    type: press:BlockSpecRelease
    properties:
      specId: ${orders.id}
      release: {version: 1.1.0, notes: The next one}
      config:
        steps:
          load: {imageDetails: {id: 2}, command: python load.py}
  live:
    type: press:BlockDeployment
    properties:
      metadata: {name: orders-live, title: Orders}
      spec: {id: "${orders.id}", release: {version: "${orders.releaseVersion}"}}
      parameters: {run: {rows: 3}}
      revision: {notes: First}
"""
TYPES = {"orders": "BlockSpec", "next": "BlockSpecRelease", "live": "BlockDeployment"}


@pytest.fixture
def made(yaml_stack: Stack) -> dict[str, str]:
    """The ids of blocks that exist and that no state knows."""
    (yaml_stack.folder / "Pulumi.yaml").write_text(HEAD + PROGRAM)
    yaml_stack.succeed("stack", "init", "made")
    yaml_stack.up()
    ids = {name.partition(":")[2]: item["id"] for name, item in yaml_stack.resources().items()}
    yaml_stack.succeed("stack", "rm", "--force", "--yes", "made")
    (yaml_stack.folder / "Pulumi.yaml").write_text(HEAD)
    yaml_stack.succeed("stack", "init", "taken")
    yaml_stack.forget()
    return {name: ids[name] for name in TYPES}


def test_imported_blocks_have_nothing_to_change(yaml_stack: Stack, made: dict[str, str]) -> None:
    """Only reads are sent, and the program that is written shows an empty preview, before and after a refresh."""
    programs = []
    for name, identifier in made.items():
        out = yaml_stack.folder / f"{name}.txt"
        command = ("import", f"press:index:{TYPES[name]}", name, identifier, "--yes", "--out", str(out))
        yaml_stack.succeed(*command, "--protect=false")
        programs.append(out.read_text())
    assert not [call for call in yaml_stack.calls() if not call.startswith("GET ")]

    write_together(yaml_stack, programs)
    assert yaml_stack.preview() == {}, (yaml_stack.folder / "Pulumi.yaml").read_text()
    yaml_stack.succeed("refresh", "--yes", "--skip-preview")
    assert yaml_stack.preview() == {}
    assert {name.partition(":")[2]: item["id"] for name, item in yaml_stack.resources().items()} == made

    program = (yaml_stack.folder / "Pulumi.yaml").read_text()
    (yaml_stack.folder / "Pulumi.yaml").write_text(program.replace("rows: 3", "rows: 4"))
    yaml_stack.up()
    (deployment,) = yaml_stack.press.state()["deployments"]
    (revision,) = deployment["revisions"]
    assert revision["parameters"]["run"]["rows"] == 4


def test_a_file_imports_all_at_once(yaml_stack: Stack, made: dict[str, str]) -> None:
    """`--file` takes several; the program that is written for them shows an empty preview."""
    resources = [{"type": f"press:index:{TYPES[name]}", "name": name, "id": key} for name, key in made.items()]
    (yaml_stack.folder / "import.json").write_text(json.dumps({"resources": resources}))
    out = yaml_stack.folder / "out.txt"

    yaml_stack.succeed("import", "--file", "import.json", "--yes", "--out", str(out), "--protect=false")

    write_together(yaml_stack, [out.read_text()])
    assert yaml_stack.preview() == {}
    # The program says what needs what, and so what is deleted first.
    yaml_stack.up()
    yaml_stack.succeed("destroy", "--yes", "--skip-preview")
    assert yaml_stack.press.state()["deployments"] == []


def test_what_is_missing_is_one_clear_message(yaml_stack: Stack, made: dict[str, str]) -> None:
    """Nothing is imported; a release is named by the id of its spec and its version."""
    for kind, identifier, words in (
        ("BlockSpec", "00000000-0000-0000-0000-000000000000", "there is no spec with the id"),
        ("BlockSpecRelease", f"{made['orders']}/9.9.9", "there is no release with the id"),
        ("BlockSpecRelease", made["orders"], "the id of a release is <spec id>/<version>, which"),
        ("BlockDeployment", made["orders"], "there is no deployment with the id"),
    ):
        run = yaml_stack.run("import", f"press:index:{kind}", "x", identifier, "--yes")
        assert run.code != 0
        assert words in run.text
        assert "Traceback" not in run.text


def write_together(stack: Stack, programs: list[str]) -> None:
    """Write generated programs as one."""
    bodies = [text.partition("resources:\n")[2] for text in programs]
    (stack.folder / "Pulumi.yaml").write_text(f"{HEAD}resources:\n{''.join(bodies)}")
