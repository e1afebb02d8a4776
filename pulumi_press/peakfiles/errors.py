"""Errors about a file, with the place. They quote only what a file contains: a computed text may be secret."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["BlockfileError", "Place", "SourceTexts"]


class Place(NamedTuple):
    """A file, and the line where it is known; lines count from 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        """Return `file:line`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class BlockfileError(Exception):
    """A file cannot be read, or its content is not valid. The message starts with the file and the line."""

    def __init__(self, message: str, place: Place | None = None, *, names: tuple[str, ...] = ()) -> None:
        self.message = message
        """The message without the place."""
        self.place = place
        """Where the error is; None until a caller that knows the file sets it."""
        self.names = names
        """Names in the message that may be computed from a secret; the renderer checks whether a file contains them."""
        super().__init__(message)

    def __str__(self) -> str:
        """Return `file:line: message`."""
        return self.message if self.place is None else f"{self.place}: {self.message}"


COMPUTED_TEXT = "(a text computed by the template)"

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
# Quoted words of YAML and Jinja themselves: one character, `<scalar>`, `dict object`.
_OWN_WORDS = re.compile(
    r"\\?.?|<[a-z ]+>|(?:str|int|float|bool|list|dict|tuple|NoneType|Environment)(?: object)?", re.DOTALL
)


class SourceTexts:
    """The text of every file that was read."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, text: str) -> None:
        """Record the text of a file."""
        self._texts.append(text)

    def contain(self, text: str) -> bool:
        """Return whether a file contains the text."""
        return any(text in written for written in self._texts)

    def quote(self, text: str) -> str:
        """Return the text in quotes for a message, or a placeholder if no file contains it."""
        return repr(text) if self.contain(text) else COMPUTED_TEXT

    def redact(self, message: str) -> str:
        """Return the message of a library without quoted texts that no file contains."""
        quoted = [one or other for one, other in _QUOTED.findall(message)]
        rest = _QUOTED.sub("", message)
        if not {"'", '"'} & set(rest) and all(_OWN_WORDS.fullmatch(text) or self.contain(text) for text in quoted):
            return message
        first = min(message.find(mark) for mark in "'\"" if mark in message)
        last = max(message.rfind(mark) for mark in "'\"")
        return f"{message[:first]}{COMPUTED_TEXT}{message[last + 1 :]}"
