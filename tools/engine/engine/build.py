"""Builds the engine from Go modules. Their versions and checksums are locked by the modules under `go/`."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import EngineUnavailableError
from .parts import CLI, DYNAMIC_PROVIDER, LANGUAGE_HOST, PROGRAM_RUNNER, YAML_HOST
from .pins import CLI_MODULE, CLI_VERSION, GO_MODULES, HOST_VERSION, SDK_MODULE, YAML_MODULE, YAML_VERSION
from .progress import run_step

SLOT = f"cli-{CLI_VERSION}-host-{HOST_VERSION}"
YAML_SLOT = f"yaml-{YAML_VERSION}"

# A build from source has no version in it, and the Automation API refuses a CLI without one.
_LINK_FLAGS = f"-s -w -X {SDK_MODULE}/go/common/version.Version={CLI_VERSION}"


def build(find_go: Callable[[Path], Path], stage: Path) -> Path:
    """Build in `stage` and return the folder whose `bin` holds all parts.

    The user's Go settings (GOPROXY, GOFLAGS, caches) stand. EngineUnavailableError when there is no Go, or it fails.
    """
    go, modules, made, env = _prepare(find_go, stage)
    binaries = made / "bin"
    _compile(
        f"the Python language host {HOST_VERSION}",
        [go, "build", "-v", "-ldflags", "-s -w", "-o", str(binaries / LANGUAGE_HOST)],
        f"{SDK_MODULE}/python/cmd/{LANGUAGE_HOST}",
        cwd=modules / "host",
        env=env,
    )
    _compile(
        f"the Pulumi CLI {CLI_VERSION}",
        [go, "build", "-v", "-ldflags", _LINK_FLAGS, "-o", str(binaries / CLI)],
        f"{CLI_MODULE}/cmd/pulumi",
        cwd=modules / "cli",
        env=env,
    )
    # The scripts are the CLI's own. Those of the language host are as old as it is: whenever an operation fails before
    # the program ends, they print a KeyboardInterrupt with the program's traceback.
    sources = _find_sdk(go, modules / "cli", env) / "python"
    for script in (sources / "cmd" / PROGRAM_RUNNER, sources / "dist" / DYNAMIC_PROVIDER):
        copy = binaries / script.name
        shutil.copyfile(script, copy)
        copy.chmod(0o755)
    return made


def build_yaml(find_go: Callable[[Path], Path], stage: Path) -> Path:
    """Build the YAML language host in `stage` and return the folder whose `bin` holds it, as `build` does."""
    go, modules, made, env = _prepare(find_go, stage)
    _compile(
        f"the YAML language host {YAML_VERSION}",
        [
            *(go, "build", "-v", "-ldflags", f"-s -w -X {YAML_MODULE}/pkg/version.Version={YAML_VERSION}"),
            *("-o", str(made / "bin" / YAML_HOST)),
        ],
        f"{YAML_MODULE}/cmd/{YAML_HOST}",
        cwd=modules / "yaml",
        env=env,
    )
    return made


def _prepare(find_go: Callable[[Path], Path], stage: Path) -> tuple[str, Path, Path, dict[str, str]]:
    """Return Go, a copy of the locked modules, the folder of what is made, and the environment of all builds."""
    go = str(find_go(stage))
    modules = stage / "go"
    # A copy, so that no setting of Go can change the locked files in the tree.
    shutil.copytree(GO_MODULES, modules)
    made = stage / "made"
    (made / "bin").mkdir(parents=True)
    return go, modules, made, {"HOME": str(Path.home()), **os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}


def _compile(what: str, command: Sequence[str], package: str, *, cwd: Path, env: Mapping[str, str]) -> None:
    """Build one program, and say how many of its packages are compiled."""
    log = cwd / "go.log"
    run_step(
        f"fetching the modules of {what} (once)",
        # What is in Go's cache already is not compiled again, and so not counted.
        [command[0], "list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", package],
        log=log,
        cwd=cwd,
        env=env,
    )
    total = count_packages(log)
    run_step(
        f"compiling {what}, {total} packages (once)",
        [*command, package],
        log=log,
        cwd=cwd,
        env=env,
        measure=lambda seconds: describe_progress(count_packages(log), total, seconds),
    )


def count_packages(log: Path) -> int:
    """Count the packages that Go wrote into its log, one a line; its other lines have blanks."""
    return sum(len(line.split()) == 1 for line in log.read_text(encoding="utf-8", errors="replace").splitlines())


def describe_progress(done: int, total: int, seconds: float) -> str:
    """Say how far a build is, and how long it will take if it goes on like this."""
    if not done or done >= total:
        return "linking" if total and done >= total else ""
    return f"{done} of {total} packages, about {seconds / done * (total - done):.0f} s left"


def _find_sdk(go: str, cwd: Path, env: Mapping[str, str]) -> Path:
    """Return the folder where Go keeps the SDK's module that belongs to the CLI."""
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE]
    done = subprocess.run(command, capture_output=True, check=False, cwd=cwd, encoding="utf-8", env=env)
    if done.returncode != 0 or not done.stdout.strip():
        raise EngineUnavailableError(f"`go list -m {SDK_MODULE}` names no folder: {done.stderr.strip()}")
    return Path(done.stdout.strip())
