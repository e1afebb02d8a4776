"""What is broken at one call of a command, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from tests.reliability.engine import processes
from tests.reliability.engine.wire import Strike

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.engine.project import Project
    from tests.reliability.engine.service import Service

__all__ = ["Crash", "Victim"]


class Victim(Enum):
    """What is broken."""

    CONNECTION = "connection"
    """It is closed without an answer."""
    PROVIDER = "provider"
    """Its process is killed."""
    ENGINE = "engine"
    """Before the work: its process alone is killed, and the provider still does what it was asked. After the work: all
    processes of the command are, as when a machine goes down."""
    SERVICE = "service"
    """It is killed, and started again."""


@dataclass(frozen=True)
class Crash:
    """What happens at one call.

    Args:
        at: number of the call, from 1.
        moment: whether the service has done its work by then.
        victim: what is broken.
    """

    at: int
    moment: Literal["before", "after"]
    victim: Victim

    def __str__(self) -> str:
        """A few words."""
        return f"{self.victim.value} at call {self.at}, {self.moment} the work"

    @property
    def leaves_lock(self) -> bool:
        """Whether the stack stays locked."""
        return self.victim is Victim.ENGINE

    @property
    def needs_process(self) -> bool:
        """Whether the service must be a process of its own."""
        return self.victim is Victim.SERVICE

    def strike(self, project: Project, service: Service) -> Strike:
        """Write it down for the wire."""
        acts: dict[Victim, Callable[[], object]] = {
            Victim.CONNECTION: lambda: None,
            Victim.PROVIDER: lambda: processes.end_providers(project.session),
            Victim.SERVICE: service.restart,
        }
        passes = False
        if self.victim is Victim.ENGINE and self.moment == "before":
            acts[Victim.ENGINE], passes = lambda: processes.end(project.session), True
        elif self.victim is Victim.ENGINE:
            acts[Victim.ENGINE] = lambda: processes.end_session(project.session)
        return Strike(self.at, self.moment, acts[self.victim], passes=passes)
