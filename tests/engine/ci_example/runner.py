"""What GitHub's and GitLab's runners have in common here: a shell, a folder for each job, and what it printed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Job", "run_script"]


@dataclass
class Job:
    """What came of a job."""

    folder: Path
    """What it checked out, and made."""
    ran: bool = True
    """Whether it was run at all."""
    passed: bool = True
    steps: list[str] = field(default_factory=list)
    """The scripts that were run, in order."""
    printed: str = ""


def run_script(job: Job, shell: list[str], script: str, environment: dict[str, str]) -> None:
    """Run a script as a step of a job, unless one failed before."""
    if not job.passed:
        return
    job.steps.append(script)
    done = subprocess.run(
        [*shell, script],
        cwd=job.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    job.printed += f"$ {script}\n{done.stdout}"
    job.passed = done.returncode == 0
