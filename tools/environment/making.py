"""An environment, its pip, and what is installed there."""

import hashlib
import importlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

__all__ = ["UnavailableError", "make_environment"]

INDEX = "https://pypi.org/simple"
_LISTING = "application/vnd.pypi.simple.v1+json"
_WHEEL = re.compile(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl")
_LEAST_PYTHON = re.compile(r">=\s*3\.(\d+)")
_SECONDS = 60
BEAT_SECONDS = 5.0
_UNPACKING = "Installing collected packages:"


class UnavailableError(Exception):
    """The environment could not be made. The text says why, and what to do."""


def make_environment(folder: Path, requirements: Sequence[str]) -> None:
    """Make the environment if it is not there, and install the requirements.

    Raises:
        UnavailableError: it could not be made.
    """
    python = folder / "bin" / "python"
    if not _runs(python, "-m", "pip", "--version"):
        started = time.monotonic()
        shutil.rmtree(folder, ignore_errors=True)
        # Debian ships ensurepip in a package of its own.
        if not (_imports("ensurepip") and _runs(sys.executable, "-m", "venv", folder)):
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", "--without-pip", folder)
            _add_pip(python)
        _say(f"made {folder} in {time.monotonic() - started:.0f} s")
    if requirements:
        _install(python, requirements)


def _install(python: Path, requirements: Sequence[str]) -> None:
    """Install what is asked, and say how far it is."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *requirements]
    started = told = time.monotonic()
    found, lines = 0, []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            found += line.startswith("Collecting ")
            if line.startswith(_UNPACKING):
                _say(f"unpacking {len(line.split(','))} of them ..." if found else "unpacking ...")
                told = math.inf
            elif time.monotonic() - told >= BEAT_SECONDS:
                told = time.monotonic()
                _say(f"{told - started:.0f} s: {found} packages found ...")
    if process.returncode != 0:
        raise _failed(command, process.returncode, "".join(lines))
    _say(f"installed in {time.monotonic() - started:.0f} s")


def _say(text: str) -> None:
    print(f"environment: {text}", file=sys.stderr, flush=True)


def _add_pip(python: Path) -> None:
    """Install pip by the pip of this Python, else by the newest one of the package index."""
    if _imports("pip") and _runs(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"):
        return
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download_pip(Path(folder))
        # A wheel of pip is a program, too.
        _run(python, wheel / "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel)


def _download_pip(folder: Path) -> Path:
    """Download the newest wheel of pip that runs on this Python."""
    listing = os.environ.get("PIP_INDEX_URL", INDEX).rstrip("/") + "/pip/"
    try:
        files = json.loads(_fetch(listing, _LISTING))["files"]
        newest = max(filter(_fits, files), key=_version)
        content = _fetch(urljoin(listing, newest["url"]))
    except (OSError, ValueError, KeyError) as error:
        raise UnavailableError(
            f"This Python has neither ensurepip nor pip, and pip could not be had from {listing}: {error!r}. "
            "Install Python's own package for virtual environments (python3-venv on Debian and Ubuntu)."
        ) from None
    if hashlib.sha256(content).hexdigest() != newest["hashes"]["sha256"]:
        raise UnavailableError(f"{newest['url']} is not what {listing} lists: its SHA-256 is another one.")
    wheel = folder / str(newest["filename"])
    wheel.write_bytes(content)
    return wheel


def _fits(file: dict[str, Any]) -> bool:
    least = _LEAST_PYTHON.search(file.get("requires-python") or "")
    return (
        _WHEEL.fullmatch(file["filename"]) is not None
        and not file.get("yanked")
        and (least is None or int(least[1]) <= sys.version_info.minor)
    )


def _version(file: dict[str, Any]) -> tuple[int, ...]:
    found = _WHEEL.fullmatch(file["filename"])
    return tuple(map(int, found[1].split("."))) if found else ()


def _fetch(url: str, accept: str = "*/*") -> bytes:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url} is not an address of the web")
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310  # Looked at above.
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # As above.
        content: bytes = answer.read()
        return content


def _imports(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace")
    if done.returncode != 0:
        raise _failed(command, done.returncode, done.stdout + done.stderr)


def _failed(command: Sequence[str | Path], code: int, told: str) -> UnavailableError:
    return UnavailableError(f"`{' '.join(map(str, command))}` ended with exit code {code}:\n{told.strip()}")
