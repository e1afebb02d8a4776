"""What one command takes, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.memory import watch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

__all__ = ["Spent", "measure"]


@dataclass(frozen=True)
class Spent:
    """What a command took."""

    seconds: float
    """Wall time."""
    cpu_seconds: float
    """Time on a processor, with that of what the command started."""
    mib: float
    """The most memory of its process."""


def measure(
    command: Sequence[str],
    *,
    codes: Collection[int] = (0,),
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Spent:
    """Run a command, and leave with what it printed unless it ends with one of the exit codes."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **(variables or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        with watch(process.pid) as peak:
            printed = process.stdout.read() if process.stdout else b""
            # Not `process.wait()`: only this call tells the time on the processor.
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{printed.decode(errors='replace')}")
    return Spent(seconds, usage.ru_utime + usage.ru_stime, peak.engine)
