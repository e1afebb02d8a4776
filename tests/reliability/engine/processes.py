"""The processes of one engine command: found by their session, and ended without a word. Linux only."""

from __future__ import annotations

import os
import select
import signal
from contextlib import ExitStack, suppress
from pathlib import Path

__all__ = ["end", "end_session", "find", "find_providers"]

PROVIDERS = ("pulumi.dynamic", "pulumi-resource-press")
"""What stands in the command line of a process that serves dynamic providers, or is the native plugin."""

PATIENCE_MS = 30_000


def find(session: int) -> dict[int, str]:
    """Give the command lines of all processes of a session that have not ended, by their ids.

    The engine puts plugins into process groups of their own, but nobody leaves the session.
    """
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            # The name of the command stands in parentheses, and may hold anything: what counts comes after it.
            state, _, _, of_session = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(of_session) == session and state not in "ZX":
                found[int(folder.name)] = (folder / "cmdline").read_text(errors="replace").replace("\0", " ")
    return found


def find_providers(session: int) -> list[int]:
    """Give the processes of a session that serve resources of this package."""
    return [process for process, command in find(session).items() if any(name in command for name in PROVIDERS)]


def end(*processes: int) -> None:
    """Kill processes at once, and wait until they have ended. One that is gone already is fine.

    Raises:
        TimeoutError: one does not end.
    """
    with ExitStack() as stack:
        handles = {}
        for process in processes:
            with suppress(ProcessLookupError):
                handles[process] = os.pidfd_open(process)
                stack.callback(os.close, handles[process])
        for handle in handles.values():
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        for process, handle in handles.items():
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if not poll.poll(PATIENCE_MS):
                raise TimeoutError(f"process {process} does not end")


def end_session(session: int) -> int:
    """Kill all that a command has left behind, at once; tell how many processes there were."""
    ended = 0
    # One that was about to start another one may have done so.
    while left := find(session):
        end(*left)
        ended += len(left)
    return ended
