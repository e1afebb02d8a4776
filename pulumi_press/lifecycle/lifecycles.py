"""Every kind of resource, by the name that states and programs know it by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pulumi_press import lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.lifecycle.resource import Lifecycle

__all__ = ["LIFECYCLES"]

_CLASSES = {
    "BlockSpec": "SpecLifecycle",
    "BlockSpecRelease": "ReleaseLifecycle",
    "BlockDeployment": "DeploymentLifecycle",
    "Rollout": "RolloutLifecycle",
}


class _Lifecycles(Mapping[str, "type[Lifecycle]"]):
    """Loads what is asked for: a provider's process starts with each command, and few stacks have every kind."""

    def __getitem__(self, name: str) -> type[Lifecycle]:
        return cast("type[Lifecycle]", getattr(lifecycle, _CLASSES[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)


LIFECYCLES: Mapping[str, type[Lifecycle]] = _Lifecycles()
