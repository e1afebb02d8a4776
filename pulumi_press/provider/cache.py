"""What a provider process keeps in mind from one operation to the next, and nobody else could tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_press.artifact.folder import Folder
    from pulumi_press.provider.places import Place
    from pulumi_press.provider.publications import Publication
    from pulumi_press.provider.values import Values

__all__ = ["ProcessCache"]


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
    open_versions: set[tuple[str, str, str]] = field(default_factory=set)
    """Specs whose program leaves the version out, by resource, kind and name."""
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
