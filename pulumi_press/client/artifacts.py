"""The `artifact` argument of a create call: a folder that is packed for the call, or one that is packed already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Artifact", "Packed", "packed"]

_KEYS = frozenset({"path", "ignore_files", "default_ignores"})


class Packed(Protocol):
    """A packed artifact, such as `pulumi_press.artifact.Archive`. It stays the caller's own."""

    @property
    def path(self) -> Path:
        """Where the zip file is."""
        ...


Artifact = Mapping[str, Any] | Packed
"""`{"path": folder, "ignore_files": [...]}` as in the SDK, and perhaps `default_ignores`, or a packed artifact."""


@contextmanager
def packed(artifact: Artifact | None) -> Iterator[Path | None]:
    """Give the path of the zip file, or None without an artifact. What was packed here is deleted at the end.

    Raises:
        InvalidArgument: The mapping has unknown keys, or no path.
        pulumi_press.artifact.ArtifactError: The folder cannot be packed.
    """
    if artifact is None:
        yield None
    elif not isinstance(artifact, Mapping):
        yield artifact.path
    else:
        unknown = sorted(set(artifact) - _KEYS)
        if unknown or "path" not in artifact:
            wrong = f"has no {unknown[0]}" if unknown else "needs a path"
            raise InvalidArgument(f"artifact {wrong}: it is an object of path and, perhaps, ignore_files")
        if not artifact["path"]:  # So does the SDK: an empty path is no artifact.
            yield None
            return
        from pulumi_press.artifact.folder import Folder  # Late: most calls pack nothing.

        defaults = artifact.get("default_ignores", True)
        with Folder(artifact["path"], artifact.get("ignore_files"), default_ignores=defaults).pack() as archive:
            yield archive.path
