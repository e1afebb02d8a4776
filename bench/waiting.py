"""How long `up` takes for many deployments that take their time, beside as many resources that do nothing.

Run it with the engine and the venv on PATH: `python bench/waiting.py [COUNT] [SECONDS]`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pulumi_press.emulator import start

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 24
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0  # noqa: PLR2004

WAITING = f"""
import pulumi_press as press

spec = press.BlockSpec(
    "api", kind="service", metadata={{"name": "api", "summary": "x"}}, config={{"imageDetails": {{"id": 1}}}}
)
for number in range({COUNT}):
    press.BlockDeployment(
        f"api-{{number}}",
        metadata={{"name": f"api-{{number}}"}},
        spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    )
"""

TRIVIAL = f"""
from pulumi.dynamic import Resource, ResourceProvider

class Nothing(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        from pulumi.dynamic import CreateResult

        return CreateResult("id", {{}})

class Idle(Resource, module="bench", name="Idle"):
    pass

for number in range({COUNT}):
    Idle(Nothing(), f"nothing-{{number}}", {{}})
"""


def measure(name: str, program: str, variables: dict[str, str]) -> float:
    """Run `up` on a stack of its own; give its seconds."""
    with tempfile.TemporaryDirectory(prefix=f"press-bench-{name}-") as folder:
        project = Path(folder)
        (project / "backend").mkdir()
        (project / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        (project / "__main__.py").write_text(program)
        environment = {
            **os.environ,
            **variables,
            "PULUMI_BACKEND_URL": f"file://{project / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

        def pulumi(*arguments: str) -> None:
            subprocess.run(["pulumi", *arguments], cwd=project, env=environment, stdout=sys.stderr, check=True)  # noqa: S607

        pulumi("stack", "init", "bench")
        started = time.perf_counter()
        pulumi("up", "--yes", "--skip-preview", "--parallel", str(COUNT))
        return time.perf_counter() - started


with start(rollout=f"seconds:{SECONDS:g}") as press:
    waiting = measure("waiting", WAITING, {"PRESS_ENDPOINT": press.url, "PEAK_AUTH_TOKEN": press.token})
trivial = measure("trivial", TRIVIAL, {})
print(
    json.dumps(
        {
            "deployments": COUNT,
            "seconds_each": SECONDS,
            "up_seconds": round(waiting, 2),
            "trivial_up_seconds": round(trivial, 2),
            "beyond_seconds": round(waiting - trivial, 2),
        }
    )
)
