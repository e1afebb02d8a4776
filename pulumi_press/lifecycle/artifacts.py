"""Artifacts as inputs: the folder's digest and files stand for its content."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press import artifact as folders
from pulumi_press import schema
from pulumi_press.artifact import ArtifactError
from pulumi_press.lifecycle.errors import LifecycleError
from pulumi_press.schema import UNKNOWN, Mistake, contains_unknown, join, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.artifact import Archive
    from pulumi_press.lifecycle.context import Context
    from pulumi_press.lifecycle.values import Values

__all__ = ["describe_artifact", "open_artifact", "strip_artifact"]

COMPUTED = ("digest", "files")
"""What `describe_artifact` adds to the argument."""


def strip_artifact(inputs: Values) -> Values:
    """Give the inputs as a program writes them, without what is computed."""
    artifact = inputs.get("artifact")
    if not isinstance(artifact, dict):
        return inputs
    return {**inputs, "artifact": {key: value for key, value in artifact.items() if key not in COMPUTED}}


def describe_artifact(old: Any, new: Any, context: Context) -> tuple[Any, list[Mistake]]:
    """Add the digest, and up to 200 files with their short hashes, to the `artifact` argument.

    The same content keeps the old description to the letter, so that another path to it is no change.

    Args:
        old: the description of last time, if any.
        new: the argument.
        context: the surroundings; it keeps in mind where the folder lies, for the operation that follows.

    Returns:
        The description, and what is wrong with the folder.
    """
    if not isinstance(new, dict) or "digest" in new:
        # Nothing to describe, or the engine handed back the old description (`ignore_changes`).
        return new, []
    if validate(schema.Artifact, new):
        # No artifact at all; what is wrong with it is told with everything else.
        return new, []
    if contains_unknown(new):
        return {**new, "digest": UNKNOWN}, []
    try:
        folder = folders.Folder(new["path"], new.get("ignore_files"))
        manifest = folder.manifest()
    except ArtifactError as error:
        return new, [Mistake(join("artifact", error.field), str(error))]
    context.memory.folders[manifest.digest] = folder
    if isinstance(old, dict) and old.get("digest") == manifest.digest:
        return old, []
    description = {**new, "path": _shown(new["path"]), "digest": manifest.digest}
    files = manifest.files()
    return description if files is None else {**description, "files": files}, []


@contextmanager
def open_artifact(description: Any, context: Context) -> Iterator[Archive | None]:
    """Pack the folder that a description stands for; None where there is no artifact.

    Raises:
        LifecycleError: the folder's content is no longer what the description says.
    """
    if not isinstance(description, dict):
        yield None
        return
    digest = description["digest"]
    folder = context.memory.folders.get(digest) or folders.Folder(description["path"], description.get("ignore_files"))
    with folder.pack() as archive:
        if archive.digest != digest:
            raise LifecycleError(
                f"artifact.path: the files in {description['path']} are not those of the preview "
                f"(digest {archive.digest[:12]}, expected {digest[:12]}); run the command again"
            )
        yield archive


def _shown(path: str) -> str:
    """Write a path from the project's folder, so that it is the same on every machine that has the checkout."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        # Another drive.
        return path
