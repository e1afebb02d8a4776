"""The end of a provider process whose engine was killed.

An engine that ends by itself ends its providers, too. One that is killed leaves them behind, and the SDK's servicer
waits for ever. The parent's process id tells nothing: the provider is the child of a script that waits for it. But the
provider's output is a pipe to the engine, and the system says when nobody is left to read it.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

__all__ = ["exit_with_engine"]

GRACE = 0.5
"""Seconds that a request under way has to be answered. The result is lost, but its note on this machine is not."""

_SERVICER = "pulumi.dynamic.__main__"
_OUTPUT = 1
_LOOK_SECONDS = 0.2


@cache
def exit_with_engine(stop: Event) -> None:
    """Let this process end within a second of its engine, where it is a provider's process.

    Args:
        stop: set first, so that no new request is sent.
    """
    main = getattr(sys.modules["__main__"], "__spec__", None)
    if getattr(main, "name", "") != _SERVICER or len(sys.argv) < 2 or not hasattr(select, "poll"):  # noqa: PLR2004
        return
    threading.Thread(target=_wait_and_exit, args=(sys.argv[1], stop), name="exit-with-engine", daemon=True).start()


def _wait_and_exit(engine: str, stop: Event) -> None:
    readers = select.poll()
    readers.register(_OUTPUT, 0)  # Without events to wait for, a poll ends only when the other end is closed.
    readers.poll()
    # Whoever attaches a provider by hand may close its output, and the engine lives.
    while _listens(engine):
        time.sleep(_LOOK_SECONDS)
    stop.set()
    time.sleep(GRACE)
    os._exit(1)  # Nothing less ends a process whose threads wait.


def _listens(address: str) -> bool:
    """Tell whether somebody listens at an address of this machine, such as `127.0.0.1:40000`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_LOOK_SECONDS):
            return True
    except TimeoutError:
        return True  # It is too busy to answer, but there.
    except (OSError, ValueError):
        return False
