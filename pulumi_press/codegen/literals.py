"""Literals, comments and names of a Python program, laid out as the usual formatters do.

All text from elsewhere goes through this module. It cannot end a literal or a comment, and invisible characters
(control characters, line separators, those that reverse text) become escapes.
"""

from __future__ import annotations

import keyword
import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_press.output import escape_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "WIDTH",
    "Expression",
    "Reference",
    "Setting",
    "write_comment",
    "write_docstring",
    "write_name",
    "write_text",
    "write_value",
]


@dataclass(frozen=True)
class Reference:
    """An output of another resource of the program."""

    variable: str
    """The variable of the resource."""
    output: str
    """The output, such as `id`."""


@dataclass(frozen=True)
class Setting:
    """A value of the stack's configuration."""

    key: str
    """Its key; a program that must use another one numbers it."""
    type: str = "string"
    """Its type, as `config` in `Pulumi.yaml` has it."""
    secret: bool = True
    """Whether it is a secret."""
    variable: str = ""
    """The environment variable that has it now; empty if none does."""


@dataclass(frozen=True)
class Expression:
    """A Python expression for a program, such as `orders.id`."""

    text: str
    """The expression."""
    imports: frozenset[str] = frozenset()
    """Modules that it uses, such as `os`."""
    needs_config: bool = False
    """Whether it uses the variable `config`, the project's configuration."""
    comment: str = ""
    """A comment for the line above it."""
    parts: tuple[str | Reference | Setting, ...] = ()
    """The same for other languages: what it joins. Empty if only Python has it."""


WIDTH = 100
"""Characters per line."""
STEP = 4
"""Spaces per indentation level."""


def write_value(value: Any, before: str = "", after: str = "", *, indent: int = 0) -> Iterator[str]:
    """Write a value: on one line if it fits, else with one entry per line.

    Args:
        value: dicts with text keys, lists, texts, finite numbers, booleans, None, and `Expression`.
        before: text before it, such as `kind=`.
        after: text after it, such as a comma.
        indent: spaces before each line.

    Yields:
        The lines.

    Raises:
        TypeError: a value has another type.
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
        # A word longer than a line.
        yield flat


def _write_flat(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write_text(key)}: {_write_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write_flat, value)) + "]"
    return _write_scalar(value)


def _write_scalar(value: Any) -> str:
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, str):
        return write_text(value)
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if value is None or is_number:
        return repr(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as a literal")


def _split(text: str, width: int) -> Iterator[str]:
    """Yield literals that Python joins to the text: one per line of it, several for a long line."""
    for line in text.splitlines(keepends=True):
        part = ""
        for word in _words(line):
            if part and len(write_text(part + word)) > width:
                yield write_text(part)
                part = ""
            part += word
        yield write_text(part)


def _words(line: str) -> Iterator[str]:
    """Yield the words of a line, each with the space after it."""
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
    return isinstance(value, Expression) and bool(value.comment)


def _comment_of(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Expression) and value.comment:
        yield from write_comment(value.comment, width=WIDTH, indent=indent)


def write_text(text: str) -> str:
    """Return a text as a literal, in double quotes unless that needs more backslashes."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return quote + _escape_literal(text).replace(quote, "\\" + quote) + quote


def write_docstring(text: str) -> str:
    """Return a text as a docstring on one line."""
    return '"""' + _escape_literal(text).replace('"', '\\"') + '"""'


def write_comment(text: str, *, width: int, indent: int = 0) -> list[str]:
    """Return a text as the lines of a comment."""
    start = " " * indent + "# "
    return textwrap.wrap(
        escape_hidden(text),
        width,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )


def write_name(name: str) -> str:
    """Return the name of a variable, class, argument or module, after checking it.

    Raises:
        ValueError: it is not a valid name.
    """
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split(".")):
        raise ValueError(f"{name!r} is not a valid Python name")
    return name


def _escape_literal(text: str) -> str:
    """Return the text with escapes for everything that a literal cannot contain, except quotes."""
    return "".join(sign if sign in "'\"" else repr(sign)[1:-1] for sign in text)
