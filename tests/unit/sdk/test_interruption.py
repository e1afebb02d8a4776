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

from pulumi_press.sdk.press_resource import ProviderReference

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
    errors: str = ""


def interrupt(folder: Path, host: str, *, last: str = "pass") -> Ended:
    """Run the program by a script of this name, and interrupt it while a call waits for an answer."""
    script = folder / host
    script.write_text(PROGRAM.format(last=last))
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            rest, errors = process.communicate(timeout=TOO_LONG)
        finally:
            process.kill()
    return Ended(process.returncode, (first + rest).split("\n")[:-1], errors)


def test_interrupted_program_does_not_wait_for_answers(tmp_path: Path) -> None:
    """A program whose calls the engine never answers cleans up and ends, and is not left to be killed."""
    assert interrupt(tmp_path, HOST) == Ended(130, ["False", "cleaned up"])


def test_interrupted_program_ends_by_itself_where_it_can(tmp_path: Path) -> None:
    """A program whose calls are answered ends as if nothing had been added, with its own exit code."""
    assert interrupt(tmp_path, HOST, last="answer.set()") == Ended(-signal.SIGINT, ["False", "cleaned up"])


def test_another_program_keeps_its_signals(tmp_path: Path) -> None:
    """A process that no language host runs, such as one of the Automation API, is left as it is."""
    ended = interrupt(tmp_path, "deploy.py", last="answer.set()")

    assert ended[:2] == (-signal.SIGINT, ["True", "cleaned up"])
    assert ended.errors.endswith("\nKeyboardInterrupt\n")


AFTERWARDS = {
    "the loop cannot be closed": "answer.set(); raise RuntimeError('Cannot close a running event loop')",
    "an error of an error": """
    answer.set()
    try:
        raise ValueError("first")
    except ValueError as error:
        raise OSError("second") from error""",
    "a thread": "threading.Thread(target=signal.default_int_handler, args=(2, None)).start(); answer.set()",
    "a coroutine that nobody awaits": "(lambda: __import__('asyncio').sleep(1))(); answer.set()",
    "a coroutine that is not resumed": """
    import asyncio, types
    @types.coroutine
    def pause():
        yield
    async def program():
        try:
            await pause()
        finally:
            asyncio.get_running_loop()
    held = program()
    held.send(None)
    answer.set()""",
    "a destructor": "type('Held', (), {'__del__': lambda self: signal.default_int_handler(2, None)})(); answer.set()",
}
"""What the end of a program brings about once it is interrupted, as its last lines."""


@pytest.mark.parametrize("last", AFTERWARDS.values(), ids=AFTERWARDS)
def test_interrupted_program_says_nothing_of_it(tmp_path: Path, last: str) -> None:
    """No traceback stands beside the message of what failed, which is why the engine interrupts a program."""
    ended = interrupt(tmp_path, HOST, last=last)

    assert (ended.printed, ended.errors) == (["False", "cleaned up"], "")


def test_program_that_fails_by_itself_says_why(tmp_path: Path) -> None:
    """An exception that has nothing to do with an interruption keeps its traceback."""
    script = tmp_path / HOST
    script.write_text(PROGRAM.format(last="pass").replace("threading.Event().wait()", "answer.set(); 1 / 0"))

    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "False\ncleaned up\n")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
