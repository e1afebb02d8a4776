"""What is wrong with an input, the path of the property, and the name that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "CheckFailure",
    "find_nearest",
    "join",
    "suggest",
]


class CheckFailure(NamedTuple):
    """What is wrong with a property.

    The reason never holds the property's value, which may be secret, except a version or the name of something else in
    the program, such as an image or a step.
    """

    property: str
    """Where, such as `config.steps.train.command` or `parameters.run[2].type`; empty for the whole."""
    reason: str
    """What is wrong and what to do, such as `is required`."""
    remedies: tuple[str, ...] = ()
    """What to do, where there are several ways; each is a line of its own."""

    def __str__(self) -> str:
        """Return `property: reason`, with the remedies below."""
        return self.write(str)

    def write(self, escape: Callable[[str], str]) -> str:
        """Return the same text with each of its parts escaped, and not the line breaks between them."""
        text = f"{self.property}: {self.reason}" if self.property else self.reason
        return "\n  - ".join(map(escape, (text, *self.remedies)))


def join(start: str, *parts: int | str) -> str:
    """Return a path extended by keys and indexes: `join("a", "b", 0, "c.d")` is `a.b[0]["c.d"]`."""
    path = start
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part.isidentifier() or (part and not any(sign in part for sign in '.[]"')):
            path += f".{part}" if path else part
        else:
            path += '["' + part.replace('"', '\\"') + '"]'
    return path


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelled most like `word`, if any; case and underscores are ignored."""
    from difflib import get_close_matches  # Only where something is wrong.

    plain = {_plain(name): name for name in known}
    found = get_close_matches(_plain(word), plain, n=1)
    return plain[found[0]] if found else None


def suggest(word: str, known: Iterable[str], *, label: str = "known") -> str:
    """Return the end of a message about an unknown word: `; did you mean `name`?`, or the list of known words.

    Args:
        word: the wrong word.
        known: the right ones.
        label: the text before the list.
    """
    words = list(known)
    if nearest := find_nearest(word, words):
        return f"; did you mean `{nearest}`?"
    return f" ({label}: {', '.join(words) or 'none'})"


def _plain(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
