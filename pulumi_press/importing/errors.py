"""What the commands cannot do."""

from __future__ import annotations

__all__ = ["TakeoverError"]


class TakeoverError(Exception):
    """A block or file cannot be taken over; the message says what to do."""
