"""schemathesis holds the local Press against its own OpenAPI document."""

from __future__ import annotations

import json
import logging
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.emulator import start
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule

HERE = Path(__file__).parent
PATIENCE = 180
EXAMPLES = 40  # Of each call and phase.
LEAST = 2000  # Cases.
CONFIG = {"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}}
DECLARED = {
    "run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 10},
        {"name": "password", "type": "string", "required": False, "hideValue": True},
    ]
}
OUTCOMES: tuple[OutcomeRule, ...] = (
    {"deployment": "failed-*", "status": "failed"},
    {"deployment": "warned-*", "status": "warning"},
    {"deployment": "unending-*", "status": "deploying"},
)


def fill(press: LocalPress) -> dict[str, list[str]]:
    """Publish specs, deploy some of them, and return the ids by the names that paths have for them."""
    press.outcomes(*OUTCOMES)
    specs, deployments = [], []
    with Client(press.url, press.token) as client:
        for number in range(24):
            metadata = {"name": f"spec-{number}", "summary": "There from the beginning."}
            body = {"version": 1, "kind": "workflow", "metadata": metadata, "config": CONFIG}
            spec = client.create_spec({**body, "release": {"version": "1.0.0"}}, parameters=DECLARED)["id"]
            specs.append(spec)
            for outcome in ("well", "failed", "warned", "unending") if number < 8 else ():
                metadata = {"name": f"{outcome}-{number}"}
                deployments.append(client.create_deployment({"metadata": metadata, "spec": {"id": spec}})["id"])
    return {"spec_id": specs, "deployment_id": deployments}


@pytest.fixture(scope="module")
def report(
    make_venv: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Let schemathesis try a local Press out, with all its checks and a fixed seed, and give its report."""
    folder, program = tmp_path_factory.mktemp("schemathesis"), make_venv("schemathesis-4.32.5") / "bin" / "schemathesis"
    # The document cannot say in which order the parts of a form come.
    with start(assume={"form_order": "any"}, seed_number=1) as press:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # Of requests that are none it would warn.
        command = [str(program), "--config-file", str(HERE / "schemathesis.toml"), "run"]
        command += [f"{press.url}/openapi.json", "--header", f"Authorization: {press.token}"]
        command += ["--checks", "all", "--max-examples", str(EXAMPLES), "--generation-database", "none"]
        command += ["--continue-on-failure", "--no-shrink", "--report", "json", "--report-json-path", "report.json"]
        known = {"KNOWN_IDS": json.dumps(fill(press)), "VERSION_PATTERN": versions.PATTERN}
        environment = {**os.environ, **known, "PYTHONPATH": str(HERE)}
        ended = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    if not (folder / "report.json").exists():
        pytest.fail(ended.stdout + ended.stderr, pytrace=False)
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    cases = found["test_cases"]
    tell(f"schemathesis: {cases['generated']} cases, {cases['with_failures']} failures")
    return {**found, "told": ended.stdout}


def test_nothing_is_found(report: dict[str, Any]) -> None:
    """Every phase, stateful ones too, ends well: no failure, and no error of the run itself."""
    assert report["failures"] == [], report["told"]
    assert report["errors"] == [], report["told"]
    assert {phase["status"] for phase in report["phases"].values()} == {"success"}
    assert (report["exit_code"], report["complete"]) == (0, True)


def test_everything_is_tried(report: dict[str, Any]) -> None:
    """All calls are tried, in thousands of cases."""
    operations = report["operations"]

    assert operations["total"] == operations["tested"]
    assert report["test_cases"]["generated"] >= LEAST
