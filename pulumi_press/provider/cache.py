"""What a provider process keeps in mind from one operation to the next, and nobody else could tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pulumi_press.artifact.folder import Folder
    from pulumi_press.provider.values import Values

__all__ = ["Description", "Place", "ProcessCache", "Publication"]


class Place(NamedTuple):
    """A service and, as far as can be told, a tenant."""

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
    """The memory of one process. Losing it costs requests, or a clear refusal, and never an object.

    Each entry is written once by one operation, so the threads of a process can share it.
    """

    folders: dict[str, Folder] = field(default_factory=dict)
    """Where the artifact with a digest lies on this machine, so that no state has to hold such a path."""
    files: dict[str, frozenset[str]] = field(default_factory=dict)
    """The paths of the files of an artifact with a digest."""
    declared: dict[tuple[str, str], Values] = field(default_factory=dict)
    """The parameters that a release declares, by spec and version."""
    publications: dict[str, Publication] = field(default_factory=dict)
    """The releases that the program declares, by the resource, as the engine names it."""
    secret_parameters: set[str] = field(default_factory=set)
    """Parameters that a spec or release of the program hides, whether it has an id yet or not, as `group.name`."""
    descriptions: dict[str, Description] = field(default_factory=dict)
    """What `check` found out of an artifact, for the `plan` that follows, by resource."""
    left_out: dict[str, frozenset[str]] = field(default_factory=dict)
    """Paths of outputs that the program of a resource could have given and did not, where an engine keeps one side."""
    foreseen: set[str] = field(default_factory=set)
    """Specs that this program is about to take over, whose ids its deployments do not know yet in a preview."""
    entries: set[tuple[str, str, str]] = field(default_factory=set)
    """Resources that the state has an entry of, by resource, kind and name."""
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """The resource that manages an object, by noun and id."""
    places: set[Place] = field(default_factory=set)
    """Places that turned out to be the one of this process, though named in another way."""
    previous_inputs: dict[tuple[str, int], Values] = field(default_factory=dict)
    """What a deployment was before a revision that this process made, by id and number."""
    created: set[tuple[str, int]] = field(default_factory=set)
    """Revisions that this process made, by deployment and number."""
