"""Artifacts: the folder's digest and files stand for its content, and a config may name only files that it ships."""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.artifact.errors import ArtifactError, FolderMissing, NotAFolder
from pulumi_press.provider.context import Description
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.values import Values, get, merge
from pulumi_press.schema.failures import CheckFailure, find_nearest, join
from pulumi_press.schema.plain import REFERENCE, UNKNOWN, contains_unknown
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.artifact.archive import Archive
    from pulumi_press.artifact.content import Manifest
    from pulumi_press.artifact.folder import Folder
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.values import Values

__all__ = [
    "add_description",
    "check_files",
    "describe_artifact",
    "divide",
    "find_missing_files",
    "is_same_content",
    "open_artifact",
    "plan_artifact",
]

OUTPUTS = ("digest", "files")
"""What stands for the files: the outputs of an artifact."""

_SHORT = 12
_MOST_NAMED = 3


def plan_artifact(request: Request) -> Values:
    """Return the outputs of the request's artifact; empty where there is no artifact, or it cannot be described.

    What the `check` before found out is not read again.
    """
    argument = request.inputs.get("artifact")
    described = request.cache.descriptions.pop(request.urn, None)
    if described is None or described.argument != argument:
        described, _ = describe_artifact(request)
    return {"artifact": described.outputs} if described.outputs else {}


def add_description(inputs: Values, request: Request) -> Values:
    """Return inputs with what the `check` of the request found out of their artifact."""
    described = request.cache.descriptions.get(request.urn)
    return merge(inputs, {"artifact": described.outputs}) if described and described.outputs else inputs


def describe_artifact(request: Request) -> tuple[Description, list[CheckFailure]]:
    """Find out what the folder of the argument `artifact` holds.

    The same content keeps the old description to the letter, so that another path to it is no change.

    Returns:
        The description, and what is wrong with the folder.
    """
    from pulumi_press.schema.arguments import Artifact  # A refresh needs no shapes.

    given: Any = request.inputs.get("artifact")
    if not isinstance(given, dict) or validate(Artifact, given):
        # No artifact at all; what is wrong with it is reported with everything else.
        return Description(given, {}), []
    old = request.olds.get("artifact")
    before = old if isinstance(old, dict) else {}
    if contains_unknown(given):
        return Description(given, {"digest": UNKNOWN}), []
    if kept := get(request.planned, "artifact.digest"):
        # The engine handed back the old one (`ignore_changes`).
        return _keep(before, given, kept), []
    return _describe_folder(before, given, request)


def _describe_folder(before: Values, given: Values, context: Context) -> tuple[Description, list[CheckFailure]]:
    """Read the folder of a known artifact, and describe it."""
    try:
        folder = _open_folder(given)
        manifest = folder.manifest()
    except ArtifactError as error:
        if isinstance(error, (FolderMissing, NotAFolder)) and _is_old_path(given["path"], before):
            return _keep(before, given, before["digest"]), []
        return Description(given, {}), [CheckFailure(join("artifact", error.field), str(error))]
    context.cache.folders[manifest.digest] = folder
    context.cache.files[manifest.digest] = frozenset(entry.path for entry in manifest.entries)
    _warn_of_secrets(manifest, context)
    if before.get("digest") == manifest.digest:
        return divide(before), []
    files = manifest.files()
    outputs = {"digest": manifest.digest} if files is None else {"digest": manifest.digest, "files": files}
    return Description({**given, "path": _relative(given["path"])}, outputs), []


def divide(artifact: Values) -> Description:
    """Return the argument and the outputs of an artifact whose two sides are one."""
    argument = {key: value for key, value in artifact.items() if key not in OUTPUTS}
    return Description(argument, {key: artifact[key] for key in OUTPUTS if key in artifact})


def is_same_content(old: Any, new: Any) -> bool:
    """Return whether two descriptions differ in nothing but what is left out by default since the old one was made.

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
        context: client, settings and cache.
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
        reason = f"{path!r} holds other files by now."
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
                f"artifact.path: the files in {description['path']} changed after the preview; run the command again"
            )
        yield archive


def _keep(old: Values, given: Values, digest: Any) -> Description:
    """Describe an artifact whose content stays what it was, whatever lies in the folder by now."""
    outputs = {"digest": digest}
    if old.get("digest") == digest and "files" in old:
        outputs["files"] = old["files"]
    return Description({**given, "path": _relative(given["path"])}, outputs)


def _is_old_path(path: str, old: Values) -> bool:
    """Return whether a path is the state's, by `ignore_changes=["artifact.path"]`: the program's own is absolute."""
    return "digest" in old and path == old.get("path") and not Path(path).is_absolute()


def _open_folder(artifact: Values) -> Folder:
    from pulumi_press.artifact.folder import Folder  # Few calls read a folder.

    return Folder(artifact["path"], artifact.get("ignore_files"), artifact.get("default_ignores", True))


def _warn_of_secrets(manifest: Manifest, context: Context) -> None:
    if secrets := manifest.secrets:
        named = ", ".join(map(repr, secrets[:_MOST_NAMED]))
        more = f" and {len(secrets) - _MOST_NAMED} more" if len(secrets) > _MOST_NAMED else ""
        context.log(
            f"artifact: {named}{more} looks like a file of secrets, and would be published to everybody who can read "
            "the block. Add it to an ignore file; or, to publish it, add it with a leading exclamation mark.",
            warning=True,
        )


def _relative(path: str) -> str:
    """Write a path from the project's folder, so that it is the same on every machine that has the checkout."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        # Another drive.
        return path


def find_missing_files(inputs: Values, context: Context) -> Iterator[CheckFailure]:
    """Find Dockerfiles, build contexts and queries that are not among the artifact's files.

    Args:
        inputs: arguments of a spec or release, with the artifact described.
        context: the files of the artifacts that this process described.
    """
    from pulumi_press.schema.images import find_built_images  # It needs the shapes, which are loaded by now.

    digest, config = get(inputs, "artifact.digest"), inputs.get("config")
    files = context.cache.files.get(digest) if isinstance(digest, str) else None
    if files is None or not isinstance(config, dict):
        return
    shipped = _Shipped(files, Path(context.cache.folders[digest].path))
    built = set(find_built_images(config))
    for path, image in _images(config):
        if path in built and isinstance(image, dict):
            yield from _check_image(image, path, shipped)
    for name, step in _members(config.get("steps")):
        query: Any = step.get("sqlQueryPath") if isinstance(step, dict) else None
        if _is_path(query) and (why := shipped.find_fault(query)):
            yield CheckFailure(join("config", "steps", name, "sqlQueryPath"), why)


class _Shipped:
    """The files of an artifact, and the folder that they come from."""

    def __init__(self, files: frozenset[str], folder: Path) -> None:
        self._files = files
        self._folder = folder
        self._folders = {parent.as_posix() for name in files for parent in Path(name).parents} | {"."}

    def find_fault(self, path: str, *, within: str = ".", folder: bool = False) -> str:
        """Return why a path is none of the artifact; empty where it is one.

        Args:
            path: the path, from the artifact's folder.
            within: another folder that it may start at.
            folder: whether it must be a folder.
        """
        known, others = (self._folders, self._files) if folder else (self._files, self._folders)
        names = [_plain(path), _plain(posixpath.join(within, path.lstrip("/")))]
        if any(name in known for name in names):
            return ""
        kind = "folder" if folder else "file"
        if names[0] == ".." or names[0].startswith("../"):
            return "is outside the artifact"
        if names[0] in others:
            return f"is a {'file' if folder else 'folder'} of the artifact, and must be a {kind}"
        if (self._folder / names[0]).exists():
            return f"is no {kind} of the artifact: an ignore file leaves it out"
        nearest = find_nearest(names[0], known)
        return f"is no {kind} of the artifact" + (f"; did you mean `{nearest}`?" if nearest else "")


def _check_image(image: dict[str, Any], at: str, shipped: _Shipped) -> Iterator[CheckFailure]:
    root: Any = image.get("context", ".")
    dockerfile: Any = image.get("dockerfile")
    if _is_path(root) and (why := shipped.find_fault(root, folder=True)):
        yield CheckFailure(join(at, "context"), why)
    # Whether the path starts at the context or at the artifact is not documented, so either is right.
    if _is_path(dockerfile) and _is_path(root) and (why := shipped.find_fault(dockerfile, within=root)):
        yield CheckFailure(join(at, "dockerfile"), why)


def _images(config: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "config.image", config.get("image")
    for name, image in _members(config.get("images")):
        yield join("config", "images", name), image
    for name, step in _members(config.get("steps")):
        if isinstance(step, dict):
            yield join("config", "steps", name, "image"), step.get("image")


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, dict) else ()


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not value.startswith(REFERENCE)


def _plain(path: str) -> str:
    return posixpath.normpath(path.lstrip("/") or ".")
