"""The local Press that a case runs against: in this process, or in one of its own that can be killed."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.emulator import LocalPress, start
from tests.reliability.engine import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["Service", "serve"]

TOKEN = "token"
"""What a local Press knows that was told of no other."""

PORTS = (20_000, 32_000)
"""Below those that a system gives to whoever asks for any."""


@dataclass(frozen=True)
class Service:
    """A local Press that runs."""

    press: LocalPress
    """Its control plane."""
    restart: Callable[[], object]
    """Kills it, and starts it again on the same port."""


@contextmanager
def serve(folder: Path, assume: Mapping[str, object] | None = None, *, mortal: bool = False) -> Iterator[Service]:
    """Run a local Press that keeps everything in a folder.

    Args:
        folder: the folder.
        assume: what the service is like, where nobody knows.
        mortal: whether it is to be a process of its own.
    """
    if not mortal:
        with start(folder, assume=assume) as press:
            yield Service(press, _refuse)
        return
    process = _Process(folder, dict(assume or {}), _find_port())
    process.begin()
    try:
        yield Service(LocalPress(f"http://127.0.0.1:{process.port}", TOKEN), process.restart)
    finally:
        process.end()


def _find_port() -> int:
    """Find a free port that no system hands out by itself: it is still free when the process that had it is killed."""
    while True:
        port = random.randrange(*PORTS)  # noqa: S311  # Nobody is to be surprised by it.
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _refuse() -> None:
    raise TypeError("only a local Press of its own process can be killed")


@dataclass
class _Process:
    """A local Press as a process.

    Args:
        folder: keeps everything.
        assume: what the service is like.
        port: where it listens.
    """

    folder: Path
    assume: dict[str, object]
    port: int
    process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Start it; come back once it answers."""
        command = [sys.executable, "-m", "pulumi_press.emulator", "--state", str(self.folder), "--port", str(self.port)]
        for name, value in self.assume.items():
            command += ["--assume", f"{name}={value}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("the local Press does not come back")

    def end(self) -> None:
        """Kill it."""
        if self.process is None:
            return
        processes.end(self.process.pid)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None

    def restart(self) -> None:
        """Kill it, and start it again."""
        self.end()
        self.begin()
