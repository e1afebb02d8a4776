"""Which texts come from the environment as they are, and which a file computes from it.

For the second, the file is read once more, with other values in the variables: what then reads otherwise depends on
them, by whatever filters and conditions.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

from pulumi_press.peakfiles.environment import Computed, FromEnvironment
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_press.peakfiles.texts import Texts

__all__ = ["TextPath", "find_computed", "find_remembered", "mark_computed", "remember"]

TextPath = tuple[str | int, ...]
"""The way to a text, key by key."""

_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_OTHER = str.maketrans({kind[n]: kind[(n + 1) % len(kind)] for kind in _KINDS for n in range(len(kind))})


def remember(value: Any, marked: Any) -> Any:
    """Let each text remember its variables, where its marks were left as they are.

    A filter that changes a text changes the mark that stands for it, or fails to: then the text is another one.

    Args:
        value: what a file says.
        marked: what it says where variables print marks.
    """
    if isinstance(value, dict):
        others = marked if isinstance(marked, dict) else {}
        return {key: remember(item, others.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        same = isinstance(marked, list) and len(marked) == len(value)
        return [remember(item, marked[index] if same else None) for index, item in enumerate(value)]
    return marked if isinstance(marked, FromEnvironment) and marked == value else value


def find_remembered(value: Any) -> frozenset[str]:
    """Give the names of the variables that texts remember."""
    if isinstance(value, FromEnvironment):
        return frozenset(part.text for part in value.parts if isinstance(part, Mark))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset[str]().union(*map(find_remembered, items))


def find_computed(
    arguments: dict[str, Any],
    variables: Mapping[str, str],
    asked: Collection[str],
    texts: Texts,
    read_again: Callable[[dict[str, str], bool], dict[str, Any]],
) -> tuple[TextPath, ...]:
    """Find the texts that depend on variables that they do not remember, and that are not written in a file.

    Args:
        arguments: what the file says.
        variables: the environment.
        asked: names of the variables that the file asked for.
        texts: the files' own texts.
        read_again: reads the file with other variables, which print marks or not.
    """
    if not asked:
        return ()
    others = {**variables, **{name: variables[name].translate(_OTHER) or "x" for name in asked}}
    plain, marked = (_read(read_again, others, is_marked) for is_marked in (False, True))
    found = {path: text for path, text in _list_texts(arguments, ()) if not texts.hold(text)}
    # The context of an included image is a path, which is worked out in any case.
    return tuple(
        path for path, text in found.items() if path[-1] != "context" and not _is_same(text, path, plain, marked)
    )


def _read(read_again: Callable[[dict[str, str], bool], Any], others: dict[str, str], marked: bool) -> Any:  # noqa: FBT001
    try:
        return read_again(others, marked)
    except BlockfileError:
        # Other values do not fit, so nothing is known: every text may depend on them.
        return None


def _is_same(text: str, path: TextPath, plain: Any, marked: Any) -> bool:
    """Tell whether a text reads the same with other variables, but for those that it remembers."""
    if isinstance(text, FromEnvironment):
        again = _at(marked, path)
        return isinstance(again, FromEnvironment) and again.parts == text.parts
    return bool(_at(plain, path) == text)


def _at(value: Any, path: TextPath) -> Any:
    try:
        for key in path:
            value = value[key]
    except (LookupError, TypeError):
        return None
    return value


def mark_computed(value: Any, paths: Collection[TextPath], name: str) -> Any:
    """Let the texts at some paths tell that they were computed.

    Args:
        value: what a file says.
        paths: where the texts stand.
        name: what the file is of, for their keys.
    """
    for path in paths:
        value = _mark(value, path, re.sub(r"[^\w.-]", "_", "-".join(map(str, (name, *path)))))
    return value


def _mark(value: Any, path: TextPath, key: str) -> Any:
    if not path:
        return Computed(value, key)
    copy = value.copy()
    copy[path[0]] = _mark(value[path[0]], path[1:], key)
    return copy


def _list_texts(value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
    if isinstance(value, str):
        yield path, value
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _list_texts(item, (*path, key))
