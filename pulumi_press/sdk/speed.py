"""What makes a program with many resources quicker, beside what each resource does for itself."""

from __future__ import annotations

import asyncio
import os
from functools import cache
from typing import Any

import pulumi

from pulumi_press.plugin.collector import collect_less
from pulumi_press.sdk.interruption import is_run_by_host

__all__ = ["SKIP_DEBUG_LOG", "declare_quickly"]

SKIP_DEBUG_LOG = "PULUMI_PRESS_SKIP_DEBUG_LOG"
"""Environment variable; `true` keeps the SDK from sending its debug messages."""


def declare_quickly() -> None:
    """Prepare the declaration of one of many resources."""
    _prepare_process()
    _let_registrations_begin()


@cache
def _prepare_process() -> None:
    """Let the garbage collector look less often, and leave out debug messages where the environment asks for it.

    The collector is left as it is unless the language host runs the program: then the process ends with it, while one
    that runs programs of its own, with the Automation API, goes on.

    The SDK sends the engine four debug messages for each resource, and waits for each to arrive, though the engine
    shows them only with `--debug`.
    """
    if is_run_by_host():
        collect_less()
    if os.environ.get(SKIP_DEBUG_LOG, "").lower() in ("1", "true"):
        pulumi.log.debug = _send_nothing


def _let_registrations_begin() -> None:
    """Make the SDK wait for one registration after the other once the program has declared all.

    It would if any had begun by then. But they begin with the next turn of the event loop, which the SDK takes only if
    it waits for something already: so it waits for the outputs instead, for all of them after each that is known, and a
    program of 1,000 resources takes twice its time. Something that is done already is enough.
    """
    try:
        from pulumi.runtime.settings import _get_rpc_manager  # Private: it may be gone.

        rpcs = _get_rpc_manager().rpcs
        if not rpcs:
            done = asyncio.get_event_loop().create_future()
            done.set_result(None)
            rpcs.append(done)
    except Exception:  # noqa: BLE001  # Without it a large program is slower, not wrong.
        return


def _send_nothing(*_arguments: Any, **_named: Any) -> None:
    """Stand in for `pulumi.log.debug`."""
