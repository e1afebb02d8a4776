"""What is broken at one call of a command, and how."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """Its process alone is killed, and the provider still does what it was asked."""
    BOTH = "engine and provider"
    """Their processes are killed at once; the program still runs."""
    ALL = "all"
    """All processes of the command are killed at once, the language host and the program too, as when a machine goes
    down."""
    SERVICE = "service"
    """It is killed, and started again."""


@dataclass(frozen=True)
class Crash:
    """What happens at one call.

    Args:
        at: number of the call, from 1.
        moment: whether the service has done its work by then.
        victim: what is broken.
        of_changes: whether only calls that change something are counted. How often something is read while many
            operations are under way differs from run to run.
        again: number of the call of the next command at which the same happens once more; 0: at none.
    """

    at: int
    moment: Literal["before", "after"]
    victim: Victim
    of_changes: bool = False
    again: int = 0

    def __str__(self) -> str:
        """A few words."""
        what = "change" if self.of_changes else "call"
        again = f", and again at {what} {self.again} of the next command" if self.again else ""
        return f"{self.victim.value} at {what} {self.at}, {self.moment} the work{again}"

    @property
    def second(self) -> Crash | None:
        """What happens to the next command; None: nothing."""
        return replace(self, at=self.again, again=0) if self.again else None

    @property
    def leaves_lock(self) -> bool:
        """Whether the stack stays locked."""
        return self.victim in (Victim.ENGINE, Victim.BOTH, Victim.ALL)

    @property
    def needs_process(self) -> bool:
        """Whether the service must be a process of its own."""
        return self.victim is Victim.SERVICE

    def strike(self, project: Project, service: Service) -> Strike:
        """Write it down for the wire."""
        acts: dict[Victim, Callable[[], object]] = {
            Victim.CONNECTION: lambda: None,
            Victim.PROVIDER: lambda: processes.end(*processes.find_providers(project.session)),
            Victim.ENGINE: lambda: processes.end(project.session),
            Victim.BOTH: lambda: processes.end(project.session, *processes.find_providers(project.session)),
            Victim.ALL: lambda: processes.end_session(project.session),
            Victim.SERVICE: service.restart,
        }
        passes = self.victim is Victim.ENGINE
        return Strike(self.at, self.moment, acts[self.victim], passes=passes, of_changes=self.of_changes)
