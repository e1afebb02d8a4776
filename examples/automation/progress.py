"""The engine's events of one tenant's operation, as lines for people, and what is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import name_of
from .pending import WARNING, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.automation import EngineEvent
    from pulumi.automation.events import DiagnosticEvent, StepEventMetadata

__all__ = ["Progress"]

STEPS = {
    "create": ("creating", "created"),
    "update": ("updating", "updated"),
    "delete": ("deleting", "deleted"),
    "create-replacement": ("creating the new", "created the new"),
    "delete-replaced": ("deleting the old", "deleted the old"),
}
"""What is told of a step when it begins and when it is done; the others touch nothing on the service."""

PRESS = ("pulumi-python:dynamic/press:", "press:index:")
"""How the types of the blocks begin: of `pulumi_press`, and of `pulumi_press.native`."""

COMPONENT = "press:index:Block"
"""The type of a `press.Block`, which is no object of its own."""

TOLD = ("info", "warning", "error")

ENDS = ("update failed", "preview failed", "destroy failed")
"""What the engine says last, when all reasons are told."""


class Progress:
    """Turns events into lines, and keeps what the summary needs.

    Args:
        tell: prints a line.
        planned: nothing is done, as in a preview, so there are no steps to tell.
    """

    def __init__(self, tell: Callable[[str], None], *, planned: bool) -> None:
        self._tell = tell
        self._planned = planned
        self._last = ""
        self.events: list[EngineEvent] = []
        """All events so far; `read_preview` makes a report of them."""
        self.errors: list[str] = []
        """What the engine and the resources said went wrong."""
        self.found_pending = False
        """Whether an earlier run was killed amid its work."""

    def hear(self, event: EngineEvent) -> None:
        """Take an event."""
        self.events.append(event)
        if event.diagnostic_event:
            self._hear_words(event.diagnostic_event)
        elif self._planned:
            return
        elif event.resource_pre_event:
            self._hear_step(event.resource_pre_event.metadata, 0)
        elif event.res_outputs_event:
            self._hear_step(event.res_outputs_event.metadata, 1)

    def _hear_step(self, step: StepEventMetadata, when: int) -> None:
        words = STEPS.get(step.op.value)
        if words and step.type.startswith(PRESS) and step.type != COMPONENT:
            self._tell(f"{words[when]} {name_of(step.urn)}")

    def _hear_words(self, event: DiagnosticEvent) -> None:
        severity = event.severity.partition("#")[0]
        text = event.message.strip()
        if severity not in TOLD or not text or text in ENDS:
            return
        if text.startswith(WARNING):
            self.found_pending = True
            text = describe(text)
        told = f"{name_of(event.urn)}: {text}" if event.urn else text
        if severity == "error":
            self.errors.append(told)
        # A rollout says how it is doing every second or so.
        line = told if severity == "info" else f"{severity}: {told}"
        if line != self._last:
            self._last = line
            self._tell(line)
