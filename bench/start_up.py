"""How long a process takes to start that declares blocks, beside one that only imports Pulumi."""

from __future__ import annotations

import subprocess
import sys
import time

__all__ = ["STATEMENTS", "measure"]

STATEMENTS = {
    "python": "pass",
    "pulumi": "import pulumi",
    "pulumi_press": "from pulumi_press import BlockSpec, BlockSpecRelease, BlockDeployment",
    "pulumi.dynamic": "import dill, pulumi.dynamic",
    "provider": "import dill, pulumi.dynamic; from pulumi_press._v1 import load; load('BlockSpec')",
    "provider that checks": (
        "import dill, pulumi.dynamic; from pulumi_press._v1 import load; load('BlockSpec').check({}, {})"
    ),
}
"""What each process does: the last three are one that serves providers, without ours, with it, and when it checks."""


def measure(runs: int) -> list[dict[str, float]]:
    """Give the seconds of each process, in turn, so often; the first round does not count."""
    return [{name: _time(code) for name, code in STATEMENTS.items()} for _ in range(runs + 1)][1:]


def _time(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun
