"""Builds the engine from Go modules. Their versions and checksums are locked by the modules under `go/`."""

import os
import shutil
import subprocess
from pathlib import Path

from .errors import EngineUnavailableError
from .parts import CLI, DYNAMIC_PROVIDER, LANGUAGE_HOST, PROGRAM_RUNNER
from .pins import CLI_MODULE, CLI_VERSION, GO_MODULES, HOST_VERSION, SDK_MODULE
from .progress import run_step

SLOT = f"cli-{CLI_VERSION}-host-{HOST_VERSION}"

# A build from source has no version in it, and the Automation API refuses a CLI without one.
_LINK_FLAGS = f"-s -w -X {SDK_MODULE}/go/common/version.Version={CLI_VERSION}"


def build(stage: Path) -> Path:
    """Build in `stage` and return the folder whose `bin` holds all parts.

    The user's Go settings (GOPROXY, GOFLAGS, caches) stand. EngineUnavailableError when `go` is missing or fails.
    """
    go = shutil.which("go")
    if go is None:
        raise EngineUnavailableError("`go` is not on PATH.")
    modules = stage / "go"
    # A copy, so that no setting of Go can change the locked files in the tree.
    shutil.copytree(GO_MODULES, modules)
    made = stage / "made"
    binaries = made / "bin"
    binaries.mkdir(parents=True)
    env = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    log = stage / "go.log"
    run_step(
        f"building the Python language host {HOST_VERSION} with Go (about 15 s, once)",
        [
            *(go, "build", "-ldflags", "-s -w", "-o", str(binaries / LANGUAGE_HOST)),
            f"{SDK_MODULE}/python/cmd/{LANGUAGE_HOST}",
        ],
        log=log,
        cwd=modules / "host",
        env=env,
    )
    run_step(
        f"building the Pulumi CLI {CLI_VERSION} with Go (about 4 minutes, once)",
        [go, "build", "-ldflags", _LINK_FLAGS, "-o", str(binaries / CLI), f"{CLI_MODULE}/cmd/pulumi"],
        log=log,
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


def _find_sdk(go: str, cwd: Path, env: dict[str, str]) -> Path:
    """Return the folder where Go keeps the SDK's module that belongs to the CLI."""
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE]
    done = subprocess.run(command, capture_output=True, check=False, cwd=cwd, encoding="utf-8", env=env)
    if done.returncode != 0 or not done.stdout.strip():
        raise EngineUnavailableError(f"`go list -m {SDK_MODULE}` names no folder: {done.stderr.strip()}")
    return Path(done.stdout.strip())
