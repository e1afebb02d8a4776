"""A Pulumi project in a folder of its own, and what one of its commands costs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.cost import Cost
from bench.memory import watch
from pulumi_press.emulator import LocalPress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.cost import Side

__all__ = ["Project", "make_project", "start_press"]

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "bench-token"  # noqa: S105  # The local Press knows no other.
STACK = "bench"
SHOWN = 100
"""So many lines are shown of what a command printed that failed, the last ones."""


@dataclass(frozen=True)
class Project:
    """A project folder, and the local Press that it talks to."""

    folder: Path
    press: LocalPress
    variables: dict[str, str]

    def run(self, *arguments: str, **variables: str) -> Cost:
        """Run a command of `pulumi`, and tell what it cost; leave with what it printed if it fails."""
        self.press.clear_requests()
        with (self.folder / "printed").open("w+", encoding="utf-8") as printed:
            begun = time.perf_counter()
            process = subprocess.Popen(
                ["pulumi", *arguments, "--non-interactive", "--color", "never"],  # noqa: S607  # The one on PATH.
                cwd=self.folder,
                env={**self._environment(), **variables},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            with watch(process.pid) as peak:
                try:
                    # Not `process.wait()`: only this call tells the time on the processor, with that of descendants.
                    _, status, usage = os.wait4(process.pid, 0)
                except BaseException:
                    process.terminate()
                    process.wait()
                    raise
                seconds = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                printed.seek(0)
                told = "\n".join(printed.read().splitlines()[-SHOWN:])
                sys.exit(f"pulumi {' '.join(arguments)} ended with {process.returncode}:\n{told}")
        calls = self.press.requests()
        return Cost(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            requests=len(calls),
            connections=len({call["connection"] for call in calls}),
            engine_mib=peak.engine,
            provider_mib=peak.provider,
        )

    def state_size(self) -> int:
        """Give the bytes of the state."""
        return sum(path.stat().st_size for path in self.folder.glob(f"backend/.pulumi/stacks/*/{STACK}.json"))

    def _environment(self) -> dict[str, str]:
        foreign = ("PULUMI_", "PRESS_", "PEAK_", "API_KEY", "STAGE")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "PYTHONPATH": str(ROOT),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PRESS_ENDPOINT": self.press.url,
            "PEAK_AUTH_TOKEN": self.press.token,
            **self.variables,
        }


@contextmanager
def make_project(side: Side, press: LocalPress, **variables: str) -> Iterator[Project]:
    """Make a stack that runs a side's program."""
    with tempfile.TemporaryDirectory(prefix=f"press-bench-{side}-") as name:
        folder = Path(name)
        (folder / "backend").mkdir()
        (folder / "Pulumi.yaml").write_text(f"name: {side}\nruntime: python\n", encoding="utf-8")
        shutil.copy(ROOT / "bench" / side / "__main__.py", folder)
        project = Project(folder, press, variables)
        project.run("stack", "init", STACK)
        yield project


@contextmanager
def start_press(rollout: str = "at-once") -> Iterator[LocalPress]:
    """Run a local Press as a process of its own, so that it shares no interpreter with what is measured."""
    command = [sys.executable, "-m", "pulumi_press.emulator", "--token", f"{TOKEN}=bench", "--rollout", rollout]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            sys.exit("the local Press did not start")
        yield LocalPress(json.loads(line)["url"], TOKEN)
    finally:
        process.terminate()
        process.wait()
