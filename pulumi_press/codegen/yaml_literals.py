"""Values in the YAML of a Pulumi program, for parsers of YAML 1.1 and 1.2 alike.

All text from elsewhere goes through this module. It cannot end a scalar, become a number or a reference, nor be a
function; invisible characters become escapes.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Raw", "escape_references", "write_entry", "write_scalar"]


class Raw(str):
    """A text in which references are meant, such as `${orders.id}`."""

    __slots__ = ()


LARGEST = 2**53
"""Pulumi's numbers are those of JavaScript."""

STEP = 2
"""Spaces per indentation level."""

_PLAIN = re.compile(
    # A colon before a space, or at the end, would make a key.
    r"(?!.*:( |$))[A-Za-z_/](?:[A-Za-z0-9_./@+,:()' -]*[A-Za-z0-9_./@+,()'-])?"
    r"|\d+\.\d+\.\d+"
    r"|\$\{[A-Za-z0-9_.-]+\}"
)
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
_FUNCTION, _MERGE = "fn::", "<<"


def write_entry(key: str, value: Any, *, indent: int) -> Iterator[str]:
    """Write an entry of a map, one line for each scalar.

    Args:
        key: the key.
        value: dicts with text keys, lists, texts, finite numbers, booleans and None.
        indent: spaces before each line.

    Yields:
        The lines.

    Raises:
        ValueError: a program in YAML cannot have such a value; the message says why.
    """
    if key.lower().startswith(_FUNCTION):
        raise ValueError(f"the key {json.dumps(key)} would be a function of Pulumi")
    if key == _MERGE:
        # Quotes make no difference to the parser of the YAML host.
        raise ValueError(f"the key {json.dumps(key)} would merge maps")
    # A reference in a key is none.
    yield from _write(value, f"{write_scalar(Raw(key))}:", indent=indent, inner=indent + STEP)


def _write(value: Any, before: str, *, indent: int, inner: int) -> Iterator[str]:
    """Write a value after `key:` or `-`."""
    start = " " * indent + before
    if isinstance(value, dict) and value:
        lines = [line for key, item in value.items() for line in write_entry(key, item, indent=inner)]
        if before == "-":
            # The first entry stands beside the dash.
            yield f"{start} {lines.pop(0)[inner:]}"
        else:
            yield start
        yield from lines
    elif isinstance(value, list) and value:
        yield start
        for item in value:
            yield from _write(item, "-", indent=inner, inner=inner + STEP)
    elif isinstance(value, str) and _is_block(value):
        text = value if isinstance(value, Raw) else escape_references(value)
        yield f"{start} |{'' if text.endswith(chr(10)) else '-'}"
        yield from (" " * inner + line if line else "" for line in text.removesuffix("\n").split("\n"))
    else:
        yield f"{start} {write_scalar(value)}"


def _is_block(text: str) -> bool:
    """Return whether a text can be written as it is, over several lines."""
    lines = text.removesuffix("\n").split("\n")
    are_plain = all(line == line.rstrip() and line.isprintable() for line in lines)
    return len(lines) > 1 and are_plain and bool(lines[0]) and lines[0][0] != " " and bool(lines[-1])


def write_scalar(value: Any) -> str:
    """Return a scalar on one line.

    Raises:
        ValueError: a program in YAML cannot have such a value; the message says why.
        TypeError: the value has another type.
    """
    if isinstance(value, str):
        text = value if isinstance(value, Raw) else escape_references(value)
        is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
        return text if is_plain else _quote(text)
    if value is None or isinstance(value, bool) or (isinstance(value, (dict, list)) and not value):
        return json.dumps(value)
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(f"a {type(value).__name__} cannot be written as a literal")
    if not -LARGEST <= value <= LARGEST:
        raise ValueError(f"the number {value} is too large for Pulumi, which would change it")
    return repr(value)


def escape_references(text: str) -> str:
    """Return a text that stands for itself: in it, `${...}` is no reference."""
    return re.sub(r"\$(?=[${])", "$$", text)


def _quote(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in quoted)


def _escape(sign: str) -> str:
    if unicodedata.category(sign) == "Cs":
        raise ValueError("a text is not valid Unicode")
    return f"\\U{ord(sign):08x}"
