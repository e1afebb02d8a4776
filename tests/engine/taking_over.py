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

__all__ = ["begin_afresh", "follow", "released", "run_tool", "take_over", "take_over_all"]


def begin_afresh(source: Stack, folder: Path) -> Stack:
    """Make a stack of another project, with nothing in it, that talks to the same Press."""
    (folder / "backend").mkdir()
    (folder / "Pulumi.yaml").write_text("name: fresh\nruntime: python\n")
    stack = replace(source, folder=folder)
    stack.succeed("stack", "init", "test")
    return stack


def run_tool(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `pulumi-press`, which must end well."""
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


def follow(stack: Stack, told: str) -> str:
    """Run the steps that `pulumi-press import` printed, word by word; give what they printed.

    Args:
        stack: the stack into which blocks are taken.
        told: what the command printed.
    """
    steps = "\n".join(line for line in told.splitlines() if line.startswith("  "))
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


def take_over(stack: Stack, *words: str) -> str:
    """Import blocks into the stack with a program of their own, and give what the commands printed."""
    told = run_tool(stack, "import", *words, "--out-file", "blocks.json", "--program", "blocks.py").stderr
    return told + follow(stack, told)


def take_over_all(source: Stack, fresh: Stack) -> None:
    """Import all that a stack has into a fresh one, with the program that declares it."""
    pairs = list(released(source))
    releases = [word for pair in zip(pairs[::2], pairs[1::2], strict=True) for word in ("--release", *pair)]
    take_over(fresh, "--all", "--scope", "private", "--scope", "shared", *releases)


def released(stack: Stack) -> Iterator[str]:
    """Give name and id of each release that is a resource of its own."""
    for name, resource in stack.resources().items():
        if name.startswith("BlockSpecRelease:"):
            yield name.partition(":")[2]
            yield resource["id"]
