"""The most memory that the processes of a run held."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Peak", "find_peak", "find_providers", "repeat", "watch"]

PROC = Path("/proc")
PERIOD = 0.05
PROVIDERS = ("pulumi.dynamic", "pulumi-resource-press")
"""Words of the command line of a process that serves dynamic providers, or is the native plugin."""


@dataclass
class Peak:
    """The most resident memory at once, in MiB; 0 where the system has no /proc."""

    engine: float = 0.0
    """Of the engine's process."""
    provider: float = 0.0
    """Of the largest process that serves dynamic providers."""


@contextmanager
def watch(pid: int) -> Iterator[Peak]:
    """Look at an engine and at the processes that it starts for as long as the context lasts."""
    peak = Peak()

    def look() -> None:
        peak.engine = max(peak.engine, find_peak(pid))
        peak.provider = max([peak.provider, *map(find_peak, find_providers(pid))])

    with repeat(look, PERIOD):
        yield peak


@contextmanager
def repeat(look: Callable[[], object], period: float) -> Iterator[None]:
    """Look again and again, after so many seconds each time, for as long as the context lasts, and once at its end."""
    end = threading.Event()

    def look_until_end() -> None:
        ended = False
        while not ended:
            ended = end.wait(period)
            look()

    thread = threading.Thread(target=look_until_end, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def find_providers(pid: int) -> list[int]:
    """Give those of the processes that one started which serve providers."""
    return [child for child in _descendants(pid) if any(word in _command(child) for word in PROVIDERS)]


def find_peak(pid: int) -> float:
    """Give the most memory that a process held until now, in MiB; 0 where it has ended."""
    # The kernel keeps the peak itself, so a look now and then misses only the very last moment.
    lines = _read(PROC / str(pid) / "status").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _descendants(pid: int) -> list[int]:
    """Give the processes that one started, and those that they started; none of one that has ended."""
    tasks = PROC / str(pid) / "task"
    found: list[int] = []
    try:
        threads = os.listdir(tasks)  # noqa: PTH208  # What `iterdir` raises, and when, differs between Pythons.
    except OSError:
        return found
    for thread in threads:
        for child in _read(tasks / thread / "children").split():
            found += [int(child), *_descendants(int(child))]
    return found


def _command(pid: int) -> str:
    return _read(PROC / str(pid) / "cmdline").replace("\0", " ")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # The process has ended.
        return ""
