"""Errors about a file: what is wrong and where. They quote only what is written in a file, never a computed text."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["BlockfileError", "Place", "Texts"]


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


MADE = "(a text that the template makes)"

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
# What YAML and Jinja say of themselves: one character, `<scalar>`, `dict object`.
_OWN = re.compile(r"\\?.?|<[a-z ]+>|(?:str|int|float|bool|list|dict|tuple|NoneType|Environment)(?: object)?", re.DOTALL)


class Texts:
    """The texts of the files that were read."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, text: str) -> None:
        """Note the text of a file."""
        self._texts.append(text)

    def hold(self, text: str) -> bool:
        """Tell whether a text is written in a file."""
        return any(text in written for written in self._texts)

    def quote(self, text: str) -> str:
        """Quote a text for a message, if it is written in a file."""
        return repr(text) if self.hold(text) else MADE

    def clean(self, message: str) -> str:
        """Take what is not written in a file out of the message of a library, which quotes what it complains about."""
        quoted = [one or other for one, other in _QUOTED.findall(message)]
        rest = _QUOTED.sub("", message)
        if not {"'", '"'} & set(rest) and all(_OWN.fullmatch(text) or self.hold(text) for text in quoted):
            return message
        first = min(message.find(mark) for mark in "'\"" if mark in message)
        last = max(message.rfind(mark) for mark in "'\"")
        return f"{message[:first]}{MADE}{message[last + 1 :]}"
