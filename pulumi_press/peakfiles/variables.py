"""Template variables and markers: what stands for a value that is not known while a file is read."""

from __future__ import annotations

import re
import secrets
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import yaml
from jinja2 import Undefined
from typing_extensions import Self

from pulumi_press.peakfiles.errors import BlockfileError, Place

if TYPE_CHECKING:
    import os
    from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView

__all__ = [
    "Computed",
    "Environment",
    "FromEnvironment",
    "Marker",
    "Meaning",
    "Missing",
    "find_markers",
    "find_used",
    "gather_variables",
    "make_marker",
    "read_text",
    "read_text_argument",
    "require_value",
    "resolve",
    "split_markers",
    "strip_markers",
]

_OPEN, _CLOSE = f"\ue000{secrets.token_hex(8)}", "\ue001"


class Meaning(Enum):
    """What a marker means."""

    LINE = "L"
    """The following text comes from this line of this file: `file:line`, with the file's number."""
    CONTEXT = "C"
    """The rest of the value is a path relative to the folder of this file; same form as LINE."""
    VARIABLE = "V"
    """Stands for the value of the environment variable with this name."""


class Marker(NamedTuple):
    """A marker found in a text."""

    meaning: Meaning
    text: str


_MARKER = re.compile(f"{_OPEN}([{''.join(meaning.value for meaning in Meaning)}])([^{_CLOSE}]*){_CLOSE}")


def make_marker(meaning: Meaning, text: str) -> str:
    """Return a marker as text."""
    return f"{_OPEN}{meaning.value}{text}{_CLOSE}"


def find_markers(text: str) -> Iterator[Marker]:
    """Yield the markers in a text, in order."""
    for match in _MARKER.finditer(text):
        yield Marker(Meaning(match[1]), match[2])


def strip_markers(text: str) -> str:
    """Return the text without markers."""
    return _MARKER.sub("", text)


def split_markers(text: str) -> Iterator[str | Marker]:
    """Yield the markers of a text and the pieces between them, in order."""
    end = 0
    for match in _MARKER.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield Marker(Meaning(match[1]), match[2])
        end = match.end()
    if end < len(text):
        yield text[end:]


TEXT_SUFFIXES = (".md", ".txt")


def gather_variables(params: Mapping[str, Any] | None, params_file: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Return the template variables. A null value counts as not given.

    Args:
        params: values by name; they override the file.
        params_file: a YAML file with values by name.

    Raises:
        BlockfileError: the file cannot be read, or is not a map.
    """
    given = {} if params_file is None else _read_map(params_file)
    try:
        cleaned: dict[str, Any] = _without_nulls({**given, **(params or {})})
    except RecursionError:
        place = None if params_file is None else Place(str(params_file))
        raise BlockfileError("the parameters are nested too deeply", place) from None
    return cleaned


def read_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a file.

    Raises:
        BlockfileError: the file does not exist, cannot be read, or is not UTF-8 text.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BlockfileError("does not exist", Place(str(path))) from None
    except UnicodeDecodeError:
        raise BlockfileError("is not UTF-8 text", Place(str(path))) from None
    except OSError as error:
        raise BlockfileError(f"cannot be read: {error.strerror}", Place(str(path))) from None


def read_text_argument(path: str | os.PathLike[str]) -> str:
    """Return the text of a file with a description or notes, which is not a template.

    Raises:
        BlockfileError: as for `read_text`, or the file is neither `.md` nor `.txt`.
    """
    if Path(path).suffix not in TEXT_SUFFIXES:
        raise BlockfileError(f"must be a {' or '.join(TEXT_SUFFIXES)} file", Place(str(path)))
    return read_text(path)


def _read_map(path: str | os.PathLike[str]) -> dict[str, Any]:
    text = read_text(path)
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # The library quotes what it found, which may be secret.
        problem = re.sub(r"""['"].+['"]""", "...", getattr(error, "problem", None) or "a character is not allowed")
        raise BlockfileError(
            f"is not valid YAML: {problem}", Place(str(path), mark.line + 1 if mark else None)
        ) from None
    except RecursionError:
        raise BlockfileError("is nested too deeply", Place(str(path))) from None
    if not isinstance(values, dict):
        raise BlockfileError("must be a map of parameters, such as `stage: prod`", Place(str(path)))
    return values


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


class FromEnvironment(str):
    """A text with parts from the environment, which a generated program can read there again."""

    parts: tuple[str | Marker, ...]
    """Fixed texts, and a marker for each variable, in order."""

    __slots__ = ("parts",)

    def __new__(cls, value: str, parts: tuple[str | Marker, ...]) -> Self:
        """Create the text; `value` is its current value."""
        text = super().__new__(cls, value)
        text.parts = parts
        return text


class Computed(FromEnvironment):
    """A text computed from the environment by an expression, so that it may be a secret."""

    key: str
    """A key for it in the configuration of a generated program."""

    __slots__ = ("key",)

    def __new__(cls, value: str, key: str) -> Self:
        """Create the text; `value` is its current value."""
        text = super().__new__(cls, value, ())
        text.key = key
        return text


class _Value(str):
    """A variable's value: it compares as itself and prints as a marker."""

    _printed: str

    __slots__ = ("_printed",)

    def __new__(cls, value: str, name: str) -> Self:
        text = super().__new__(cls, value)
        text._printed = make_marker(Meaning.VARIABLE, name)
        return text

    def __str__(self) -> str:
        return self._printed


class Environment:
    """The environment's variables, as `os_env`. It records which ones a template uses.

    Listing all variables needs permission, since most of them have nothing to do with a block. Attributes start with
    an underscore, so that the sandbox keeps them from templates.

    Args:
        variables: the variables.
        marked: whether a printed value becomes a marker.
        listed: whether a template may list the variables.
    """

    def __init__(self, variables: Mapping[str, str], *, marked: bool = False, listed: bool = False) -> None:
        self._plain = {name: value for name, value in variables.items() if name.isprintable()}
        self._values = {name: _Value(value, name) if marked else value for name, value in self._plain.items()}
        self._listed = listed
        self._used: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Return a value."""
        value = self._values[name]
        self._used.add(name)
        return value

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return a value, or the default."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        """Return whether a variable is set."""
        return name in self._values

    def keys(self) -> KeysView[str]:
        """Return all names, if listing is allowed."""
        return self._list().keys()

    def values(self) -> ValuesView[str]:
        """Return all values, if listing is allowed."""
        return self._list().values()

    def items(self) -> ItemsView[str, str]:
        """Return all names and values, if listing is allowed."""
        return self._list().items()

    def copy(self) -> dict[str, str]:
        """Return a dict of all variables, if listing is allowed."""
        return dict(self._list())

    def __iter__(self) -> Iterator[str]:
        """Iterate over all names, if listing is allowed."""
        return iter(self._list())

    def __len__(self) -> int:
        """Return the number of variables, if listing is allowed."""
        return len(self._list())

    def __bool__(self) -> bool:
        """Return whether there are any variables."""
        return bool(self._values)

    def __str__(self) -> str:
        """Return all variables as text, if listing is allowed."""
        return str({name: str(value) for name, value in self._list().items()})

    __repr__ = __str__

    def _list(self) -> dict[str, str]:
        if not self._listed:
            _refuse_list()
        self._used.update(self._values)
        return self._values


def _refuse_list() -> NoReturn:
    raise BlockfileError(
        "os_env cannot be listed: name the variables that the file needs, such as os_env.STAGE, or allow it with "
        "list_env=True (`--list-env`)"
    )


def find_used(environment: Environment) -> frozenset[str]:
    """Return the names of the variables that templates used."""
    return frozenset(environment._used)  # noqa: SLF001  # Hidden from templates, not from here.


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """Return the text with values for the markers of variables; other markers stay."""

    def read(part: str | Marker) -> str:
        if isinstance(part, str):
            return part
        return variables.get(part.text, "") if part.meaning is Meaning.VARIABLE else make_marker(*part)

    return "".join(map(read, split_markers(text)))


T = TypeVar("T")


class Missing(Undefined):
    """A variable without a value. It prints as an empty text, as with the `peak` command."""

    __slots__ = ()

    def refuse(self) -> None:
        """Raise an error, unless the value is the result of an `if` without an `else`.

        Raises:
            BlockfileError: without a place; the caller adds it.
        """
        name = self._undefined_name
        if name is None:
            return
        if isinstance(self._undefined_obj, Environment):
            raise BlockfileError(
                f"the environment variable {name} is not set, but a text uses it: set it, or write "
                f"{{{{ os_env.{name} | default('') }}}} if it may be empty",
                names=(name,),
            )
        raise BlockfileError(
            f"{name!r} has no value, but a text uses it: pass it as a parameter, "
            f"or write {{{{ {name} | default('') }}}} if it may be empty",
            names=(name,),
        )


def require_value(value: T) -> T:
    """Return the value; raise `BlockfileError` if a variable without a value is used in a text."""
    if isinstance(value, Missing):
        value.refuse()
    return value
