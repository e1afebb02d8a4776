"""Where a resource was declared, as the state keeps it."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["cut_trace"]

INNER = 6
"""Frames of Pulumi's own within the declaration of a resource, and one to spare."""


@contextmanager
def cut_trace() -> Iterator[None]:
    """Let Pulumi see the program's own calls, and not those that run the program.

    It keeps the stack of each declaration in the state. Below the program lie the frames of the language host and of
    Python's event loop, the same for every resource: a quarter of the state, which the engine writes at each step.
    """
    depth = _count_calls(sys._getframe(2))  # noqa: SLF001  # There is no public way to the caller's frame.
    if depth is None or hasattr(sys, "tracebacklimit"):
        yield
        return
    sys.tracebacklimit = INNER + depth
    try:
        yield
    finally:
        del sys.tracebacklimit


def _count_calls(frame: FrameType | None) -> int | None:
    """Count the frames from this one to the program's outermost; None where nothing tells which that is."""
    for depth, (caller, _) in enumerate(traceback.walk_stack(frame)):
        module = str(caller.f_globals.get("__name__", ""))
        if module == "runpy" or module.startswith("pulumi."):
            return depth
    return None
