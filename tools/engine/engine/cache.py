"""The folder outside the tree that keeps a made engine: one lock, and only whole engines in it."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .progress import BEAT_SECONDS, say

_STAGE_PREFIX = ".making-"
_LOCK_POLL_SECONDS = 0.2


def locate_cache() -> Path:
    """Return the folder of the cache, which need not exist.

    It is PULUMI_PRESS_ENGINE_CACHE, else `pulumi-press/engine` under XDG_CACHE_HOME, which is `~/.cache` by default.
    """
    if own := os.environ.get("PULUMI_PRESS_ENGINE_CACHE"):
        return Path(own).expanduser().absolute()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home).absolute() / "pulumi-press" / "engine"


@contextmanager
def hold_lock(cache: Path) -> Iterator[None]:
    """Keep other runs from making an engine in `cache`; wait for one that does. The lock dies with its process."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("ab") as file:
        said = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() - said >= BEAT_SECONDS:
                    say("another run is making the engine; waiting for it")
                    said = time.monotonic()
                time.sleep(_LOCK_POLL_SECONDS)
        yield


@contextmanager
def open_stage(cache: Path) -> Iterator[Path]:
    """Give an empty folder to make an engine in, on the cache's own file system. Call it under the lock."""
    for left_by_a_killed_run in cache.glob(f"{_STAGE_PREFIX}*"):
        shutil.rmtree(left_by_a_killed_run, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_STAGE_PREFIX, dir=cache, ignore_cleanup_errors=True) as stage:
        yield Path(stage)


def publish(made: Path, stage: Path, slot: Path) -> None:
    """Move the whole engine `made` to `slot` in one step, in place of a damaged one if there is any."""
    if slot.exists():
        slot.rename(stage / "damaged")
    made.rename(slot)
