"""The ignore rules of an artifact folder, applied as the service's own client (peak-sdk 1.29) applies them.

- Without ``ignore_files``, or with an empty list, ``.dockerignore`` at the top of the folder holds the rules, if it is
  there. That client leaves nothing out by itself: not ``.env``, not the ignore files. Here, by default,
  ``DEFAULT_RULES`` come first, so that a rule of a file can bring back what they leave out.
- With ``ignore_files``, only those files hold rules: one list, in the order given.
- The syntax is gitignore's, not Docker's. Blanks around a line do not count.
- A rule with many wildcards is matched in another way than there, and with the same result.
- Each file is judged by itself, by the last rule that matches its path. So ``build/`` and then ``!build/keep.me``
  brings that one file back, which git would not do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from pulumi_press.artifact.content import open_regular
from pulumi_press.artifact.errors import IgnoreFileInvalid, IgnoreFileMisplaced, IgnoreFileMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DEFAULT_IGNORE_FILE = ".dockerignore"

DEFAULT_RULES = ("__pycache__", "*.py[cod]", ".git")
"""Files that are not meant to be published: byte code, which Python writes when a program imports from the folder, and
Git's own files. Both differ from checkout to checkout."""


def is_ignored_by_default(path: str) -> bool:
    """Return whether the default rules alone leave a path out."""
    return bool(PathSpec(map(GitIgnoreSpecPattern, DEFAULT_RULES), backend="simple").match_file(path))


@dataclass(frozen=True)
class Rules:
    """What a folder's ignore files leave out. In here a pattern that *includes* keeps a file."""

    _spec: PathSpec[GitIgnoreSpecPattern]
    _last_keep: int  # Index of the last rule that keeps something, -1 if there is none.

    @classmethod
    def read(cls, folder: Path, ignore_files: Sequence[str] | None = None, *, defaults: bool = False) -> Rules:
        """Read the rules of a folder; with ``defaults``, after ``DEFAULT_RULES``.

        Raises:
            IgnoreFileMissing: a named file is not there.
            IgnoreFileMisplaced: a file is not at the top level of the folder.
            IgnoreFileInvalid: a file is not UTF-8 text, or a line is not a rule.
        """
        if not ignore_files:
            ignore_files = [DEFAULT_IGNORE_FILE] if (folder / DEFAULT_IGNORE_FILE).exists() else []
        patterns: list[GitIgnoreSpecPattern] = [_Pattern(f"!{rule}") for rule in DEFAULT_RULES if defaults]
        patterns += [pattern for name in ignore_files for pattern in _parse(folder, name)]
        keeps = [index for index, pattern in enumerate(patterns) if pattern.include]
        return cls(PathSpec(patterns, backend="simple"), max(keeps, default=-1))

    def keep(self, path: str) -> bool:
        """Whether a path belongs to the artifact: the last rule that matches decides, and none means yes.

        ``path`` is relative, with ``/`` between its parts, and one more at the end if it is a folder.
        """
        return self._spec.check_file(path).include is not False

    def names(self, path: str) -> bool:
        """Return whether a rule keeps a path explicitly."""
        return self._last_keep >= 0 and self._spec.check_file(path).include is True

    def drop_all_under(self, folder: str) -> bool:
        """Whether no file under a folder can belong to the artifact, so that it is not walked.

        A rule that matches ``folder/`` matches everything below as well; what counts then is whether a later rule could
        bring something back. The one exception is a bracket expression such as ``[!a]``, which pathspec lets match the
        slash itself: such a rule decides nothing here.
        """
        verdict = self._spec.check_file(f"{folder}/")
        if verdict.index is None or verdict.include is not False:
            return False
        return verdict.index > self._last_keep and "[" not in str(self._spec.patterns[verdict.index].pattern)


class _Pattern(GitIgnoreSpecPattern):
    """A rule that matches in time that grows with the length of the path only, see ``Matcher``."""

    __slots__ = ("_matcher",)

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        expression = self.regex.pattern if self.regex else ""
        self._matcher = compile_glob(expression) if is_costly(expression) else None
        if self._matcher is None and is_costly(expression):
            raise GitIgnorePatternError(
                "has too many wildcards"
            )  # A form that this version of pathspec does not produce.

    def match_file(self, file: Any) -> Any:
        """Return a value that is not None if the rule matches."""
        if self._matcher is None:
            return super().match_file(file)
        return True if self._matcher.matches(file) else None


def _parse(folder: Path, name: str) -> Iterator[GitIgnoreSpecPattern]:
    for number, line in enumerate(_read(folder, name).splitlines(), start=1):
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        # The patterns say what to keep, so the exclamation mark is inverted.
        keep = rule[1:] if rule.startswith("!") else f"!{rule}"
        try:
            yield _Pattern(keep)
        except (GitIgnorePatternError, re.error):  # The second for what is wrong inside brackets: [b-a].
            raise IgnoreFileInvalid(
                f"Line {number} of the ignore file {str(folder / name)!r} is not a gitignore pattern: {rule!r}. "
                "Correct it or remove it."
            ) from None


def _read(folder: Path, name: str) -> str:
    path = folder / name
    if not path.exists():
        raise IgnoreFileMissing(
            f"The ignore file {str(path)!r} does not exist. Names in ignore_files are relative to the artifact folder: "
            f"create it there, or take {name!r} off the list."
        )
    real = path.resolve()
    if real.parent != folder.resolve():
        raise IgnoreFileMisplaced(
            f"The ignore file {str(path)!r} is really {str(real)!r}, and an ignore file must be at the top "
            f"level of the artifact folder. Move it to {str(folder)!r}, or take {name!r} off the list."
        )
    try:
        file, _ = open_regular(str(real))
        with file:
            text = file.read().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise IgnoreFileInvalid(
            f"The ignore file {str(path)!r} cannot be read ({error}). It must be a UTF-8 text that this user may read."
        ) from None
    if text.startswith("\ufeff"):
        raise IgnoreFileInvalid(
            f"The ignore file {str(path)!r} begins with a byte order mark, which makes its first rule useless. "
            "Save it without one."
        )
    return text


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
    """A rule, as the steps that a path must allow from its beginning on.

    It matches in time that grows with the length of the path, not with a power of it. Regular expressions try the
    places of every wildcard in turn: `*a*a*a*a*b` takes hours on a name of 200 letters. Here all places that the rule
    can have reached are kept at once, as the bits of one number.
    """

    steps: tuple[_Step, ...]

    def matches(self, path: str) -> bool:
        """Return whether the rule matches a path, as the regular expression that it was made of would."""
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
    """Return whether a regular expression has so many wildcards that it may take very long."""
    parts = [match.lastgroup for match in _PART.finditer(expression)]
    unbounded = sum(part in ("star", "plus", "any_folders", "inner_folders") for part in parts)
    return unbounded > _MOST_WILDCARDS


def compile_glob(expression: str) -> Matcher | None:
    """Return a matcher of the regular expression that pathspec makes of a gitignore pattern.

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
