"""Make a virtual environment with the service's own client, once, and print where it is.

    python tests/contract/client_venv.py

It lies outside the project, in ${XDG_CACHE_HOME:-~/.cache}/pulumi-press, one for each version of Python, and is made
anew when requirements.txt has changed. The client runs on Python 3.12 at most: under a newer one an older one is looked
for.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
NEWEST = (3, 12)
NAMES = ("python3.12", "python3.11", "python3.10")
NO_PYTHON = 3  # Exit code.


def find_python() -> str | None:
    """Return an interpreter that the client runs on."""
    if sys.version_info[:2] <= NEWEST:
        return sys.executable
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def locate(python: str) -> Path:
    """Return where the environment of an interpreter belongs."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    version = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "pulumi-press" / f"peak-sdk-1.29.0-py{version}"


def make(python: str, folder: Path) -> None:
    """Make the environment, unless it is there and whole. Two processes at once make it once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder / "made-from.txt"  # Written last: without it the environment is half of one.
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.is_file() and made.read_text(encoding="utf-8") == REQUIREMENTS.read_text(encoding="utf-8"):
            return
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True, stdout=sys.stderr)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--no-deps", "-r", str(REQUIREMENTS)], check=True, stdout=sys.stderr)
        shutil.copyfile(REQUIREMENTS, made)


def main() -> int:
    """Run the program."""
    python = find_python()
    if python is None:
        sys.stderr.write(f"peak-sdk 1.29.0 runs on Python 3.12 at most; none of {', '.join(NAMES)} is on PATH\n")
        return NO_PYTHON
    folder = locate(python)
    make(python, folder)
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
