"""Names of resources, for people."""

from __future__ import annotations

__all__ = ["name_of"]


def name_of(urn: str) -> str:
    """Name a resource by its kind and its name in the program, such as `BlockSpec orders`."""
    parts = urn.split("::")
    return f"{parts[2].rpartition(':')[2]} {parts[-1]}"
