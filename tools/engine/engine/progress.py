"""What a person sees while this works. All of it goes to stderr: stdout is for the folder alone."""

import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import EngineUnavailableError

BEAT_SECONDS = 15.0
_TAIL_LINES = 15


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"engine: {text}", file=sys.stderr, flush=True)


def _read_tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
    return "".join(f"\n    {line}" for line in lines)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def run_step(
    title: str,
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    beat_seconds: float = BEAT_SECONDS,
) -> None:
    """Run a command that may take minutes, and say every `beat_seconds` that it still runs.

    Its output goes to `log`. EngineUnavailableError carries the command, how it ended and the end of that output.
    """
    say(f"{title} ...")
    started = time.monotonic()
    with log.open("wb") as sink:
        try:
            process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
            )
        except OSError as error:
            raise EngineUnavailableError(f"`{command[0]}` does not run: {error}.") from error
    try:
        while (code := _wait(process, beat_seconds)) is None:
            say(f"{title} ... {time.monotonic() - started:.0f} s")
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code != 0:
        raise EngineUnavailableError(f"`{shlex.join(command)}` ended with exit code {code}:{_read_tail(log)}")
    say(f"{title}: done in {time.monotonic() - started:.0f} s")
