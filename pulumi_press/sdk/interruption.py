"""Ends a program that the engine interrupts within a second, although its calls are never answered.

After Ctrl-C or a failed step, the engine answers no more calls and interrupts the program. The language host's script
then joins the threads that wait for those answers, until the engine kills it five seconds later.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from contextlib import suppress
from types import CoroutineType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType

__all__ = ["end_when_interrupted", "is_run_by_host"]

GRACE = 1.0
"""Seconds that the program has to clean up."""

_HOST = "pulumi-language-python-exec"
"""The script with which the language host runs a program."""


def end_when_interrupted() -> None:
    """Make this process end within a second of an interruption.

    Does nothing if no language host runs it, or if the program has its own SIGINT handler.
    """
    # Every resource calls this: return quickly once the handler is set.
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    if threading.current_thread() is threading.main_thread() and is_run_by_host():
        signal.signal(signal.SIGINT, _end_soon)


def is_run_by_host() -> bool:
    """Return whether the language host runs this process, for one program."""
    frame = sys._getframe()  # noqa: SLF001  # `sys.argv` and `__main__` are the program's while it runs.
    while frame.f_back is not None:
        frame = frame.f_back
    return os.path.basename(frame.f_code.co_filename) == _HOST  # noqa: PTH119  # pathlib is slow to load.


def _end_soon(number: int, frame: FrameType | None) -> None:
    """Interrupt the program as Python does, without the traceback, and end the process if it is still running."""
    _hide_interruption()
    timer = threading.Timer(GRACE, _end, [number])
    timer.daemon = True
    timer.start()
    signal.default_int_handler(number, frame)


def _hide_interruption() -> None:
    """Keep errors that follow from the interruption out of the output, which shows the message of the failed step."""
    excepthook, thread_hook, unraisable = sys.excepthook, threading.excepthook, sys.unraisablehook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not _is_interruption(error):
            excepthook(kind, error, trace)

    def show_of_thread(args: threading.ExceptHookArgs) -> None:
        if not _is_interruption(args.exc_value):
            thread_hook(args)

    def show_unraisable(args: sys.UnraisableHookArgs) -> None:
        # The program's coroutine fails when it is destroyed before its end.
        if not (isinstance(args.object, CoroutineType) or _is_interruption(args.exc_value)):
            unraisable(args)

    sys.excepthook, threading.excepthook, sys.unraisablehook = show, show_of_thread, show_unraisable
    warnings.filterwarnings("ignore", r"coroutine .* was never awaited", RuntimeWarning)


def _is_interruption(error: BaseException | None) -> bool:
    """Return whether an error is an interruption, or was raised while one was handled."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return error is not None
    return _is_interruption(error.__cause__) or _is_interruption(error.__context__)


def _end(number: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(128 + number)  # Any other exit would wait for the threads.
