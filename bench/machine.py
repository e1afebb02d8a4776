"""What the bench runs on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

__all__ = ["describe"]

GIB = 2**30


def describe() -> dict[str, str]:
    """Name the machine and the versions that the figures depend on."""
    engine = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=True)  # noqa: S607  # On PATH.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory:.0f} GiB",
        "Python": platform.python_version(),
        "Pulumi": f"engine {engine.stdout.strip().removeprefix('v')}, SDK {version('pulumi')}",
        "pulumi_press": version("pulumi-press"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
