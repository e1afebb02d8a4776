"""A preview of the real engine, piped through `pulumi-press report`: a change of the engine's format shows here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.client.client import Client
from pulumi_press.report import read_preview, render_markdown
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    artifact={"path": "files"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "old command"}}},
    parameters={"run": [{"name": "key", "type": "string", "required": True, "hideValue": True}]},
)
press.BlockDeployment(
    "etl-prod",
    metadata={"name": "etl-prod"},
    spec={"id": spec.id, "release": {"version": spec.release_version}},
    parameters={"run": {"key": "canary-secret-1"}},
)
"""


def preview(stack: Stack, *arguments: str, **variables: str) -> str:
    """Run `pulumi preview --json`; give what it printed on its standard output."""
    return subprocess.run(
        ["pulumi", "preview", "--json", "--non-interactive", *arguments],  # noqa: S607  # The one that was found.
        cwd=stack.folder,
        env={**stack.environment(), **variables},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout


def report(preview: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pipe a preview through `pulumi-press report`."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "pulumi-press"), "report", *arguments],
        input=preview,
        capture_output=True,
        text=True,
        check=False,
    )


def test_preview_is_reported_with_its_exit_code(stack: Stack) -> None:
    """What is created, released, revised, destroyed, mistaken or left alone is told, and the exit code follows."""
    files = stack.folder / "files"
    files.mkdir()
    (files / "load.py").write_text("old\n")
    stack.write(PROGRAM)
    created = report(preview(stack))
    assert (created.returncode, created.stderr) == (2, "")
    assert "- `etl-prod` (BlockDeployment): created, revision `1`" in created.stdout

    stack.up()
    quiet = report(preview(stack))
    assert quiet.returncode == 0
    assert "**`life/test`: No changes**" in quiet.stdout

    (files / "load.py").write_text("new\n")
    stack.write(PROGRAM.replace("old command", "new command").replace("canary-secret-1", "canary-secret-2"))
    log = stack.folder / "events.jsonl"
    text = preview(stack, "--event-log", str(log), PULUMI_DEBUG_COMMANDS="1")
    changed = report(text)
    assert changed.returncode == 2
    for line in (
        "<!-- pulumi-press: life/test -->",
        "- `etl`: release `1.0.0` -> `1.0.1` (`config.steps.run.command`; artifact `+0 ~1 -0` files)",
        "- changed `load.py`",
        "- `etl-prod`: revision `1` -> `2`",
    ):
        assert line in changed.stdout
    assert "canary" not in changed.stdout
    assert render_markdown(read_preview(log)) == changed.stdout
    assert (report(text, "--fail-on", "destroy").returncode, report(text, "--fail-on", "change").returncode) == (0, 2)

    stack.write("")
    destroyed = report(preview(stack))
    assert destroyed.returncode == 3
    assert "- `etl-prod` (BlockDeployment): destroyed" in destroyed.stdout

    stack.write(PROGRAM.replace("workflow", "workflows"))
    failed = report(preview(stack))
    assert failed.returncode == 1
    assert "kind: must be 'workflow' or 'service'" in failed.stdout


def test_drift_is_reported(stack: Stack) -> None:
    """What was deleted behind the stack shows with `--refresh`, and can be what fails a build."""
    stack.write(PROGRAM.replace('    artifact={"path": "files"},\n', ""))
    stack.up()
    state: dict[str, Any] = stack.press.state()
    with Client(stack.press.url, stack.press.token) as client:
        client.delete_deployment(state["deployments"][0]["id"])

    run = report(preview(stack, "--refresh"), "--fail-on", "drift")

    assert run.returncode == 2
    assert "- `etl-prod` (BlockDeployment): gone (created again)" in run.stdout
