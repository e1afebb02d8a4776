"""An environment is made whatever the Python at hand lacks, and from nothing but the package index."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOL = Path(__file__).resolve().parents[3] / "tools" / "environment"

WITHOUT = """
import runpy, sys
missing, tool = sys.argv[1], sys.argv[2]
sys.modules.update(dict.fromkeys(filter(None, missing.split(","))))
sys.argv = sys.argv[2:]
sys.path.insert(0, tool)
runpy.run_path(tool, run_name="__main__")
"""
"""Runs the tool on a Python that lacks some modules."""

PIP = """
import sys, sysconfig, zipfile
from pathlib import Path

wheel = Path(__file__).parent.parent
if wheel.is_file():
    zipfile.ZipFile(wheel).extractall(sysconfig.get_path("purelib"))
if "no-such-thing" in sys.argv:
    sys.exit("ERROR: No matching distribution")
if "a-requirement" in sys.argv and "another" in sys.argv:
    print("Collecting a-requirement", "Collecting another", "Installing collected packages: a, b", sep="\\n")
else:
    print("a pip of the index")
"""


class Index(NamedTuple):
    """A package index that serves wheels of pip."""

    url: str
    asked: list[str]
    files: list[dict[str, object]]

    def add(self, version: str, python: str = ">=3.9", *, yanked: bool = False, digest: str = "") -> None:
        """Let it have a wheel."""
        name = f"pip-{version}-py3-none-any.whl"
        self.files.append(
            {
                "filename": name,
                "url": f"../../files/{name}",
                "hashes": {"sha256": digest or hashlib.sha256(WHEEL).hexdigest()},
                "requires-python": python,
                "yanked": yanked,
            }
        )


def _make_wheel() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as wheel:
        wheel.writestr("pip/__init__.py", "")
        wheel.writestr("pip/__main__.py", PIP)
    return made.getvalue()


WHEEL = _make_wheel()


@pytest.fixture
def index() -> Iterator[Index]:
    """A package index."""
    asked: list[str] = []
    files: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = WHEEL if self.path.endswith(".whl") else json.dumps({"files": files}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Index(f"http://127.0.0.1:{server.server_port}/simple", asked, files)
    server.shutdown()
    thread.join()
    server.server_close()


def make(folder: Path, index: str, missing: str, *requirements: str) -> subprocess.CompletedProcess[str]:
    """Run the tool on a Python without some modules."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, missing, str(TOOL), str(folder), *requirements],
        env={"PATH": "/usr/bin:/bin", "PIP_INDEX_URL": index, "NO_PROXY": "127.0.0.1", "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def ask_pip(folder: Path) -> str:
    """Ask the environment's pip for its version."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_python_with_ensurepip_asks_nobody(tmp_path: Path, index: Index) -> None:
    """A whole Python brings its own pip."""
    done = make(tmp_path / "env", index.url, "")

    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "env") in ask_pip(tmp_path / "env")
    assert index.asked == []


def test_python_without_ensurepip_takes_the_newest_pip_that_fits(tmp_path: Path, index: Index) -> None:
    """Debian's Python has neither by itself: pip comes from the index; no yanked, unfinished or too new one."""
    for version in ("9.0.3", "24.0", "100.1", "26.1rc1"):
        index.add(version)
    index.add("200.0", yanked=True)
    index.add("201.0", ">=3.99")

    done = make(tmp_path / "env", index.url, "ensurepip,pip", "a-requirement")

    assert done.returncode == 0, done.stderr
    assert ask_pip(tmp_path / "env") == "a pip of the index\n"
    assert index.asked == ["/simple/pip/", "/files/pip-100.1-py3-none-any.whl"]


def test_an_installation_says_how_far_it_is(tmp_path: Path, index: Index) -> None:
    """What takes long is told on stderr, so that nobody looks at a still terminal; the end, too."""
    index.add("26.1")

    done = make(tmp_path / "env", index.url, "ensurepip,pip", "a-requirement", "another")

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    told = [re.sub(r"\S+/env|\d+ s", "_", line) for line in done.stderr.splitlines()]
    assert told == ["environment: made _ in _", "environment: unpacking 2 of them ...", "environment: installed in _"]


def test_a_failed_installation_shows_what_pip_says(tmp_path: Path, index: Index) -> None:
    """All of it, and the command."""
    index.add("26.1")

    done = make(tmp_path / "env", index.url, "ensurepip,pip", "no-such-thing")

    assert done.returncode == 1
    assert "pip install --disable-pip-version-check no-such-thing` ended with exit code 1:\n" in done.stderr
    assert "No matching distribution" in done.stderr


def test_whole_environment_is_kept(tmp_path: Path, index: Index) -> None:
    """What is installed there stays, and nobody is asked again."""
    index.add("26.1")
    make(tmp_path / "env", index.url, "ensurepip,pip")
    kept = tmp_path / "env" / "kept"
    kept.touch()
    index.asked.clear()

    assert make(tmp_path / "env", index.url, "ensurepip,pip").returncode == 0
    assert (kept.exists(), index.asked) == (True, [])


def test_environment_without_pip_is_made_again(tmp_path: Path, index: Index) -> None:
    """What a run left that found no ensurepip is no environment."""
    index.add("26.1")
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "env" / "bin" / "python").rename(tmp_path / "env" / "bin" / "python3")

    assert make(tmp_path / "env", index.url, "ensurepip,pip").returncode == 0
    assert ask_pip(tmp_path / "env") == "a pip of the index\n"


def test_other_file_than_the_listed_one_is_refused(tmp_path: Path, index: Index) -> None:
    """Nothing runs that is not what the index lists."""
    index.add("26.1", digest="0" * 64)

    done = make(tmp_path / "env", index.url, "ensurepip,pip")

    assert done.returncode == 1
    assert "is not what" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/simple", "file:///etc", "{index}"])
def test_index_that_has_none_is_named_with_what_helps(tmp_path: Path, index: Index, address: str) -> None:
    """Without a pip anywhere a person learns which package of the system to install."""
    address = address.format(index=index.url)

    done = make(tmp_path / "env", address, "ensurepip,pip")

    assert done.returncode == 1
    assert f"{address}/pip/" in done.stderr
    assert "python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
