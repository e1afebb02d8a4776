"""Paths inside the artifact that a config names: whether the files that are shipped have them."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.values import Values, get
from pulumi_press.schema.failures import CheckFailure, find_nearest, join
from pulumi_press.schema.plain import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.provider.context import Context

__all__ = ["find_missing_files"]


def find_missing_files(inputs: Values, context: Context) -> Iterator[CheckFailure]:
    """Find Dockerfiles, build contexts and queries that are not among the artifact's files.

    Args:
        inputs: arguments of a spec or release, with the artifact described.
        context: the surroundings; they know the files of an artifact that this process described.
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
        """Say why a path is none of the artifact; empty where it is one.

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
            return "leads out of the artifact"
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
