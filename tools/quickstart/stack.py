"""A Pulumi stack in a folder of its own, against a local Press: what the demo and `make up` have in common."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pulumi_press.emulator import LocalPress

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "demo-token"  # noqa: S105  # The local Press knows no other.


def start_press(state: Path | None = None, *, detached: bool = False) -> tuple[LocalPress, subprocess.Popen[str]]:
    """Start a local Press and wait for the line that tells its address."""
    command = [sys.executable, "-m", "pulumi_press.cli", "emulator", "--token", f"{TOKEN}=demo"]
    command += ["--state", str(state)] if state else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=detached)
    line = _lines(process).readline()
    if not line:
        sys.exit(f"the local Press did not start (exit code {process.wait()})")
    told = json.loads(line)
    return LocalPress(told["url"], TOKEN), process


def _lines(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdout is None:
        raise ValueError("the process was started without a pipe")
    return process.stdout


@dataclass(frozen=True)
class Stack:
    """A stack of a project, and the local Press that it talks to."""

    project: Path
    backend: Path
    press: LocalPress
    name: str = field(default="demo", kw_only=True)

    def make(self) -> None:
        """Make the stack, unless it is there."""
        self.backend.mkdir(parents=True, exist_ok=True)
        self.run("stack", "select", self.name, "--create", quiet=True)

    def environment(self) -> dict[str, str]:
        """Give the environment of every command: all local, nothing of the user's own."""
        return {
            **os.environ,
            "PATH": os.pathsep.join([*self.programs(), os.environ["PATH"]]),
            **self.variables(),
        }

    def variables(self) -> dict[str, str]:
        """Give what a person would set to go on by hand."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.backend}",
            # It keeps which stack is selected, and the user's own is left alone.
            "PULUMI_HOME": str(self.backend.with_name("pulumi")),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PRESS_ENDPOINT": self.press.url,
            "PEAK_AUTH_TOKEN": TOKEN,
        }

    @staticmethod
    def programs() -> list[str]:
        """Give the folders that come first on PATH: this Python's, and the engine's."""
        found = shutil.which("pulumi")
        return [str(Path(sys.executable).parent), *([str(Path(found).absolute().parent)] if found else [])]

    def describe(self) -> list[str]:
        """Give the lines that a person types in a fresh shell to go on by hand."""
        path = shlex.quote(os.pathsep.join(self.programs()))
        exports = [f"export {name}={shlex.quote(value)}" for name, value in self.variables().items()]
        return [f"cd {shlex.quote(str(self.project))}", f'export PATH={path}:"$PATH"', *exports]

    def run(self, *arguments: str, quiet: bool = False) -> str:
        """Run `pulumi` and show what it prints; leave on a failure."""
        if not quiet:
            print(f"\n$ pulumi {' '.join(arguments)}", flush=True)
        process = subprocess.Popen(
            ["pulumi", *arguments, "--color", "never", "--non-interactive"],  # noqa: S607  # The one on PATH.
            cwd=self.project,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = []
        for line in _lines(process):
            lines.append(line)
            if not quiet:
                print(line, end="", flush=True)
        if process.wait() != 0:
            sys.exit(
                f"{''.join(lines) if quiet else ''}pulumi {arguments[0]} failed with exit code {process.returncode}"
            )
        return "".join(lines)
