"""Matching a gitignore rule in time that grows with the length of a path, and not with a power of it.

Python's regular expressions try the places of every wildcard in turn: `*a*a*a*a*b` takes hours on a name of 200
letters. Here all places that a rule can have reached are kept at once, as the bits of one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["Matcher", "compile_glob", "is_costly"]

_MOST_WILDCARDS = 2
"""Wildcards of any length that a regular expression may have: with two, the time is at most quadratic."""

# All that pathspec makes of a gitignore pattern.
_PART = re.compile(
    r"""
      (?P<start>\^)
    | (?P<any_folders>\(\?:\.\+/\)\?)
    | (?P<inner_folders>\(\?:/\.\+\)\?)
    | (?P<end>\(\?:\(\?P<ps_d>/\)\|\$\))
    | (?P<slash>\(\?P<ps_d>/\)|/)
    | (?P<star>\[\^/\]\*)
    | (?P<plus>\[\^/\]\+)
    | (?P<class>\[\^?\]?(?:\\\\|[^\]])*\])
    | \\(?P<escaped>.)
    | (?P<literal>[^.^$*+?{}\[\]|()\\])
    """,
    re.VERBOSE | re.DOTALL,
)

_ANY = r"."
_WITHIN = r"[^/]"


class _Step(NamedTuple):
    """One character, or any number of them, or one that may be left out with those around it."""

    kind: Literal["one", "many", "any_folders", "inner_folders", "end"]
    chars: str = ""
    """A regular expression of one character."""


@dataclass(frozen=True)
class Matcher:
    """A rule, as the steps that a path must allow from its beginning on."""

    steps: tuple[_Step, ...]

    def matches(self, path: str) -> bool:
        """Tell whether the rule matches a path, as the regular expression that it was made of would."""
        masks: dict[str, int] = {}

        def where(chars: str) -> int:
            if chars not in masks:
                masks[chars] = sum(1 << match.start() for match in re.finditer(chars, path))
            return masks[chars]

        def one(reached: int, chars: str) -> int:
            return (reached & where(chars)) << 1

        def many(reached: int, chars: str) -> int:
            # A carry runs from each place that was reached to the end of the characters that fit.
            fitting = where(chars)
            return reached | (((reached & fitting) + fitting) ^ fitting)

        reached = 1
        for kind, chars in self.steps:
            if kind == "one":
                reached = one(reached, chars)
            elif kind == "many":
                reached = many(reached, chars)
            elif kind == "any_folders":
                reached |= one(many(one(reached, _ANY), _ANY), "/")
            elif kind == "inner_folders":
                reached |= many(one(one(reached, "/"), _ANY), _ANY)
            else:
                # `$` also matches before a line break at the end.
                ends = {len(path), len(path) - path.endswith("\n")}
                reached &= where("/") | sum(1 << end for end in ends)
        return reached != 0


def is_costly(expression: str) -> bool:
    """Tell whether a regular expression has so many wildcards that it may take very long."""
    parts = [match.lastgroup for match in _PART.finditer(expression)]
    unbounded = sum(part in ("star", "plus", "any_folders", "inner_folders") for part in parts)
    return unbounded > _MOST_WILDCARDS


def compile_glob(expression: str) -> Matcher | None:
    """Make a matcher of the regular expression that pathspec makes of a gitignore pattern.

    Returns:
        None: the expression has other parts than those that are known here, or no beginning.
    """
    steps: list[_Step] = []
    at = 0
    while at < len(expression):
        match = _PART.match(expression, at)
        if match is None or (at == 0) != (match.lastgroup == "start"):
            return None
        steps += _read_part(str(match.lastgroup), match[0])
        at = match.end()
    return Matcher(tuple(steps)) if steps else None


def _read_part(kind: str, text: str) -> list[_Step]:
    if kind in ("any_folders", "inner_folders", "end"):
        return [_Step(kind)]  # type: ignore[arg-type]  # Three of the kinds.
    if kind == "start":
        return []
    if kind in ("star", "plus"):
        return [_Step("one", _WITHIN)] * (kind == "plus") + [_Step("many", _WITHIN)]
    return [_Step("one", "/" if kind == "slash" else text)]
