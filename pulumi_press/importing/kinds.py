"""The kinds of blocks: their classes, their shapes and their lives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_press.peakfiles.file_formats import BlockKind
    from pulumi_press.provider.base import Resource

__all__ = ["KINDS", "Kind", "name_resources"]


class Kind(NamedTuple):
    """A kind of block."""

    resource: str
    """Name of the resource's class."""
    shape: Any
    """Shape of its arguments."""
    lifecycle: type[Resource]
    """Its life."""


KINDS: dict[BlockKind, Kind] = {
    "spec": Kind("BlockSpec", BlockSpecArgs, SpecResource),
    "release": Kind("BlockSpecRelease", BlockSpecReleaseArgs, ReleaseResource),
    "deployment": Kind("BlockDeployment", BlockDeploymentArgs, DeploymentResource),
}


def name_resources(wanted: Sequence[tuple[BlockKind, str]]) -> list[str]:
    """Name resources after their blocks, those of one kind each otherwise.

    Two specs may have one name if one is a workflow and the other a service.
    """
    named: list[tuple[BlockKind, str]] = []
    for kind, name in wanted:
        # In a resource's name `::` would end its URN.
        plain = re.sub(r"\s+|:{2,}", "-", "".join(char if char.isprintable() else " " for char in name).strip()) or kind
        names = (plain, *(f"{plain}-{number}" for number in range(2, len(wanted) + 2)))
        named.append((kind, next(one for one in names if (kind, one) not in named)))
    return [name for _, name in named]
