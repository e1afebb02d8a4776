"""What a person sees while this works. All of it goes to stderr: stdout is for the folder alone."""

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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


@contextmanager
def _hold_interruptions() -> Iterator[None]:
    """Deliver an interruption at the end: while a process starts, nobody could stop it yet."""
    held: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _: held.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if held:
        raise KeyboardInterrupt


def run_step(
    title: str,
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    beat_seconds: float = BEAT_SECONDS,
    measure: Callable[[float], str] = lambda _: "",
) -> None:
    """Run a command that may take minutes, and say every `beat_seconds` that it still runs.

    What `measure` says after so many seconds is added. The command's output goes to `log`. EngineUnavailableError
    carries the command, how it ended and the end of that output.
    """
    say(f"{title} ...")
    started = time.monotonic()
    process = None
    try:
        with log.open("wb") as sink, _hold_interruptions():
            try:
                process = subprocess.Popen(
                    command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
                )
            except OSError as error:
                raise EngineUnavailableError(f"`{command[0]}` does not run: {error}.") from error
        while (code := _wait(process, beat_seconds)) is None:
            seconds = time.monotonic() - started
            far = measure(seconds)
            say(f"{title} ... {seconds:.0f} s{far and f': {far}'}")
    except BaseException:
        if process is not None:
            process.terminate()
            process.wait()
        raise
    if code != 0:
        raise EngineUnavailableError(f"`{shlex.join(command)}` ended with exit code {code}:{_read_tail(log)}")
    say(f"{title}: done in {time.monotonic() - started:.0f} s")
