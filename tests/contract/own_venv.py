"""Make a virtual environment for a tool that must not share this project's own, once, and print where it is.

    python tests/contract/own_venv.py peak-sdk-1.29.0

Each file of `environments` is one: what is installed, with everything that runs on. It lies outside the project, in
${XDG_CACHE_HOME:-~/.cache}/pulumi-press, one for each version of Python, and is made anew when its file has changed. A
tool that does not run on this Python gets another one, where there is one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ENVIRONMENTS = Path(__file__).with_name("environments")
RUNS_ON = {"peak-sdk-1.29.0": ((3, 10), (3, 12)), "schemathesis-4.32.5": ((3, 11), (3, 14))}
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
NO_PYTHON = 3  # Exit code.


def find_python(name: str) -> tuple[str, str] | None:
    """Return an interpreter that a tool runs on, this one if it will do, and its version."""
    (_, first), (_, last) = RUNS_ON[name]
    wanted = [f"3.{minor}" for minor in range(last, first - 1, -1)]
    for program in (sys.executable, *(shutil.which(f"python{version}") for version in wanted)):
        # What is on PATH may only be a word of a version manager that has no such version.
        told = program and subprocess.run([program, "-c", VERSION], capture_output=True, text=True, check=False)
        if program and told and told.stdout.strip() in wanted:
            return program, told.stdout.strip()
    return None


def make(python: str, requirements: Path, folder: Path) -> None:
    """Make the environment, unless it is there and whole. Two processes at once make it once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder / "made-from.txt"  # Written last: without it the environment is half of one.
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.is_file() and made.read_text(encoding="utf-8") == requirements.read_text(encoding="utf-8"):
            return
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True, stdout=sys.stderr)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--no-deps", "-r", str(requirements)], check=True, stdout=sys.stderr)
        shutil.copyfile(requirements, made)


def main(name: str) -> int:
    """Run the program."""
    found = find_python(name)
    if found is None:
        (_, first), (_, last) = RUNS_ON[name]
        sys.stderr.write(f"{name} runs on Python 3.{first} to 3.{last}, and none of these is on PATH\n")
        return NO_PYTHON
    python, version = found
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "pulumi-press" / f"{name}-py{version}"
    make(python, ENVIRONMENTS / f"{name}.txt", folder)
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
