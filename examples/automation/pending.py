"""What a run was creating when it was killed: the engine keeps a note of it, since it cannot know what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import name_of
from .stacks import read_pending, read_urns

if TYPE_CHECKING:
    from pulumi import automation

__all__ = ["WARNING", "PendingError", "describe", "require_none", "settle"]

WARNING = "Attempting to deploy or update resources with"
"""How the engine's warning about such notes begins; the rest of it is about clouds in general."""


class PendingError(Exception):
    """There are such notes, and they must be looked into first."""


def describe(warning: str) -> str:
    """Say what the engine's warning means here."""
    urns = [line.strip(" *").partition(",")[0] for line in warning.splitlines() if line.lstrip().startswith("* urn:")]
    names = ", ".join(map(name_of, urns))
    return f"an earlier run was killed while it worked on {names}: what it made is looked for, and taken over"


def require_none(stack: automation.Stack) -> None:
    """See that there is no such note, before everything is destroyed.

    Raises:
        PendingError: there is; what was made might stay behind.
    """
    notes = read_pending(stack)
    if notes:
        names = ", ".join(map(name_of, notes))
        raise PendingError(
            f"an earlier run was killed while it worked on {names}, which may be on the service\n"
            "deploy once, so that it is found and taken over; then destroy"
        )


def settle(stack: automation.Stack) -> None:
    """Drop the notes once all that they are about is in the state; otherwise the next run tells of them again."""
    if read_pending(stack) <= read_urns(stack):
        stack.refresh(clear_pending_creates=True, color="never")
