"""Changes to a template's text and tokens before Jinja compiles it: includes, image contexts, values, line markers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2.lexer import (
    TOKEN_DATA,
    TOKEN_LPAREN,
    TOKEN_NAME,
    TOKEN_PIPE,
    TOKEN_RPAREN,
    TOKEN_VARIABLE_BEGIN,
    TOKEN_VARIABLE_END,
    Token,
)

from pulumi_press.peakfiles.errors import BlockfileError, Place
from pulumi_press.peakfiles.variables import Meaning, make_marker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["indent_includes", "mark_contexts", "mark_lines", "require_in_texts"]

# It also matches comments and raw parts, so that a directive in them is left alone.
_DIRECTIVE = re.compile(
    r"""\{\#.*?\#\}
    | \{%[+-]?\s*raw\s*[+-]?%\}.*?\{%[+-]?\s*endraw\s*[+-]?%\}
    | \{%(?P<open>[+-]?)\s*(?P<include>include\b.*?)\s*(?P<close>[+-]?)%\}(?P<comment>[ \t]+\#[^\n]*)?
    """,
    re.DOTALL | re.VERBOSE,
)
_MAY_FOLLOW = re.compile(r"\s*(\{[%#].*)?$")

_CONTEXT = re.compile(r"^(?P<key>[ \t]*context[ \t]*:[ \t]+)(?P<quote>[\"']?)(?P<value>[^\s#])", re.MULTILINE)
_NOT_A_PATH = re.compile(r"[|>&*!\[]|\{(?![{%])")


def indent_includes(source: str, file: str) -> str:
    """Return the text with every included file indented to the column of its `include` directive.

    Raises:
        BlockfileError: text follows an include, which the `peak` command would drop.
    """

    def write(match: re.Match[str]) -> str:
        if match["include"] is None:
            return match[0]
        rest = source[match.end() :].partition("\n")[0]
        if not _MAY_FOLLOW.match(rest):
            line = source.count("\n", 0, match.end()) + 1
            raise BlockfileError(
                "text follows an include on the same line: move it to the next line", Place(file, line)
            )
        column = match.start() - (source.rfind("\n", 0, match.start()) + 1)
        return (
            f"{{%{match['open']} filter indent({column}) %}}{{% {match['include']} %}}{{% endfilter {match['close']}%}}"
        )

    return _DIRECTIVE.sub(write, source)


def mark_contexts(source: str, file: str, locate: Callable[[int], str]) -> str:
    """Return the text with a marker before the value of each line that starts with `context:`.

    The value is a path relative to the folder of its own file.

    Args:
        source: text of an included file.
        file: its name.
        locate: returns the marker's content for a line.

    Raises:
        BlockfileError: the value on such a line is not a path on the same line.
    """

    def write(match: re.Match[str]) -> str:
        line = source.count("\n", 0, match.start("value")) + 1
        if not match["quote"] and _NOT_A_PATH.match(source, match.start("value")):
            message = "the context of an image in an included file must be a path on the same line"
            raise BlockfileError(message, Place(file, line))
        return f"{match['key']}{match['quote']}{make_marker(Meaning.CONTEXT, locate(line))}{match['value']}"

    return _CONTEXT.sub(write, source)


# What surrounds an expression that is the whole value on its line: `title: "{{ title }}"  # shown`.
_BEFORE = re.compile(r"""^\s*(-\s+)*(["']?[\w./-]+["']?\s*:\s+)?["']?$""")
_AFTER = re.compile(r"""^["']?\s*(\s#.*)?$""")


def require_in_texts(tokens: Sequence[Token], name: str) -> Iterator[Token]:
    """Yield the tokens, with the filter `name` applied to each printed expression that is only a part of a text."""
    closing: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == TOKEN_VARIABLE_BEGIN and not _is_alone(tokens, index):
            line = token.lineno
            yield token
            yield Token(line, TOKEN_LPAREN, "(")
            closing = [Token(line, TOKEN_RPAREN, ")"), Token(line, TOKEN_PIPE, "|"), Token(line, TOKEN_NAME, name)]
        elif token.type == TOKEN_VARIABLE_END:
            yield from closing
            yield token
            closing = []
        else:
            yield token


def mark_lines(tokens: Iterator[Token], locate: Callable[[int], str]) -> Iterator[Token]:
    """Yield the tokens, with a marker at the start of each line of the template's own text.

    Args:
        tokens: the template's tokens.
        locate: returns the marker's content for a line.
    """
    is_first = True
    for token in tokens:
        if token.type != TOKEN_DATA:
            yield token
        else:
            first, *others = token.value.split("\n")
            lines = [make_marker(Meaning.LINE, locate(token.lineno)) + first if is_first else first]
            lines += [make_marker(Meaning.LINE, locate(token.lineno + 1 + n)) + text for n, text in enumerate(others)]
            yield Token(token.lineno, TOKEN_DATA, "\n".join(lines))
        is_first = False


def _is_alone(tokens: Sequence[Token], begin: int) -> bool:
    """Return whether a printed expression is the whole value on its line."""
    ends = (index for index in range(begin, len(tokens)) if tokens[index].type == TOKEN_VARIABLE_END)
    end = next(ends, len(tokens))
    before, after = _text_at(tokens, begin - 1), _text_at(tokens, end + 1)
    starts_line = begin <= 1 or "\n" in before
    ends_line = end >= len(tokens) - 2 or "\n" in after
    if not (starts_line and ends_line):
        return False
    return bool(_BEFORE.match(before.rpartition("\n")[2]) and _AFTER.match(after.partition("\n")[0]))


def _text_at(tokens: Sequence[Token], index: int) -> str:
    """Return the text of a neighbouring token; a tag counts as text beside the value."""
    if not 0 <= index < len(tokens):
        return ""
    return str(tokens[index].value) if tokens[index].type == TOKEN_DATA else "{%"
