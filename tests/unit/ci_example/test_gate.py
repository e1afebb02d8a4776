"""The gate of the CI example: what passes, and what does not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "examples/ci/gate.sh"


@pytest.mark.parametrize(
    ("verdict", "labels", "passes"),
    [
        ("0", "", True),
        ("2", "", True),
        ("3", "", False),
        ("3", "allow-destroy", True),
        ("3", "bug,allow-destroy,etl", True),
        ("3", "never-allow-destroy,allow-destroy-not", False),
        ("3", "*", False),
        ("1", "allow-destroy", False),
        ("", "allow-destroy", False),
        ("127", "", False),
    ],
)
def test_only_what_destroys_nothing_or_is_allowed_to_passes(
    tmp_path: Path, verdict: str, labels: str, *, passes: bool
) -> None:
    """Destruction needs the very label, and a preview that failed passes with none."""
    (tmp_path / "verdict").write_text(f"{verdict}\n")

    done = subprocess.run(["/usr/bin/env", "bash", SCRIPT, tmp_path], env={"LABELS": labels}, check=False)

    assert (done.returncode == 0) is passes


def test_a_missing_verdict_does_not_pass(tmp_path: Path) -> None:
    """Where the report was never made, nothing passes."""
    done = subprocess.run(
        ["/usr/bin/env", "bash", SCRIPT, tmp_path], env={"LABELS": "allow-destroy"}, capture_output=True, check=False
    )

    assert done.returncode != 0
