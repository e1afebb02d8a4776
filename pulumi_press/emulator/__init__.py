"""A local Press: the HTTP API of Press Blocks on this machine, for trying things out and for tests.

    with start() as press:
        ...  # press.url, press.token, press.requests(), press.state(), press.outcomes(...), press.faults(...)

Needs the extra `emulator`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_press.emulator.handle import ControlError, LocalPress
    from pulumi_press.emulator.inprocess import start

__all__ = ["ControlError", "LocalPress", "start"]

_HOMES = {"ControlError": "handle", "LocalPress": "handle", "start": "inprocess"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for: pytest imports this package in every run of its users."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
