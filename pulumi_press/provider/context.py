"""What an operation may use beside its inputs: the service, a voice, and a way to wait that can be ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Protocol

from pulumi_press.client.errors import Interrupted
from pulumi_press.provider.cache import ProcessCache
from pulumi_press.provider.declaration import Declaration
from pulumi_press.provider.intents import Intent, Intents

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.client.client import Client
    from pulumi_press.provider.places import Place
    from pulumi_press.settings import Settings

__all__ = ["Context", "Log"]


class Log(Protocol):
    """Says a line about the resource to the person at the engine."""

    def __call__(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Say `message`; `passing` lines are shown while they are news and not kept."""


@dataclass(frozen=True)
class Context:
    """The surroundings of one operation."""

    connect: Callable[[], Client]
    """Gives the client; raises `SettingsError` where it cannot be made."""
    settings: Callable[[], Settings]
    """Gives the settings; raises `SettingsError`."""
    log: Log
    """Says a line about the resource."""
    cache: ProcessCache = field(default_factory=ProcessCache)
    """What this process keeps in mind; all operations of a process share it."""
    intents: Intents = field(default_factory=Intents)
    """What this machine is about to make."""
    urn: str = ""
    """The resource that the operation is about, as the engine names it."""
    declaration: Declaration = field(default_factory=Declaration)
    """What the program told of the resource beside its inputs."""
    seen: Place | None = None
    """Where the state says that the object was last seen; None where it says nothing."""
    timeout: float | None = None
    """Seconds that the engine's request gives the operation, from `custom_timeouts`; None where it says nothing."""
    cancelled: Event = field(default_factory=Event)
    """Set when the engine wants every operation to end."""
    now: Callable[[], float] = time.monotonic
    """Seconds on a clock that only goes forward."""
    sleep: Callable[[float], bool] | None = None
    """Waits so many seconds and tells whether it was stopped; default: on `cancelled`."""

    @property
    def client(self) -> Client:
        """The client."""
        return self.connect()

    def intent(self, *key: str) -> Intent:
        """Give the note about an object that this resource is to make at this service, as this tenant."""
        settings = self.settings()
        return self.intents.find(settings.endpoint, settings.stage, settings.auth_token.reveal(), self.urn, *key)

    def wait(self, seconds: float) -> None:
        """Wait.

        Raises:
            Interrupted: the engine asked to stop meanwhile.
        """
        stopped = (self.sleep or self.cancelled.wait)(seconds)
        if stopped or self.cancelled.is_set():
            raise Interrupted("interrupted; what was sent to the service stays, and the next `pulumi up` goes on")
