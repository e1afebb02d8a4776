"""The end of a provider process whose engine was killed.

An engine that exits stops its providers. One that is killed leaves them behind, and the SDK's servicer waits for ever.
The parent process says nothing: it is a script that waits for the provider. But the provider's output is a pipe to the
engine, and the system reports when it has no reader left.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

from pulumi_press.plugin.servicer import engine_address

if TYPE_CHECKING:
    from threading import Event

__all__ = ["exit_with_engine"]

GRACE = 0.5
"""Seconds for a running request to be answered. Its result is lost, but the intent stored on this machine is not."""

_OUTPUT = 1
_CONNECT_SECONDS = 0.2


@cache
def exit_with_engine(stop: Event) -> None:
    """End this process within a second of its engine, if it is a provider process.

    Args:
        stop: set first, so that no new request is sent.
    """
    address = engine_address()
    if address and hasattr(select, "poll"):
        threading.Thread(target=_wait_and_exit, args=(address, stop), name="exit-with-engine", daemon=True).start()


def _wait_and_exit(engine: str, stop: Event) -> None:
    readers = select.poll()
    readers.register(_OUTPUT, 0)  # With no events to wait for, a poll returns only when the other end is closed.
    readers.poll()
    # A provider that was attached by hand may have its output closed while the engine runs.
    while _listens(engine):
        time.sleep(_CONNECT_SECONDS)
    stop.set()
    time.sleep(GRACE)
    os._exit(1)  # Any other exit would wait for the threads.


def _listens(address: str) -> bool:
    """Return whether a process listens at an address of this machine, such as `127.0.0.1:40000`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS):
            return True
    except TimeoutError:
        return True  # It is there, and too busy to answer.
    except (OSError, ValueError):
        return False
