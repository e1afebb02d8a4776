"""Files of the `peak` command as a program in YAML: the engine is asked for the same as by the one in Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.conftest import IMPORTS, NATIVE

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

FILES = Path(__file__).with_name("peakfiles")
SECRET = "canary-secret-44"

ODD = """\
body:
  kind: service
  metadata:
    name: odd
    summary: "costs $5, ${x} and $${y}"
    title: "yes"
    description: "one\\n  two\\n\\nthree \\t # end\\n"
  config:
    imageDetails: {id: 1}
    parameters:
      env: {"yes": "no", "1": "0x10", "a: b": "1e3", "~": "null", "<": "- x", "d": "2024-01-01", "e": "\\u202e"}
"""


def convert(stack: Stack, names: list[str], out: str, *words: str) -> list[list[str]]:
    """Convert files; give the commands that the tool printed to set the configuration."""
    command = [str(Path(sys.executable).with_name("pulumi-press")), "convert", *names, "--out", out, "--force", *words]
    done = subprocess.run(
        command, cwd=stack.folder, env=stack.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stderr.splitlines() if line.startswith("  pulumi config set ")]


def plan(stack: Stack) -> dict[str, Any]:
    """Give the inputs of all resources that a preview makes."""
    return {name: step["newState"]["inputs"] for name, step in stack.preview().items()}


@pytest.mark.parametrize(
    "names",
    [["workflow", "workflow_release", "deployment"], ["web_app", "web_app_release"], ["api", "api_release"], ["odd"]],
    ids=lambda names: names[0],
)
def test_preview_is_that_of_the_program_in_python(yaml_stack: Stack, names: list[str]) -> None:
    """Every kind of step, trigger, watcher and parameter passes the host's checker, and arrives unchanged."""
    shutil.copytree(FILES, yaml_stack.folder, dirs_exist_ok=True)
    (yaml_stack.folder / "odd.yaml").write_text(ODD)
    files, words = [f"{name}.yaml" for name in names], ["-v", "params.yaml", "-p", "spec_id=an-id"]
    for path in (".gitignore", ".dockerignore", "Dockerfile"):
        (yaml_stack.folder / "files").mkdir(exist_ok=True)
        (yaml_stack.folder / "files" / path).write_text("")

    steps = convert(yaml_stack, files, "Pulumi.yaml", "--to", "yaml", *words)
    program = (yaml_stack.folder / "Pulumi.yaml").read_text()
    project = next(line for line in program.splitlines() if line.startswith("name: "))
    (yaml_stack.folder / "Pulumi.yaml").write_text(program.replace(project, "name: life"))
    assert SECRET not in program
    for step in steps:
        yaml_stack.succeed(*step[1:], SECRET)
    printed = yaml_stack.succeed("preview")
    planned = plan(yaml_stack)

    python = replace(yaml_stack, way=NATIVE)
    (python.folder / "Pulumi.yaml").write_text("name: life\nruntime: python\n")
    for step in convert(python, files, "__main__.py", *words):
        python.succeed(*step[1:], SECRET)
    text = (python.folder / "__main__.py").read_text()
    (python.folder / "__main__.py").write_text(text.replace("import pulumi_press as press", IMPORTS[NATIVE]))

    assert "Warning" not in printed
    expected = plan(python)
    for inputs in expected.values():
        for name in [name for name in inputs if name.startswith("__")]:
            del inputs[name]
    assert json.dumps(planned, sort_keys=True) == json.dumps(expected, sort_keys=True)
