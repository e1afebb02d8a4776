"""Which programs declare resources of the native plugin: `pulumi import` imports those by itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pulumi_press.plugin.tokens import NATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_press.importing.workspace import Place
    from pulumi_press.peakfiles.file_formats import BlockKind

__all__ = ["advise_on_import", "is_native"]

_PACKAGE = "pulumi_press"
_MODULE = f"{_PACKAGE}.native"


def is_native(place: Place, program: Path) -> bool:
    """Return whether a stack's program declares native resources.

    All programs in other languages do. One in Python does if it imports `pulumi_press.native`, itself or in a module
    beside it.

    Args:
        place: the program's place in its project.
        program: the program that will be written, which may be there already.
    """
    if place.project is not None and not place.project.is_python:
        return True
    return any(_MODULE in _list_imports(path) for path in _find_modules([place.main, program]))


def advise_on_import(place: Place, wanted: Sequence[tuple[BlockKind, str, str]]) -> str:
    """Return what to do instead of `pulumi-press import`, in one line.

    Args:
        place: the program's place in its project.
        wanted: kind, name and id of the blocks that were named.
    """
    kind, name, id = next(iter(wanted), ("spec", "NAME", "ID"))
    token = NATIVE + {"spec": "BlockSpec", "release": "BlockSpecRelease", "deployment": "BlockDeployment"}[kind]
    path = place.project.file if place.project is not None and not place.project.is_python else place.main
    return (
        f"{path} declares resources of the native plugin, which Pulumi imports itself, with their declarations: "
        f"`pulumi import {token} {name} {id}`"
    )


def _find_modules(start: Sequence[Path]) -> Iterator[Path]:
    """Yield programs, and the modules beside them that they import."""
    found: set[Path] = set()
    pending = list(start)
    while pending:
        path = pending.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        yield path
        for name in _list_imports(path):
            module = path.parent.joinpath(*name.split("."))
            pending += [module.with_suffix(".py"), module / "__init__.py"]


def _list_imports(path: Path) -> set[str]:
    """Return the modules that a file imports; none where it cannot be read as Python."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names |= {module, *(f"{module}.{alias.name}".strip(".") for alias in node.names)} - {""}
    return names
