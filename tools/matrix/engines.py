"""The engines: the pinned one, and the newest that Go modules hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.quickstart.stack import ROOT

__all__ = ["find_engines"]

MODULE = "github.com/pulumi/pulumi/pkg/v3"


def find_engines(*, newest: bool) -> dict[str, Path]:
    """Return the folder of each engine by its version, the pinned one first; each is built if need be."""
    pinned = _provide(ROOT / "tools" / "engine")
    engines = {_ask(pinned): pinned}
    if newest and _find_newest() not in {None, *engines}:
        with tempfile.TemporaryDirectory() as folder:
            path = [each for each in os.environ["PATH"].split(os.pathsep) if not Path(each, "pulumi").exists()]
            built = _provide(_raise(Path(folder)), os.pathsep.join(path))
            engines[_ask(built)] = built
    return engines


def _provide(tool: Path, path: str | None = None) -> Path:
    """Let a tool find or build its engine; return its folder."""
    env = {**os.environ, "PATH": path or os.environ["PATH"]}
    done = subprocess.run([sys.executable, tool], stdout=subprocess.PIPE, text=True, check=True, env=env)
    return Path(done.stdout.strip())


def _ask(folder: Path) -> str:
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    return subprocess.run(
        [folder / "pulumi", "version"], stdout=subprocess.PIPE, text=True, check=True, env=env
    ).stdout.strip()


def _find_newest() -> str | None:
    """Ask for the newest version; None where there is no Go to ask."""
    go = shutil.which("go")
    if go is None:
        print("matrix: the newest engine is not looked for: there is no `go` on PATH", file=sys.stderr)
        return None
    command = [go, "list", "-m", "-f", "{{.Version}}", f"{MODULE}@latest"]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def _raise(folder: Path) -> Path:
    """Copy the tool that builds the engine, and raise its pin to the newest version."""
    for name in ("engine", "environment"):
        shutil.copytree(ROOT / "tools" / name, folder / name)
    module = folder / "engine" / "go" / "cli"
    for command in (["get", "-tool", f"{MODULE}/cmd/pulumi@latest"], ["mod", "tidy"]):
        subprocess.run(["go", *command], cwd=module, check=True)  # noqa: S607  # The one on PATH.
    return folder / "engine"
