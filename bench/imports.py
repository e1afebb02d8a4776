"""What `pulumi-press import` takes for thousands of blocks: `python -m bench.imports`.

A local Press gets specs, some of them with several releases, and deployments; each import is made by a process of its
own, without a project, so that no engine is asked for a stack's configuration.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.process import measure
from bench.project import TOKEN, start_press
from pulumi_press.client.client import Client
from pulumi_press.client.session import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_press.emulator import LocalPress

COUNTS, LATENCIES = (100, 1000), (0, 100)
RELEASED_AGAIN = 5
"""One spec of so many has three releases, is shared, or hides a parameter."""
CONFIG = {
    "steps": {
        name: {"imageDetails": {"id": 12, "versionId": 1}, "command": f"python {name}.py", "stepTimeout": 30}
        for name in ("read", "clean", "sum", "check", "write")
    }
}
RUN = [{"name": "shops", "type": "string_array", "required": True}]
HIDDEN = {"name": "key", "type": "string", "required": False, "hideValue": True}


def main() -> None:
    """Fill the local Press, measure the imports, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument(
        "counts", nargs="*", type=int, default=COUNTS, help="specs, and as many deployments (default: %(default)s)"
    )
    counts = parser.parse_args().counts
    figures = f"{'seconds':>7} {'of a processor':>14} {'MiB':>4} {'requests':>8}"
    print(f"{'each':>5} {'latency':>7}  {'arguments':<28} {figures}")
    with start_press() as press:
        for count in counts:
            press.reset()
            forms = list_forms(*_fill(press, count))
            for latency in LATENCIES:
                press.clear_faults()
                if latency:
                    press.faults({"then": {"delay": latency / 1000}})
                for name, words in forms.items():
                    _import(press, f"{count:>5} {latency:>4} ms  {name:<28}", words)


def list_forms(specs: Sequence[str], deployments: Sequence[str]) -> dict[str, list[str]]:
    """Give the arguments of the ways to import specs and deployments with these ids."""
    releases = [("--release", f"release-{number}", f"{id_}/1.0.0") for number, id_ in enumerate(specs)]
    named = [("--spec", f"spec-{number}", id_) for number, id_ in enumerate(specs)]
    running = [("--deployment", f"deployment-{number}", id_) for number, id_ in enumerate(deployments)]
    return {
        "--all": ["--all"],
        "spec --all": ["spec", "--all"],
        "deployment --all": ["deployment", "--all"],
        "--all --scope ...": ["--all", "--scope", "private", "--scope", "shared"],
        "--all --release ...": ["--all", *chain(*releases)],
        "--spec ... --deployment ...": [*chain(*named), *chain(*running)],
    }


def _fill(press: LocalPress, count: int) -> tuple[list[str], list[str]]:
    """Make specs and deployments, and give their ids."""
    with Client(press.url, TOKEN) as client, ThreadPoolExecutor(CONNECTIONS) as pool:

        def publish(number: int) -> str:
            is_special = number % RELEASED_AGAIN == 0
            metadata = {"name": f"block-{number}", "title": "Orders", "summary": "Adds up the orders of the day."}
            body: dict[str, Any] = {"version": 1, "kind": "workflow", "metadata": metadata, "config": CONFIG}
            declared = {"run": [*RUN, *([HIDDEN] if is_special else [])]}
            scope, tenants = ("shared", ["others"]) if number % RELEASED_AGAIN == 1 else ("private", None)
            release = {"release": {"version": "1.0.0"}}
            id_ = str(client.create_spec({**body, **release}, parameters=declared, scope=scope, tenants=tenants)["id"])
            for version in ("1.0.1", "1.1.0") if is_special else ():
                content = {"release": {"version": version}, "config": CONFIG}
                client.create_spec_release(id_, content, parameters=declared)
            return id_

        def deploy(numbered: tuple[int, str]) -> str:
            number, id_ = numbered
            metadata = {"name": f"block-{number}-production"}
            spec = {"id": id_, "release": {"version": "1.0.0"}}
            body = {"metadata": metadata, "spec": spec, "parameters": {"run": {"shops": ["north", "south"]}}}
            return str(client.create_deployment(body)["id"])

        specs = list(pool.map(publish, range(count)))
        return specs, list(pool.map(deploy, enumerate(specs)))


def _import(press: LocalPress, label: str, words: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="press-bench-") as folder:
        press.clear_requests()
        spent = measure(
            [sys.executable, "-m", "pulumi_press.cli", "import", *words],
            folder=Path(folder),
            variables={"PRESS_ENDPOINT": press.url, "PEAK_AUTH_TOKEN": TOKEN, "PULUMI_HOME": folder},
        )
        requests = len(press.requests())
    print(
        f"{label} {spent.seconds:>7.1f} {spent.cpu_seconds:>14.1f} {spent.mib:>4.0f} {requests:>8}",
        flush=True,
    )


if __name__ == "__main__":
    main()
