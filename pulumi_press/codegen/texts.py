"""Text of others in a program: every literal, docstring, comment and name of a program is written here.

None of them holds a character that cannot be seen: a control character, one that turns text around, a line separator,
half of a pair.
"""

from __future__ import annotations

import keyword
import textwrap

from pulumi_press.printable import escape_hidden

__all__ = ["write_comment", "write_docstring", "write_name", "write_text"]


def write_text(text: str) -> str:
    """Write a text as a literal, in double quotes unless that takes more backslashes."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return quote + _escape_literal(text).replace(quote, "\\" + quote) + quote


def write_docstring(text: str) -> str:
    """Write a text as a docstring, on one line."""
    return '"""' + _escape_literal(text).replace('"', '\\"') + '"""'


def write_comment(text: str, *, width: int, indent: int = 0) -> list[str]:
    """Write a text as a comment, wrapped."""
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
    """Write the name of a variable, a class, an argument or a module.

    Raises:
        ValueError: it is none.
    """
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split(".")):
        raise ValueError(f"{name!r} is no name in a program")
    return name


def _escape_literal(text: str) -> str:
    """Escape what a literal in either kind of quotes cannot hold, apart from the quotes."""
    return "".join(sign if sign in "'\"" else repr(sign)[1:-1] for sign in text)
