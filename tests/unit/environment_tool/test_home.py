"""`make` works where there is no HOME to write to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[3] / "Makefile"
SHOW = 'show: ; @echo "$$HOME"'


def ask_home(folder: Path, home: str | None) -> Path:
    """Ask `make` in a folder which HOME its commands have."""
    env = {name: value for name, value in os.environ.items() if name != "HOME"}
    done = subprocess.run(
        ["make", "--no-print-directory", "-C", str(folder), "-f", str(MAKEFILE), "--eval", SHOW, "show"],  # noqa: S607
        env=env if home is None else {**env, "HOME": home},
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


@pytest.mark.parametrize("home", [None, "", "missing", "file"])
def test_home_that_cannot_be_written_is_replaced(tmp_path: Path, home: str | None) -> None:
    """What tools keep at home goes into the tree, in a folder that is there."""
    (tmp_path / "file").touch()

    found = ask_home(tmp_path, str(tmp_path / home) if home else home)

    assert found == tmp_path / ".local" / "home"
    assert found.is_dir()


def test_home_that_can_be_written_stays(tmp_path: Path) -> None:
    """The user's own caches are used where there are any."""
    (tmp_path / "home").mkdir()

    assert ask_home(tmp_path, str(tmp_path / "home")) == tmp_path / "home"
