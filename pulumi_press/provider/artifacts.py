"""Artifacts as inputs: the folder's digest and files stand for its content."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.artifact.errors import ArtifactError, FolderMissing, NotAFolder
from pulumi_press.provider.errors import ProviderError
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.plain import UNKNOWN, contains_unknown
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.artifact.archive import Archive
    from pulumi_press.artifact.folder import Folder
    from pulumi_press.artifact.manifest import Manifest
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = ["check_files", "describe_artifact", "is_same_content", "open_artifact", "strip_artifact"]

COMPUTED = ("digest", "files")
"""What `describe_artifact` adds to the argument."""

_SHORT = 12
_MOST_NAMED = 3


def strip_artifact(inputs: Values) -> Values:
    """Give the inputs as a program writes them, without what is computed."""
    artifact = inputs.get("artifact")
    if not isinstance(artifact, dict):
        return inputs
    return {**inputs, "artifact": _strip(artifact)}


def _strip(artifact: Values) -> Values:
    return {key: value for key, value in artifact.items() if key not in COMPUTED}


def describe_artifact(old: Any, new: Any, context: Context) -> tuple[Any, list[CheckFailure]]:
    """Add the digest, and up to 200 files with their short hashes, to the `artifact` argument.

    The same content keeps the old description to the letter, so that another path to it is no change.

    Args:
        old: the description of last time, if any.
        new: the argument.
        context: the surroundings; it keeps in mind where the folder lies, for the operation that follows.

    Returns:
        The description, and what is wrong with the folder.
    """
    from pulumi_press.schema.arguments import Artifact  # A refresh needs no shapes.

    if not isinstance(new, dict) or validate(Artifact, _strip(new)):
        # No artifact at all; what is wrong with it is told with everything else.
        return new, []
    given, before = _strip(new), old if isinstance(old, dict) else {}
    if contains_unknown(given):
        return {**given, "digest": UNKNOWN}, []
    if "digest" in new:
        # The engine handed back the old one (`ignore_changes`).
        return _keep(before, given, new["digest"]), []
    return _describe_folder(before, given, context)


def _describe_folder(before: Values, given: Values, context: Context) -> tuple[Values, list[CheckFailure]]:
    """Read the folder of a known artifact, and describe it."""
    try:
        folder = _open_folder(given)
        manifest = folder.manifest()
    except ArtifactError as error:
        if isinstance(error, (FolderMissing, NotAFolder)) and _is_old_path(given["path"], before):
            return _keep(before, given, before["digest"]), []
        return given, [CheckFailure(join("artifact", error.field), str(error))]
    context.cache.folders[manifest.digest] = folder
    context.cache.files[manifest.digest] = frozenset(entry.path for entry in manifest.entries)
    _warn_of_secrets(manifest, context)
    if before.get("digest") == manifest.digest:
        return before, []
    description = {**given, "path": _shown(given["path"]), "digest": manifest.digest}
    files = manifest.files()
    return description if files is None else {**description, "files": files}, []


def is_same_content(old: Any, new: Any) -> bool:
    """Tell whether two descriptions differ in nothing but what is left out by default since the old one was made.

    Earlier versions left nothing out. That byte code is missing now is no change of an artifact that had some.
    """
    are_described = isinstance(old, dict) and isinstance(new, dict) and not contains_unknown(new)
    if not are_described or "digest" not in old or "digest" not in new or "default_ignores" in {**old, **new}:
        return False
    from pulumi_press.artifact.rules import is_ignored_by_default  # Few calls read a folder.

    before, now = old.get("files"), new.get("files") or {}
    if isinstance(before, dict):
        kept = {path for path in before if path in now or not is_ignored_by_default(path)}
        return {path: before[path] for path in kept} == now
    try:
        return bool(_open_folder({**new, "default_ignores": False}).manifest().digest == old["digest"])
    except ArtifactError:
        return False


def check_files(description: Any, why: str, context: Context) -> list[CheckFailure]:
    """Find out whether the files that a description stands for are on this machine, for a release that needs them.

    They need not be where the engine handed back an old description (`ignore_changes`).

    Args:
        description: the description, as `describe_artifact` gave it.
        why: why there is to be a release, such as `config.image changed`.
        context: the surroundings.
    """
    digest = description.get("digest") if isinstance(description, dict) else None
    if not isinstance(digest, str) or digest in context.cache.folders:
        return []
    path = description["path"]
    try:
        folder = _open_folder(description)
        found = folder.manifest().digest
    except ArtifactError as error:
        reason = str(error)
    else:
        if found == digest:
            context.cache.folders[digest] = folder
            return []
        reason = f"{path!r} holds other files by now (digest {found[:_SHORT]}, expected {digest[:_SHORT]})."
    message = (
        f"is left as it was (ignore_changes), but {why}, and a release cannot be published without its files: "
        f"{reason} Put the old files back there, or take the artifact out of ignore_changes. "
        "Changes that need no release go through."
    )
    return [CheckFailure("artifact", message)]


@contextmanager
def open_artifact(description: Any, context: Context) -> Iterator[Archive | None]:
    """Pack the folder that a description stands for; None where there is no artifact.

    Raises:
        ProviderError: the folder's content is no longer what the description says.
    """
    if not isinstance(description, dict):
        yield None
        return
    digest = description["digest"]
    folder = context.cache.folders.get(digest) or _open_folder(description)
    with folder.pack() as archive:
        if archive.digest != digest:
            raise ProviderError(
                f"artifact.path: the files in {description['path']} are not those of the preview "
                f"(digest {archive.digest[:_SHORT]}, expected {digest[:_SHORT]}); run the command again"
            )
        yield archive


def _keep(old: Values, given: Values, digest: Any) -> Values:
    """Describe an artifact whose content stays what it was, whatever lies in the folder by now."""
    kept = {**given, "path": _shown(given["path"]), "digest": digest}
    return {**kept, "files": old["files"]} if old.get("digest") == digest and "files" in old else kept


def _is_old_path(path: str, old: Values) -> bool:
    """Tell whether a path is the state's, by `ignore_changes=["artifact.path"]`: the program's own is absolute."""
    return "digest" in old and path == old.get("path") and not Path(path).is_absolute()


def _open_folder(artifact: Values) -> Folder:
    from pulumi_press.artifact.folder import Folder  # Few calls read a folder.

    return Folder(artifact["path"], artifact.get("ignore_files"), artifact.get("default_ignores", True))


def _warn_of_secrets(manifest: Manifest, context: Context) -> None:
    if secrets := manifest.secrets:
        named = ", ".join(map(repr, secrets[:_MOST_NAMED]))
        more = f" and {len(secrets) - _MOST_NAMED} more" if len(secrets) > _MOST_NAMED else ""
        context.log(
            f"artifact: {named}{more} looks like a file of secrets, and would be published to everybody who may see "
            "the block. Name it in an ignore file; or, if it is meant, with an exclamation mark in front.",
            warning=True,
        )


def _shown(path: str) -> str:
    """Write a path from the project's folder, so that it is the same on every machine that has the checkout."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        # Another drive.
        return path
