"""What can be wrong with a file, and where."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BlockfileError", "Place"]


class Place(NamedTuple):
    """A file, and a line of it where one is known; lines count from 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        """Read as `file:line`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class BlockfileError(Exception):
    """A file cannot be read, or says what cannot be meant. The message begins with the file and the line."""

    def __init__(self, message: str, place: Place | None = None, *, names: tuple[str, ...] = ()) -> None:
        self.message = message
        """What is wrong, without the place."""
        self.place = place
        """Where; None until somebody further out tells."""
        self.names = names
        """Names in the message that an expression may have made of a secret; whoever knows the files looks at them."""
        super().__init__(message)

    def __str__(self) -> str:
        """Read as `file:line: message`."""
        return self.message if self.place is None else f"{self.place}: {self.message}"
