"""Packages whose public names are loaded when they are first used.

A provider's process starts with each command of the engine. One that refreshes checks no shapes, and one that only
compares sends nothing; the libraries for both take as long to load as Pulumi itself.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["load_late"]

# The engine calls a provider on many threads. Two that enter modules which import each other from different sides may
# see one of them half loaded.
_loading = threading.RLock()


def load_late(package: str, names: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a package.

    Args:
        package: its name.
        names: its public names, by the module of the package that they lie in.
    """
    homes = {name: module for module, those in names.items() for name in those}

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        with _loading:
            value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
