"""What an operation works with: the engine's request, and what it depends on beside that."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pulumi_press.client.errors import Interrupted
from pulumi_press.provider.create_once import Intent, Intents
from pulumi_press.provider.values import Values, merge
from pulumi_press.schema.failures import CheckFailure, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Self

    from pulumi_press.artifact.folder import Folder
    from pulumi_press.client.client import Client
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = [
    "Context",
    "Declaration",
    "Description",
    "Log",
    "Place",
    "ProcessCache",
    "Publication",
    "Request",
    "State",
    "read_declaration",
]


class Place(NamedTuple):
    """A service and, as far as is known, a tenant."""

    address: str
    token: str
    """The first digits of the token's digest. Another token need not be another tenant's: tokens are replaced."""


@dataclass(frozen=True)
class Publication:
    """A release that a program declares."""

    keys: frozenset[str]
    """What its spec is known by: its id, and the resource's URN."""
    version: str
    is_new: bool
    """Whether this run publishes it."""
    after: frozenset[str] | None
    """Releases and specs that are published before it for certain; None where that is not known."""


@dataclass(frozen=True)
class Description:
    """What is known of an artifact."""

    argument: Any
    """The argument, its path written from the project's folder."""
    outputs: Values
    """The digest, and up to 200 files with their short hashes; empty where they are not known."""


@dataclass
class ProcessCache:
    """What one process remembers. Losing it costs requests, or a clear refusal, and never an object.

    Each entry is written once by one operation, so the threads of a process can share it.
    """

    folders: dict[str, Folder] = field(default_factory=dict)
    """Where the artifact with a digest lies on this machine, so that no state has to hold such a path."""
    files: dict[str, frozenset[str]] = field(default_factory=dict)
    """The paths of the files of an artifact with a digest."""
    declared: dict[tuple[str, str], Values] = field(default_factory=dict)
    """The parameters that a release declares, by spec and version."""
    publications: dict[str, Publication] = field(default_factory=dict)
    """The releases that the program declares, by the resource, by its URN."""
    secret_parameters: set[str] = field(default_factory=set)
    """Parameters that any spec or release hides that this process has seen, with an id or not yet, as `group.name`."""
    descriptions: dict[str, Description] = field(default_factory=dict)
    """What `check` found in an artifact, for the `plan` that follows, by resource."""
    left_out: dict[str, frozenset[str]] = field(default_factory=dict)
    """Paths of outputs that the program of a resource could have given and did not, where an engine keeps one side."""
    foreseen: set[str] = field(default_factory=set)
    """Specs that this program is about to take over, whose ids its deployments do not know yet in a preview."""
    entries: set[tuple[str, str, str]] = field(default_factory=set)
    """Resources that the state has an entry of, by resource, kind and name."""
    names: dict[str, str] = field(default_factory=dict)
    """The name of a deployment, by its id."""
    claims: dict[tuple[str, str], str] = field(default_factory=dict)
    """Objects by kind and id -> the claim of the entry of the state that goes on with them."""
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """The resource that manages an object, by kind and id."""
    places: set[Place] = field(default_factory=set)
    """Places that turned out to be the one of this process, though named in another way."""
    previous_inputs: dict[tuple[str, int], Values] = field(default_factory=dict)
    """What a deployment was before a revision that this process made, by id and number."""
    created: set[tuple[str, int]] = field(default_factory=set)
    """Revisions that this process made, by deployment and number."""
    taken_up: set[tuple[str, str]] = field(default_factory=set)
    """Objects of an interrupted run that this one uses, by kind and id."""


@dataclass(frozen=True)
class Declaration:
    """What the program knows beside the inputs."""

    failures: tuple[CheckFailure, ...] = ()
    """What only the program can find out, such as an output where a plain value is wanted."""
    unknown: tuple[str, ...] = ()
    """Arguments that the resource does not have."""
    source: str = ""
    """The spec or release of the same program that the id of the spec comes from, by its URN."""
    certain: bool = True
    """Whether the id is that resource's own; else it was computed from something of it."""
    earlier: frozenset[str] | None = None
    """The specs and releases of the same program that are published before this one; None where that is unknown."""

    def find_failures(self, known: Iterable[str]) -> list[CheckFailure]:
        """Return the failures of the declaration itself.

        Args:
            known: names of the resource's arguments.
        """
        names = list(known)
        unknown = [CheckFailure(name, f"is not a known argument{suggest(name, names)}") for name in self.unknown]
        return [*self.failures, *unknown]


def read_declaration(told: Any) -> Declaration:
    """Read the declaration; an empty one where there is none, or where another version of the package wrote it."""
    if not isinstance(told, dict):
        return Declaration()
    failures = tuple(CheckFailure(str(path), str(message)) for path, message in told.get("mistakes", ()))
    unknown = tuple(map(str, told.get("unknown", ())))
    spec = told.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    earlier = told.get("earlier")
    return Declaration(
        failures,
        unknown,
        str(spec.get("source", "")),
        certain=spec.get("certain") is True,
        earlier=frozenset(map(str, earlier)) if isinstance(earlier, list) else None,
    )


@dataclass(frozen=True)
class State:
    """A resource as the state has it, or as it will be."""

    inputs: Values = field(default_factory=dict)
    """What the program gives, as `check` returned it."""
    outputs: Values = field(default_factory=dict)
    """What the provider or the service decides: versions, numbers, digests. A key in both sides has this value."""
    trouble: str = ""
    """Why the object is not what was asked for, though it exists; empty where it is."""

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
    live: Values | None = None
    """The object as it was read just before; None where it was not."""
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
            raise Interrupted("interrupted; what was sent to the service stays, and the next `pulumi up` continues")


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
    def knows_outputs(self) -> bool:
        """Whether all of the old state is known; a new object has none."""
        return self.old is None or bool(self.old.outputs)

    @property
    def olds(self) -> Values:
        """Both sides of the old state as one; empty for a new object."""
        return self.old.values if self.old else {}
