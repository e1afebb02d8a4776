"""Resources that do nothing: what the engine itself takes for as many values.

The provider is stateless and importable, so the state holds a short plain name for it, as it should be.
"""

from __future__ import annotations

from typing import Any

from pulumi import ResourceOptions
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

__all__ = ["Idle"]


class Nothing(ResourceProvider):
    """Says that everything went well, and keeps what it was given."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make nothing."""
        return CreateResult("idle", props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Find all as it was."""
        return ReadResult(id_, props, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change nothing."""
        return UpdateResult(_news)


class Idle(Resource, module="bench", name="Idle"):
    """A resource that does nothing."""

    def __init__(self, name: str, props: dict[str, Any], parent: Resource | None = None) -> None:
        """Declare one with these inputs."""
        super().__init__(Nothing(), name, dict(props), ResourceOptions(parent=parent))
