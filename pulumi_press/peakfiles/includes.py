"""What happens to a file's text before it is a template: the column of includes, and paths of included images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_press.peakfiles.errors import BlockfileError, Place
from pulumi_press.peakfiles.marks import Meaning, make_mark

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["indent_includes", "mark_contexts"]

# Comments and raw parts are found too, so that a directive in them is left alone.
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
    """Write each include so that every line of the included file begins in the column of the directive.

    Raises:
        BlockfileError: there is text behind an include, which the command would drop.
    """

    def write(match: re.Match[str]) -> str:
        if match["include"] is None:
            return match[0]
        rest = source[match.end() :].partition("\n")[0]
        if not _MAY_FOLLOW.match(rest):
            line = source.count("\n", 0, match.end()) + 1
            raise BlockfileError("text follows an include on its line: put it on the next one", Place(file, line))
        column = match.start() - (source.rfind("\n", 0, match.start()) + 1)
        return (
            f"{{%{match['open']} filter indent({column}) %}}{{% {match['include']} %}}{{% endfilter {match['close']}%}}"
        )

    return _DIRECTIVE.sub(write, source)


def mark_contexts(source: str, file: str, locate: Callable[[int], str]) -> str:
    """Mark the value of each line that begins with `context:`, a path from the folder of its own file.

    Args:
        source: text of an included file.
        file: its name.
        locate: gives the mark's text for a line.

    Raises:
        BlockfileError: such a line has a value that is no path on the same line.
    """

    def write(match: re.Match[str]) -> str:
        line = source.count("\n", 0, match.start("value")) + 1
        if not match["quote"] and _NOT_A_PATH.match(source, match.start("value")):
            message = "the context of an included image must be a path, written on this line"
            raise BlockfileError(message, Place(file, line))
        return f"{match['key']}{match['quote']}{make_mark(Meaning.CONTEXT, locate(line))}{match['value']}"

    return _CONTEXT.sub(write, source)
