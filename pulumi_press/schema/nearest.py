"""Finding the word that a person meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["find_nearest", "suggest"]


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that is spelt almost like `word`; case and underscores make no difference."""
    from difflib import get_close_matches  # Only where something is wrong.

    plain = {_plain(name): name for name in known}
    found = get_close_matches(_plain(word), plain, n=1)
    return plain[found[0]] if found else None


def suggest(word: str, known: Iterable[str], *, label: str = "known") -> str:
    """Say what was meant, as the end of a message: `; did you mean `name`?`, or the list of known words.

    Args:
        word: the wrong word.
        known: the right ones.
        label: what stands before the list.
    """
    words = list(known)
    if nearest := find_nearest(word, words):
        return f"; did you mean `{nearest}`?"
    return f" ({label}: {', '.join(words) or 'none'})"


def _plain(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
