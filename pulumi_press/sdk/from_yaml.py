"""Arguments of the resources from the YAML files of the `peak` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.peakfiles.blockfile import read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.schema.validation import json_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from pulumi_press.peakfiles.file_formats import BlockKind

__all__ = ["load_arguments"]


def load_arguments(
    kind: BlockKind,
    path: str | os.PathLike[str],
    overrides: Mapping[str, Any],
    **options: Any,
) -> dict[str, Any]:
    """Return the arguments of a file, with overrides, and check that none is missing.

    Args:
        kind: the kind of the file.
        path: the file.
        overrides: arguments that replace the file's, each as a whole.
        options: as for `read_blockfile`.

    Raises:
        BlockfileError: the file cannot be read, or an argument is missing.
    """
    file = read_blockfile(path, kind=kind, **options)
    arguments = {**file.arguments, **overrides}
    missing = [name for name in json_schema(file.shape)["required"] if name not in arguments]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        raise BlockfileError(f"lacks {names}: add to the file, or pass to from_yaml", file.locate(""))
    return arguments
