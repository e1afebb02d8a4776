"""Which parameters are hidden: their values and defaults are shown to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["hides", "list_members"]


def hides(declaration: Any) -> bool:
    """Return whether a parameter is declared with `hideValue`, or holds one that is, at any depth."""
    return any(item.get("hideValue") is True for item in list_members(declaration))


def list_members(declaration: Any) -> Iterator[dict[str, Any]]:
    """Return a declared parameter, and the members of it that are declared, at every depth."""
    ahead = [declaration]
    while ahead:
        item = ahead.pop()
        if isinstance(item, dict):
            yield item
            members = item.get("properties")
            ahead += members if isinstance(members, list) else ()
