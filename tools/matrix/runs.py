"""Trying one cell: an environment of its own, and a few tests with the real engine in it."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.matrix.cells import NEWEST, Cell
from tools.quickstart.stack import ROOT

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Outcome", "name_environment", "run"]

ENVIRONMENTS = ROOT / ".local" / "matrix"

TESTS = (
    "tests/engine/test_get.py",
    "tests/engine/test_state.py",
    "tests/unit/plugin/test_state_format.py",
)
"""Publishing, deploying, reading, previewing and refreshing, and what stands in the state."""


@dataclass(frozen=True)
class Outcome:
    """How it went."""

    sdk: str
    """Version of the SDK that was installed."""
    text: str
    ok: bool
    seconds: float

    def __str__(self) -> str:
        """Say it in a few words."""
        return f"{'ok' if self.ok else 'failed'}, {self.seconds:.0f} s"


def name_environment(cell: Cell) -> str:
    """Return the name of a cell's environment; cells that differ in the engine alone share one."""
    return f"python-{'.'.join(map(str, cell.python))}-sdk-{cell.sdk}"


def run(cell: Cell) -> Outcome:
    """Run the tests of one cell."""
    started = time.monotonic()
    python, text = _make(cell, ENVIRONMENTS / name_environment(cell))
    sdk = "none"
    if python is not None:
        ask = "from importlib.metadata import version; print(version('pulumi'))"
        sdk = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
        # What other versions of Python and of the SDK warn of is not judged here.
        command = [str(python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-o", "filterwarnings="]
        text, ok = _ask([*command, *TESTS], {"PATH": os.pathsep.join([str(cell.folder), os.environ["PATH"]])})
    else:
        ok = False
    return Outcome(sdk, text, ok, time.monotonic() - started)


def _make(cell: Cell, folder: Path) -> tuple[Path | None, str]:
    """Make the environment; give its Python, or None and why there is none."""
    text, ok = _ask([str(cell.program), str(ROOT / "tools" / "environment"), str(folder), "pip>=25.1"])
    if not ok:
        return None, text
    sdk = ["--upgrade", "pulumi"] if cell.sdk == NEWEST else [f"pulumi=={cell.sdk}"]
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    text, ok = _ask([*install, *sdk, "--group", "test", "-e", ".[emulator]"])
    return (python if ok else None), text


def _ask(command: list[str], variables: dict[str, str] | None = None) -> tuple[str, bool]:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode == 0
