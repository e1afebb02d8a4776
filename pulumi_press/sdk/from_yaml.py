"""The command's files as arguments of the resources."""

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
    """Read a file, put the overrides in the place of what it says, and see that nothing required is missing.

    Args:
        kind: what the file must be of.
        path: the file.
        overrides: arguments that win over the file's, whole.
        options: as for `read_blockfile`.

    Raises:
        BlockfileError: the file cannot be read, or an argument is missing.
    """
    file = read_blockfile(path, kind=kind, **options)
    arguments = {**file.arguments, **overrides}
    missing = [name for name in json_schema(file.shape)["required"] if name not in arguments]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        raise BlockfileError(f"says nothing of {names}", file.locate(""))
    return arguments
