"""A project in a folder of its own, driven with the real engine."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.quickstart.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROJECT = """\
name: shop
runtime: python
"""


@dataclass(frozen=True)
class Preview:
    """The output of a preview: standard output, event log and exit code."""

    output: str
    events: str
    code: int


@dataclass(frozen=True)
class Project(Stack):
    """A project `shop` with one stack."""

    stack: str

    def make(self) -> None:
        """Make the project and its stack."""
        self.project.mkdir()
        self.backend.mkdir()
        self.write({"Pulumi.yaml": PROJECT})
        self.call("stack", "init", self.stack)

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files of the project by path, or take them away (None)."""
        for name, text in files.items():
            path = self.project / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def set(self, config: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        """Set the stack's configuration."""
        for name, value in config.items():
            self.call("config", "set", name, value)
        for name, value in secrets.items():
            self.call("config", "set", "--secret", name, value)

    def up(self, *, fails: bool) -> None:
        """Run `pulumi up`, which must end as expected.

        Raises:
            RuntimeError: it did not; the message is what it printed.
        """
        done = self._run("up", "--yes", "--skip-preview", "--parallel", "1", "--continue-on-error")
        if (done.returncode != 0) != fails:
            raise RuntimeError(done.stdout + done.stderr)

    def preview(self, log: Path, *command: str) -> Preview:
        """Run a command that only previews, one resource at a time, so that the order is the same each time."""
        done = self._run(*command, "--json", "--event-log", str(log), "--parallel", "1")
        if not log.exists():
            raise RuntimeError(done.stdout + done.stderr)
        return Preview(done.stdout, log.read_text(), done.returncode)

    def call(self, *arguments: str) -> str:
        """Run a command that must end well, and give what it printed."""
        done = self._run(*arguments)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Return the environment of every command."""
        # The engine hides `--event-log` among the options for its own developers.
        return {**super().environment(), "PULUMI_DEBUG_COMMANDS": "1"}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],  # noqa: S607  # The one on PATH.
            cwd=self.project,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
