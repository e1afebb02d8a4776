"""Installs the engine with Pulumi's own script, as the SDK's Automation API does."""

import os
import shutil
from pathlib import Path

from .errors import EngineUnavailableError
from .pins import CLI_VERSION
from .progress import run_step

SLOT = f"official-{CLI_VERSION}"

_SCRIPT = "https://get.pulumi.com/install.sh"
_CONNECT_SECONDS = "20"


def install(stage: Path) -> Path:
    """Install in `stage` and return the folder whose `bin` holds all parts; the user's shell profile stays as it is.

    EngineUnavailableError when `curl` is missing, or the download or the script fails.
    """
    curl = shutil.which("curl")
    if curl is None:
        raise EngineUnavailableError("`curl` is not on PATH.")
    script = stage / "install.sh"
    made = stage / "made"
    env = dict(os.environ)
    log = stage / "install.log"
    run_step(
        "downloading Pulumi's installer",
        [curl, "-fsSL", "--connect-timeout", _CONNECT_SECONDS, "-o", str(script), _SCRIPT],
        log=log,
        cwd=stage,
        env=env,
    )
    run_step(
        f"installing Pulumi {CLI_VERSION} with it (about a minute, once)",
        [
            *("/bin/sh", str(script), "--no-edit-path"),
            *("--install-root", str(made), "--version", CLI_VERSION.removeprefix("v")),
        ],
        log=log,
        cwd=stage,
        env=env,
    )
    return made
