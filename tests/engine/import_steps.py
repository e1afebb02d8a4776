"""Importing blocks as the documentation says: with `pulumi-press import` and `pulumi import`."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.conftest import Stack

__all__ = ["follow", "import_all", "import_blocks", "make_empty_stack", "released", "run_tool"]


def make_empty_stack(source: Stack, folder: Path) -> Stack:
    """Return an empty stack of another project on the same Press."""
    (folder / "backend").mkdir()
    (folder / "Pulumi.yaml").write_text("name: fresh\nruntime: python\n")
    stack = replace(source, folder=folder)
    stack.succeed("stack", "init", "test")
    return stack


def run_tool(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `pulumi-press`, which must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_press.cli", *words],
        cwd=stack.folder,
        env=stack.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def follow(stack: Stack, printed: str) -> str:
    """Run the steps that `pulumi-press import` printed, as they are, and return their output.

    Args:
        stack: the stack to import into.
        printed: the output of the command.
    """
    steps = "\n".join(line for line in printed.splitlines() if line.startswith("  "))
    done = subprocess.run(
        ["/bin/sh", "-e"],
        cwd=stack.folder,
        env=stack.environment(),
        input=steps,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def import_blocks(stack: Stack, *words: str) -> str:
    """Import blocks into the stack with a program of their own, and return the output of the commands."""
    printed = run_tool(stack, "import", *words, "--out-file", "blocks.json", "--program", "blocks.py").stderr
    return printed + follow(stack, printed)


def import_all(source: Stack, fresh: Stack) -> None:
    """Import all blocks of a stack into an empty one, with their program."""
    pairs = list(released(source))
    releases = [word for pair in zip(pairs[::2], pairs[1::2], strict=True) for word in ("--release", *pair)]
    import_blocks(fresh, "--all", "--scope", "private", "--scope", "shared", *releases)


def released(stack: Stack) -> Iterator[str]:
    """Yield name and id of each `BlockSpecRelease`."""
    for name, resource in stack.resources().items():
        if name.startswith("BlockSpecRelease:"):
            yield name.partition(":")[2]
            yield resource["id"]
