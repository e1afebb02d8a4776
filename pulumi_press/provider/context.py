"""What an operation works with: the engine's request, and what it depends on beside that."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_press.client.errors import Interrupted
from pulumi_press.provider.cache import ProcessCache
from pulumi_press.provider.declaration import Declaration
from pulumi_press.provider.intents import Intent, Intents
from pulumi_press.provider.values import Values, merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from pulumi_press.client.client import Client
    from pulumi_press.provider.cache import Place
    from pulumi_press.settings import Settings

__all__ = ["Context", "Log", "Request", "State"]


@dataclass(frozen=True)
class State:
    """A resource as the state has it, or as it will be."""

    inputs: Values = field(default_factory=dict)
    """What the program gives, as `check` returned it."""
    outputs: Values = field(default_factory=dict)
    """What the provider or the service decides: versions, numbers, digests. A key in both sides has this value."""

    @cached_property
    def values(self) -> Values:
        """Both sides as one, for comparing."""
        return merge(self.inputs, self.outputs)


class Log(Protocol):
    """Shows a line on the resource."""

    def __call__(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Show `message`; an `ephemeral` one is replaced by the next and not kept."""


@dataclass(frozen=True)
class Context:
    """Dependencies of one operation: client, settings, logger, cancellation; and the resource that it is about."""

    connect: Callable[[], Client]
    """Returns the client; raises `SettingsError` where it cannot be made."""
    settings: Callable[[], Settings]
    """Returns the settings; raises `SettingsError`."""
    log: Log
    """Shows a line on the resource."""
    cache: ProcessCache = field(default_factory=ProcessCache)
    """What this process knows from earlier operations."""
    intents: Intents = field(default_factory=Intents)
    """Notes of this machine about objects that are being made."""
    urn: str = ""
    """URN of the resource."""
    declaration: Declaration = field(default_factory=Declaration)
    """What the program says of the resource beside its inputs."""
    seen: Place | None = None
    """Where the state says that the object was last seen; None where it does not say."""
    timeout: float | None = None
    """Seconds that the request gives the operation, from `custom_timeouts`; None where it does not say."""
    cancelled: Event = field(default_factory=Event)
    """Set when the engine cancels all operations."""
    now: Callable[[], float] = time.monotonic
    """Seconds on a monotonic clock."""
    sleep: Callable[[float], bool] | None = None
    """Waits so many seconds and returns whether it was cancelled; default: waits for `cancelled`."""

    @property
    def client(self) -> Client:
        """The client."""
        return self.connect()

    def intent(self, *key: str) -> Intent:
        """Return the note about an object that this resource makes at this service, as this tenant."""
        settings = self.settings()
        return self.intents.find(settings.endpoint, settings.stage, settings.auth_token.reveal(), self.urn, *key)

    def wait(self, seconds: float) -> None:
        """Wait.

        Raises:
            Interrupted: the engine cancelled meanwhile.
        """
        stopped = (self.sleep or self.cancelled.wait)(seconds)
        if stopped or self.cancelled.is_set():
            raise Interrupted("interrupted; what was sent to the service stays, and the next `pulumi up` goes on")


@dataclass(frozen=True)
class Request(Context):
    """A request of the engine, with the fields of its protocol."""

    id: str = ""
    """Id of the object; empty for a new one."""
    old: State | None = None
    """The state before; None for a new object. A `check` may know its inputs only."""
    inputs: Values = field(default_factory=dict)
    """The new inputs: those of the program for a `check`, else those that `check` returned."""
    planned: Values | None = None
    """What `plan` returned for these inputs, where the engine kept it; None: it is planned when it is needed."""
    ignore_changes: tuple[str, ...] = ()
    """Paths whose changes the engine ignores: it put the old inputs there."""
    preview: bool = False
    """Whether nothing may be changed."""

    @classmethod
    def of(cls, context: Context, **request: Any) -> Self:
        """Return a request with these dependencies."""
        return cls(**{item.name: getattr(context, item.name) for item in fields(Context)}, **request)

    @property
    def olds(self) -> Values:
        """Both sides of the old state as one; empty for a new object."""
        return self.old.values if self.old else {}
