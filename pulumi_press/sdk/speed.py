"""What makes a program with many resources quicker, beside what each resource does for itself."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pulumi

from pulumi_press.plugin.collector import collect_less
from pulumi_press.sdk.interruption import is_run_by_host

__all__ = ["SKIP_DEBUG_LOG", "declare_quickly"]

SKIP_DEBUG_LOG = "PULUMI_PRESS_SKIP_DEBUG_LOG"
"""Environment variable; `true` keeps the SDK from sending its debug messages."""


@cache
def declare_quickly() -> None:
    """Prepare this process for many resources; further calls do nothing.

    The garbage collector looks less often where the language host runs the program: the process ends with it. One that
    runs programs of its own, with the Automation API, is left as it is.

    The SDK sends the engine four debug messages for each resource, and waits for each to arrive, though the engine
    shows them only with `--debug`. They are left out where the environment asks for it.
    """
    if is_run_by_host():
        collect_less()
    if os.environ.get(SKIP_DEBUG_LOG, "").lower() in ("1", "true"):
        pulumi.log.debug = _send_nothing


def _send_nothing(*_arguments: Any, **_named: Any) -> None:
    """Stand in for `pulumi.log.debug`."""
