"""Parts of a program that are no plain value."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Code"]


@dataclass(frozen=True)
class Code:
    """An expression that stands in a program as it is, such as `orders.id`."""

    text: str
    """The expression."""
    imports: frozenset[str] = frozenset()
    """Modules that it needs, such as `os`."""
    needs_config: bool = False
    """Whether it reads `config`, the project's configuration."""
    comment: str = ""
    """What to say above the line in which it stands."""
