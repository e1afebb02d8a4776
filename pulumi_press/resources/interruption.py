"""The end of a program that the engine interrupts: within a second, though its calls are never answered.

After Ctrl-C, or a step that failed, the engine answers no call any more and interrupts the program. The language host's
script then waits for the threads that still wait for those answers, until the engine kills it five seconds later.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["end_when_interrupted"]

GRACE = 1.0
"""Seconds that the program has for its own cleaning up."""

_HOST = "pulumi-language-python-exec"
"""The script by which a language host runs a program."""


def end_when_interrupted() -> None:
    """Let this process end soon once it is interrupted.

    Nothing happens where no language host runs it, or where the program has a way of its own with interruptions.
    """
    # Every resource comes by: once the handler is there, nothing else is looked at.
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    if threading.current_thread() is threading.main_thread() and _is_run_by_host():
        signal.signal(signal.SIGINT, _end_soon)


def _is_run_by_host() -> bool:
    frame = sys._getframe()  # noqa: SLF001  # `sys.argv` and `__main__` are the program's while it runs.
    while frame.f_back is not None:
        frame = frame.f_back
    return os.path.basename(frame.f_code.co_filename) == _HOST  # noqa: PTH119  # pathlib takes its time to load.


def _end_soon(number: int, frame: FrameType | None) -> None:
    """Interrupt the program as Python does, and end the process if that did not."""
    timer = threading.Timer(GRACE, _end, [number])
    timer.daemon = True
    timer.start()
    signal.default_int_handler(number, frame)


def _end(number: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(128 + number)  # Nothing less ends a process whose threads wait.
