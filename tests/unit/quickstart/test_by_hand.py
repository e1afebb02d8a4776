"""What `make up` prints to go on by hand works in a fresh shell, whatever the folders are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_press.emulator import LocalPress
from tools.quickstart.stack import Stack


@pytest.mark.parametrize("name", ["plain", "with a blank", "it's $HOME `id`"])
def test_printed_lines_work_in_a_fresh_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A shell with nothing but the system's PATH finds the engine and this Python, the project and its settings."""
    engine, project = tmp_path / name / "engine", tmp_path / name / "project"
    for folder in (engine, project):
        folder.mkdir(parents=True)
    pulumi = engine / "pulumi"
    pulumi.write_text('#!/bin/sh\npwd\ncommand -v python\necho "$PULUMI_BACKEND_URL"\necho "$PRESS_ENDPOINT"\n')
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{engine}:/usr/bin:/bin")
    stack = Stack(project, tmp_path / name / "backend", LocalPress("http://127.0.0.1:8600", "demo-token"))

    done = subprocess.run(
        ["/bin/sh", "-e", "-c", "\n".join([*stack.describe(), "pulumi preview --diff"])],
        env={"PATH": "/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == [
        str(project),
        str(Path(sys.executable).parent / "python"),
        f"file://{tmp_path / name / 'backend'}",
        "http://127.0.0.1:8600",
    ]
