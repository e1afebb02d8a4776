"""A machine of its own for each test: a PATH with fake programs only, and an empty cache."""

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"
PARTS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")

# Makes programs that print the version they are linked with; tells calls.log where it runs and what it is asked for.
FAKE_GO = """
echo "${PWD##*/}: go $*" >> "$MACHINE/calls.log"
case "$1" in
  build)
    echo first/package >&2
    while [ $# -gt 1 ]; do
      case "$1" in
        -ldflags) flags="$2"; shift ;;
        -o) output="$2"; shift ;;
      esac
      shift
    done
    printf '#!/bin/sh\\necho %s\\n' "${flags##*Version=}" > "$output"
    chmod +x "$output" ;;
  list)
    case "$2" in
      -deps) printf 'go: downloading module v1\nfirst/package\nsecond/package\n' ;;
      *) echo "$MACHINE/sdk" ;;
    esac ;;
esac
"""

WAIT_BEFORE_GATE = """
if [ -p "$MACHINE/gate" ]; then
  echo $$ > "$MACHINE/visitors"
  read line < "$MACHINE/gate"
  rm "$MACHINE/gate"
fi
"""

# Stands for tools/environment, which brings Go where `machine.add_pypi` laid one.
FAKE_ENVIRONMENT = """
import os, shutil, sys
from pathlib import Path

machine = Path(os.environ["MACHINE"])
with (machine / "calls.log").open("a") as log:
    print("environment:", *sys.argv[2:], file=log)
if not (machine / "pypi" / "go").exists():
    sys.exit("No matching distribution found")
home = Path(sys.argv[1], "lib/python3/site-packages/go/bin")
home.mkdir(parents=True)
shutil.copy2(machine / "pypi" / "go", home)
"""

# Stands for the download of an installer, which makes parts of the version that it is asked for, and edits a profile.
FAKE_CURL = """
while [ "$1" != "-o" ]; do shift; done
cp "$MACHINE/installer.sh" "$2"
"""
FAKE_INSTALLER = """
while [ $# -gt 0 ]; do
  case "$1" in
    --install-root) root="$2" ;;
    --version) version="$2" ;;
    --no-edit-path) profile=/dev/null ;;
  esac
  shift
done
echo 'PATH=...' >> "${profile:-$HOME/.profile}"
mkdir -p "$root/bin"
for part in pulumi pulumi-language-python pulumi-language-python-exec pulumi-resource-pulumi-python; do
  printf '#!/bin/sh\\necho v%s\\n' "$version" > "$root/bin/$part"
  chmod +x "$root/bin/$part"
done
"""


@dataclass
class Machine:
    """What the tool finds where it runs. `first` comes before the folder on PATH, as a user puts the engine."""

    root: Path
    first: Path | None = None
    runs: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The folder on PATH."""
        return self.root / "path"

    @property
    def cache(self) -> Path:
        """The folder that PULUMI_PRESS_ENGINE_CACHE names."""
        return self.root / "cache"

    def add(self, name: str, script: str = "", folder: Path | None = None) -> Path:
        """Put an executable shell script on PATH, or into another folder."""
        program = (folder or self.path) / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\nset -e\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    def add_engine(self, version: str, folder: Path | None = None) -> None:
        """Put a whole engine on PATH, or into another folder."""
        for part in PARTS:
            self.add(part, f"echo {version}", folder)

    @property
    def tool(self) -> Path:
        """The folder of the tool: a copy beside a fake of what it uses."""
        return self.root / "tools" / "engine"

    def install_tool(self) -> None:
        """Copy the tool."""
        shutil.copytree(TOOLS / "engine", self.tool, ignore=shutil.ignore_patterns("__pycache__"))
        (self.tool.parent / "environment").mkdir()
        (self.tool.parent / "environment" / "__main__.py").write_text(FAKE_ENVIRONMENT, encoding="utf-8")

    def add_pypi(self, script: str = FAKE_GO) -> None:
        """Let PyPI have a Go, with the SDK's module where it keeps modules."""
        self.add_go(script, self.root / "pypi")

    def add_go(self, script: str = FAKE_GO, folder: Path | None = None) -> None:
        """Put a Go on PATH, or into another folder, with the SDK's module where it keeps modules."""
        self.add("go", script, folder)
        self.add("pulumi-language-python-exec", folder=self.root / "sdk/python/cmd").chmod(0o444)
        self.add("pulumi-resource-pulumi-python", folder=self.root / "sdk/python/dist").chmod(0o444)

    def add_curl(self, before: str = "") -> None:
        """Put a curl on PATH that downloads an installer, which first does `before`."""
        self.add("curl", FAKE_CURL)
        (self.root / "installer.sh").write_text(f"PATH=/usr/bin:/bin\n{before}\n{FAKE_INSTALLER}", encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the tool."""
        env = {
            "HOME": str(self.root),
            "MACHINE": str(self.root),
            "PATH": os.pathsep.join(str(folder) for folder in (self.first, self.path) if folder),
            "PULUMI_PRESS_ENGINE_CACHE": str(self.cache),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        run = subprocess.Popen(
            [sys.executable, str(self.tool), *arguments],
            cwd=self.root,
            encoding="utf-8",
            env=env,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.runs.append(run)
        return run

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run the tool to its end; return its exit code, stdout and stderr."""
        run = self.start(*arguments)
        out, err = run.communicate(timeout=60)
        return run.returncode, out, err

    def read_calls(self) -> list[str]:
        """Return what was asked of go, after the name of the folder it ran in, and of PyPI."""
        log = self.root / "calls.log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def list_cache(self) -> list[str]:
        """Return what lies in the cache, without its lock."""
        found = self.cache.iterdir() if self.cache.exists() else []
        return sorted(item.name for item in found if item.name != ".lock")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Give a machine without pulumi, go and curl."""
    machine = Machine(tmp_path)
    machine.path.mkdir()
    machine.install_tool()
    yield machine
    for run in machine.runs:
        if run.poll() is None:
            run.kill()
        run.communicate()


class Gate:
    """Holds back who writes its process id to `visitors` and reads a line from `fifo`, until the test opens it."""

    def __init__(self, folder: Path) -> None:
        self.fifo = folder / "gate"
        self._visitors = folder / "visitors"
        os.mkfifo(self.fifo)
        os.mkfifo(self._visitors)
        # Both for reading and writing, so that opening them does not wait for the other end.
        self._file = os.open(self.fifo, os.O_RDWR)
        self._bell = os.open(self._visitors, os.O_RDWR)

    def wait_for_visitor(self) -> int:
        """Wait until somebody stands before the gate; return its process id."""
        ready, _, _ = select.select([self._bell], [], [], 60)
        assert ready == [self._bell], "nobody came to the gate"
        return int(os.read(self._bell, 100))

    def open(self) -> None:
        """Let one reader pass."""
        os.write(self._file, b"pass\n")

    def remove(self) -> None:
        """Let everybody pass who has not arrived yet."""
        self.fifo.unlink()

    def close(self) -> None:
        """Send away those who still wait."""
        os.close(self._file)
        os.close(self._bell)


@pytest.fixture
def gate(machine: Machine) -> Iterator[Gate]:
    """Give a gate, and a Go on the machine's PATH whose first build waits before it."""
    gate = Gate(machine.root)
    machine.add_go(WAIT_BEFORE_GATE + FAKE_GO)
    yield gate
    gate.close()


@pytest.fixture
def tool(machine: Machine) -> Path:
    """Give the folder of the tool."""
    return machine.tool


@pytest.fixture
def read_pin() -> Callable[[str, str], str]:
    """Give a function that reads the version of a dependency from one of the tool's `go.mod` files."""

    def read(module: str, dependency: str) -> str:
        lines = (TOOLS / "engine" / "go" / module / "go.mod").read_text(encoding="utf-8").splitlines()
        fields = [line.removeprefix("require").split() for line in lines]
        return next(field[1] for field in fields if field[:1] == [dependency])

    return read
