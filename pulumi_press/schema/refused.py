"""The marker for a value that the program refused."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused:
    """Stands for a value that must not be what it was in the program: only there could that be told."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
        """What is wrong with the value, as a mistake's message."""

    def __repr__(self) -> str:
        """Read as what it is."""
        return f"Refused({self.reason!r})"
