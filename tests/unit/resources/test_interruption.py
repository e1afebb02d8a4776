"""A program that the engine interrupts: it ends, whatever it still waits for."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the engine sends other signals there")

HOST = "pulumi-language-python-exec"

PROGRAM = """
import signal, threading
from concurrent.futures import ThreadPoolExecutor

from pulumi_press.resources.reference import ProviderReference

ProviderReference("Rollout")
answer = threading.Event()
calls = ThreadPoolExecutor()
calls.submit(answer.wait)
try:
    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, flush=True)
    threading.Event().wait()
finally:
    print("cleaned up")
    {last}
    calls.shutdown(wait=True)
"""

TOO_LONG = 30
"""Seconds after which a program that should have ended by itself is taken for one that never will."""


class Ended(NamedTuple):
    """How the program ended."""

    code: int
    printed: list[str]


def interrupt(folder: Path, host: str, *, last: str = "pass") -> Ended:
    """Run the program by a script of this name, and interrupt it while a call waits for an answer."""
    script = folder / host
    script.write_text(PROGRAM.format(last=last))
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            rest, _ = process.communicate(timeout=TOO_LONG)
        finally:
            process.kill()
    return Ended(process.returncode, (first + rest).split("\n")[:-1])


def test_interrupted_program_does_not_wait_for_answers(tmp_path: Path) -> None:
    """A program whose calls the engine never answers cleans up and ends, and is not left to be killed."""
    assert interrupt(tmp_path, HOST) == Ended(130, ["False", "cleaned up"])


def test_interrupted_program_ends_by_itself_where_it_can(tmp_path: Path) -> None:
    """A program whose calls are answered ends as if nothing had been added, with its own exit code."""
    assert interrupt(tmp_path, HOST, last="answer.set()") == Ended(-signal.SIGINT, ["False", "cleaned up"])


def test_another_program_keeps_its_signals(tmp_path: Path) -> None:
    """A process that no language host runs, such as one of the Automation API, is left as it is."""
    assert interrupt(tmp_path, "deploy.py", last="answer.set()") == Ended(-signal.SIGINT, ["True", "cleaned up"])
