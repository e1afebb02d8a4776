"""States and paths of resources of the native plugin, under the names of the core."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.plugin.names import to_snake
from pulumi_press.plugin.package import SHORTCUTS

if TYPE_CHECKING:
    from pulumi_press.provider.values import Values

__all__ = ["read_names", "rename_path"]

_TOP = re.compile(r"^[^.\[\]]+")
_MEMBER = re.compile(r"^(artifact\.)([^.\[\]]+)")


def read_names(kind: str, values: Values) -> Values:
    """Return a native resource's inputs or outputs as the core has them.

    Args:
        kind: kind of the resource, such as `BlockSpec`.
        values: what the engine has.
    """
    renamed = {to_snake(name): _rename(value) if name == "artifact" else value for name, value in values.items()}
    for name in SHORTCUTS.get(kind, ()):
        renamed.pop(name, None)
    return renamed


def _rename(artifact: Any) -> Any:
    return {to_snake(name): value for name, value in artifact.items()} if isinstance(artifact, dict) else artifact


def rename_path(path: str) -> str:
    """Return a path in a native resource as the core has it. Never fails: any text is a path."""
    path = _TOP.sub(lambda found: to_snake(found[0]), path)
    return _MEMBER.sub(lambda found: found[1] + to_snake(found[2]), path)
