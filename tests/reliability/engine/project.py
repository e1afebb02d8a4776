"""A project folder with one stack, and the real engine on it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.plugin.names import to_snake
from tests.engine.surroundings import surround
from tests.reliability.core.state import Entry
from tests.reliability.engine import processes
from tests.reliability.engine.setups import PLAIN, Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NAME", "STACK", "Project", "Run", "find_engine"]

ROOT = Path(__file__).resolve().parents[3]
NAME, STACK = "life", "test"
CACHE = "cache"
"""The folder in a project's where its environment has programs keep what they note on this machine."""

KINDS = {"BlockSpec": "spec", "BlockSpecRelease": "release", "BlockDeployment": "deployment", "Rollout": "rollout"}
PATIENCE = 180
"""Seconds after which a command hangs."""


def find_engine() -> str:
    """Give the folder of the engine."""
    found = subprocess.run([sys.executable, str(ROOT / "tools/engine")], stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout.strip()


@dataclass(frozen=True)
class Run:
    """What a command of the engine printed, and its exit code."""

    text: str
    code: int
    orphans: int = 0
    """Processes that it left behind."""

    @property
    def went_well(self) -> bool:
        """Whether it ended well."""
        return self.code == 0


@dataclass
class Project:
    """A stack.

    Args:
        folder: the project's folder.
        engine: the folder of the engine.
        endpoint: address of the service.
        token: a token that it knows.
        stack: the stack's name.
        setup: how the engine is run.
    """

    folder: Path
    engine: str
    endpoint: str = ""
    token: str = "token"  # Of the local Press.
    stack: str = STACK
    setup: Setup = PLAIN
    session: int = 0
    """Session of the command that runs, or ran last."""
    commands: int = 0
    history: list[str] = field(default_factory=list)

    def begin(self, config: Mapping[str, str] | None = None) -> None:
        """Make the stack.

        Args:
            config: its configuration.
        """
        (self.folder / "backend").mkdir(exist_ok=True)
        (self.folder / "Pulumi.yaml").write_text(f"name: {NAME}\nruntime: python\n", encoding="utf-8")
        self._succeed("stack", "init", self.stack, "--no-select", on_stack=False)
        for key, value in (config or {}).items():
            self._succeed("config", "set", key, value)

    def forget(self) -> None:
        """Take away what earlier commands noted on this machine: the next one runs on another."""
        shutil.rmtree(self.folder / CACHE, ignore_errors=True)

    def taint(self, urn: str) -> None:
        """Mark a resource to be replaced by the next `up`."""
        self._succeed("state", "taint", self.full_urn(urn), "--yes")

    def run(self, *arguments: str, then: Callable[[], object] = lambda: None, on_stack: bool = True) -> Run:
        """Run a command to its end, however it comes to it.

        Args:
            arguments: the command's.
            then: called once the engine has ended, before what it left behind is ended too.
            on_stack: whether it is about the stack; which one is selected is no part of a copied folder.
        """
        self.commands += 1
        which = ("--stack", self.stack) if on_stack else ()
        # What it leaves behind holds its output open, so that cannot be a pipe.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            process = subprocess.Popen(
                ["pulumi", *arguments, *which, "--non-interactive", "--color", "never"],  # noqa: S607  # The one that was found.
                cwd=self.folder,
                env={**surround(self.engine, self.folder, self.endpoint, self.token), **self.setup.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.session = process.pid
            try:
                code = process.wait(PATIENCE)
                then()
            except subprocess.TimeoutExpired:
                code = -1
                output.write(f"\nit hangs: not ended after {PATIENCE} s\n")
            finally:
                orphans = processes.end_session(process.pid)
                process.wait()
            output.seek(0)
            run = Run(output.read(), code, orphans)
        self.history.append(f"$ pulumi {' '.join(arguments)} -> {run.code}\n{run.text.rstrip()}")
        return run

    def entries(self) -> list[Entry]:
        """Read what the state holds of ours, without the engine."""
        return [
            Entry(
                _shorten(item["urn"]),
                kind,
                item["id"],
                _by_core_names(item.get("inputs", {})),
                _by_core_names(item.get("outputs", {})),
                condemned=item.get("delete", False),
                is_unhealthy=bool(item.get("initErrors")),
            )
            for item in self._latest().get("resources") or ()
            if (kind := _kind_of(item["urn"])) in KINDS
        ]

    def full_urn(self, urn: str) -> str:
        """Give the whole URN of a resource that the state holds."""
        return next(str(item["urn"]) for item in self._latest()["resources"] if _shorten(item["urn"]) == urn)

    def pending(self) -> list[tuple[str, str]]:
        """Give the operations that the state says never ended, such as `creating`, each with its resource's URN."""
        return [
            (item["type"], _shorten(item["resource"]["urn"])) for item in self._latest().get("pending_operations") or ()
        ]

    def find(self, urn: str) -> Entry | None:
        """Give a resource's living entry."""
        return next((entry for entry in self.entries() if entry.urn == urn and not entry.condemned), None)

    def read_state(self) -> dict[str, Any]:
        """Read the resources and the operations under way that the state names, as the engine wrote them."""
        return {key: value for key in ("resources", "pending_operations") if (value := self._latest().get(key))}

    def _latest(self) -> dict[str, Any]:
        path = self.folder / f"backend/.pulumi/stacks/{NAME}/{self.stack}.json"
        if not path.exists():
            return {}
        latest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
        return latest

    def _succeed(self, *arguments: str, on_stack: bool = True) -> None:
        run = self.run(*arguments, on_stack=on_stack)
        if not run.went_well:
            raise RuntimeError(run.text)


def _by_core_names(values: dict[str, Any]) -> dict[str, Any]:
    """Give values by the names of the core: the native plugin's state has those of its schema."""
    return {to_snake(name): value for name, value in values.items()}


def _kind_of(urn: str) -> str:
    return urn.split("::")[2].rpartition(":")[2]


def _shorten(urn: str) -> str:
    """Give the URN that the harness knows a resource by, such as `spec:etl`."""
    kind = _kind_of(urn)
    return f"{KINDS.get(kind, kind)}:{urn.rpartition('::')[2]}"
