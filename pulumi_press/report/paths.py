"""Property paths, as the engine and this project write them: `config.steps["a.b"].ports[0]`."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["ABSENT", "Absent", "Keys", "covers", "look_up", "parse_path"]

Keys = tuple[str | int, ...]
"""A path, key by key."""

_PART = re.compile(r'\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[]+)|(.)', re.DOTALL)


class Absent:
    """The type of `ABSENT`: there is no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Read as a word."""
        return "ABSENT"


ABSENT: Final = Absent()


def parse_path(path: str) -> Keys:
    """Take a path apart: `a["b.c"][0]` is `("a", "b.c", 0)`. Any text can be taken apart."""
    keys: list[str | int] = []
    for index, quoted, plain, _ in _PART.findall(path):
        if index:
            keys.append(int(index))
        elif plain:
            keys.append(plain)
        else:
            keys.append(re.sub(r"\\(.)", r"\1", quoted))
    return tuple(keys)


def covers(one: Keys, other: Keys) -> bool:
    """Tell whether one of two paths leads through the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def look_up(value: Any, keys: Keys) -> Any:
    """Give what stands at a path, `ABSENT` where there is nothing."""
    for key in keys:
        value = _go_down(value, key)
    return value


def _go_down(value: Any, key: str | int) -> Any:
    if isinstance(value, list):
        return value[key] if isinstance(key, int) and key < len(value) else ABSENT
    return value.get(key, ABSENT) if isinstance(value, dict) else ABSENT
