"""Where an artifact's folder lies: told in the program, whose working directory the provider does not share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from pulumi_press import schema

__all__ = ["resolve_artifact"]


def resolve_artifact(artifact: pulumi.Input[schema.Artifact] | None) -> pulumi.Input[Any] | None:
    """Make the folder's path absolute; the provider writes it relative again before it reaches the state."""
    if isinstance(artifact, pulumi.Output) or isawaitable(artifact):
        later: pulumi.Output[Any] = pulumi.Output.from_input(artifact)
        return later.apply(_resolve_known)
    return _resolve_known(artifact)


def _resolve_known(artifact: Any) -> Any:
    """Resolve the path of an artifact; what is none is left to be refused."""
    if isinstance(artifact, Mapping) and "path" in artifact:
        return {**artifact, "path": _resolve(artifact["path"])}
    return artifact


def _resolve(path: Any) -> Any:
    if isinstance(path, (str, os.PathLike)):
        # An empty path is left to be refused.
        return os.path.abspath(path) if os.fspath(path) else path  # noqa: PTH100  # Links are kept as they are.
    if isinstance(path, pulumi.Output) or isawaitable(path):
        later: pulumi.Output[Any] = pulumi.Output.from_input(path)
        return later.apply(_resolve)
    return path
