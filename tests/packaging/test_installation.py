"""Each package, installed by pip in an empty environment. `make scenarios` runs it: it fetches what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).resolve().parents[2]

LOOK = """
import json
import pulumi_press
from pulumi_press.plugin.package import read_schema
from pulumi_press.projects.templates import list_templates

print(pulumi_press.BlockSpec.__name__, json.loads(read_schema())["version"], *list_templates())
"""


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder, without this environment's own place; give what it printed."""
    foreign = ("PYTHONPATH", "PULUMI_", "PRESS_", "PEAK_", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment["PULUMI_HOME"] = str(folder / "pulumi")
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("make", [build.build_wheel, build.build_sdist])
def test_it_can_be_installed_and_used(make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its commands run, it can be imported, and the templates and the schema came with it."""
    monkeypatch.chdir(ROOT)
    package = tmp_path / make(str(tmp_path))  # type: ignore[operator]  # A hook of the build backend.
    monkeypatch.chdir(tmp_path)
    run(sys.executable, ROOT / "tools" / "environment", tmp_path / "venv", str(package), folder=tmp_path)
    programs = tmp_path / "venv" / "bin"

    number = version("pulumi-press")
    assert run(programs / "pulumi-press", "--version", folder=tmp_path) == f"pulumi-press {number}\n"
    assert run(programs / "python", "-m", "pulumi_press", "--version", folder=tmp_path) == f"pulumi-press {number}\n"
    looked = run(programs / "python", "-c", LOOK, folder=tmp_path)
    assert looked.split() == ["BlockSpec", number, "block", "service", "workflow", "yaml"]
    run(programs / "pulumi-press", "new", "orders", folder=tmp_path)
    assert (tmp_path / "orders" / ".github" / "workflows" / "press.yml").exists()
    run(programs / "pulumi-press", "plugin", "install", folder=tmp_path)
    assert "resource-press" in run(programs / "pulumi-press", "plugin", "path", folder=tmp_path)
