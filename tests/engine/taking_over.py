"""Taking blocks over, as a reader of the documentation would: with `pulumi-press import` and `pulumi import`."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.conftest import Stack

__all__ = ["begin_afresh", "released", "run_tool", "take_over", "take_over_all"]


def begin_afresh(source: Stack, folder: Path) -> Stack:
    """Make a stack of another project, with nothing in it, that talks to the same Press."""
    (folder / "backend").mkdir()
    (folder / "Pulumi.yaml").write_text("name: fresh\nruntime: python\n")
    stack = replace(source, folder=folder)
    stack.succeed("stack", "init", "test")
    return stack


def run_tool(stack: Stack, *words: str) -> str:
    """Run `pulumi-press`, which must end well; give what it printed on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_press.cli", *words],
        cwd=stack.folder,
        env=stack.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def take_over(stack: Stack, kind: str, *words: str) -> str:
    """Import blocks into the stack, each kind with a program of its own, and give what the command printed."""
    told = run_tool(stack, "import", kind, *words, "--out-file", f"{kind}.json", "--program", f"{kind}_program.py")
    (command,) = [line.partition(": ")[2].split() for line in told.splitlines() if " pulumi import " in line]
    stack.succeed(*command[1:])
    return told


def take_over_all(source: Stack, fresh: Stack) -> None:
    """Import all that a stack has into a fresh one, with the program that declares it."""
    take_over(fresh, "spec", "--all", "--scope", "private", "--scope", "shared")
    take_over(fresh, "release", *released(source))
    take_over(fresh, "deployment", "--all")
    (fresh.folder / "__main__.py").write_text("import deployment_program, release_program, spec_program\n")


def released(stack: Stack) -> Iterator[str]:
    """Give name and id of each release that is a resource of its own."""
    for name, resource in stack.resources().items():
        if name.startswith("BlockSpecRelease:"):
            yield name.partition(":")[2]
            yield resource["id"]
