"""Python literals over as many lines as they need, as the usual formatters write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pulumi_press.codegen.code import Code
from pulumi_press.codegen.texts import write_comment, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WIDTH", "write_value"]

WIDTH = 100
"""Characters of a line."""
STEP = 4
"""Spaces of an indentation."""


def write_value(value: Any, before: str = "", after: str = "", *, indent: int = 0) -> Iterator[str]:
    """Write a value: on one line where it fits, else an entry a line.

    Args:
        value: dicts with text keys, lists, texts, finite numbers, booleans, None, and `Code`.
        before: what stands in front of it, such as `kind=`.
        after: what stands behind it, such as a comma.
        indent: spaces in front of each line.

    Yields:
        The lines.

    Raises:
        TypeError: a value is something else.
    """
    start, inner = " " * indent + before, indent + STEP
    flat = start + _write_flat(value) + after
    if len(flat) <= WIDTH and not _has_comment(value):
        yield flat
    elif isinstance(value, dict):
        yield start + "{"
        for key, item in value.items():
            yield from _comment_of(item, inner)
            yield from write_value(item, f"{write_text(key)}: ", ",", indent=inner)
        yield " " * indent + "}" + after
    elif isinstance(value, list):
        yield start + "["
        for item in value:
            yield from _comment_of(item, inner)
            yield from write_value(item, "", ",", indent=inner)
        yield " " * indent + "]" + after
    elif isinstance(value, str) and len(pieces := list(_split(value, WIDTH - inner))) > 1:
        yield start + "("
        yield from (" " * inner + piece for piece in pieces)
        yield " " * indent + ")" + after
    else:
        # A word that is longer than a line.
        yield flat


def _write_flat(value: Any) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write_text(key)}: {_write_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write_flat, value)) + "]"
    return _write_scalar(value)


def _write_scalar(value: Any) -> str:
    if isinstance(value, Code):
        return value.text
    if isinstance(value, str):
        return write_text(value)
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if value is None or is_number:
        return repr(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as a literal")


def _split(text: str, width: int) -> Iterator[str]:
    """Write a text as literals that Python joins: one for each of its lines, long ones in parts."""
    for line in text.splitlines(keepends=True):
        part = ""
        for word in _words(line):
            if part and len(write_text(part + word)) > width:
                yield write_text(part)
                part = ""
            part += word
        yield write_text(part)


def _words(line: str) -> Iterator[str]:
    """Cut a line behind each of its spaces."""
    *words, last = line.split(" ")
    for word in words:
        yield f"{word} "
    if last:
        yield last


def _has_comment(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_comment, value.values()))
    if isinstance(value, list):
        return any(map(_has_comment, value))
    return isinstance(value, Code) and bool(value.comment)


def _comment_of(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Code) and value.comment:
        yield from write_comment(value.comment, width=WIDTH, indent=indent)
