"""The variables that templates can use: parameters and the environment, and what happens to one without a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import yaml
from jinja2 import Undefined
from typing_extensions import Self

from pulumi_press.peakfiles.errors import BlockfileError, Place
from pulumi_press.peakfiles.markers import Marker, Meaning, make_marker, split_markers

if TYPE_CHECKING:
    import os
    from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView

__all__ = [
    "Computed",
    "Environment",
    "FromEnvironment",
    "Missing",
    "find_asked",
    "gather_variables",
    "read_text",
    "read_texts_file",
    "require_value",
    "resolve",
]

TEXT_SUFFIXES = (".md", ".txt")


def gather_variables(params: Mapping[str, Any] | None, params_file: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Read the variables. One whose value is null is as good as not given.

    Args:
        params: values by name; they win.
        params_file: a YAML file with values by name.

    Raises:
        BlockfileError: the file cannot be read, or holds something else.
    """
    given = {} if params_file is None else _read_map(params_file)
    try:
        cleaned: dict[str, Any] = _without_nulls({**given, **(params or {})})
    except RecursionError:
        place = None if params_file is None else Place(str(params_file))
        raise BlockfileError("the parameters are nested too deeply", place) from None
    return cleaned


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a file of text.

    Raises:
        BlockfileError: there is none, or it is not text in UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BlockfileError("there is no such file", Place(str(path))) from None
    except UnicodeDecodeError:
        raise BlockfileError("is not text in UTF-8", Place(str(path))) from None
    except OSError as error:
        raise BlockfileError(f"cannot be read: {error.strerror}", Place(str(path))) from None


def read_texts_file(path: str | os.PathLike[str]) -> str:
    """Read a file that holds a description or notes; nothing in it is taken for a template.

    Raises:
        BlockfileError: as `read_text`, or it is of another sort than `.md` and `.txt`.
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
        # The library quotes what it found, which may be a secret.
        problem = re.sub(r"""['"].+['"]""", "...", getattr(error, "problem", None) or "a character is not allowed")
        raise BlockfileError(f"is not YAML: {problem}", Place(str(path), mark.line + 1 if mark else None)) from None
    except RecursionError:
        raise BlockfileError("is nested too deeply", Place(str(path))) from None
    if not isinstance(values, dict):
        raise BlockfileError("must hold parameters by name, such as `stage: prod`", Place(str(path)))
    return values


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


class FromEnvironment(str):
    """A text of which parts came from the environment, so that a program can read them there again."""

    parts: tuple[str | Marker, ...]
    """Fixed texts, and a mark for each variable, in their order."""

    __slots__ = ("parts",)

    def __new__(cls, value: str, parts: tuple[str | Marker, ...]) -> Self:
        """Make the text; `value` is what it reads now."""
        text = super().__new__(cls, value)
        text.parts = parts
        return text


class Computed(FromEnvironment):
    """A text that was computed from the environment and remembers no variable, so that it may be a secret."""

    key: str
    """A name for it, plain letters: what a program can ask its configuration for."""

    __slots__ = ("key",)

    def __new__(cls, value: str, key: str) -> Self:
        """Make the text; `value` is what it reads now."""
        text = super().__new__(cls, value, ())
        text.key = key
        return text


class _Value(str):
    """A variable's value: it compares as itself, and prints as a mark."""

    _printed: str

    __slots__ = ("_printed",)

    def __new__(cls, value: str, name: str) -> Self:
        text = super().__new__(cls, value)
        text._printed = make_marker(Meaning.VARIABLE, name)
        return text

    def __str__(self) -> str:
        return self._printed


class Environment:
    """The variables, which remembers those that were asked for.

    A template names what it wants. All of them at once are only for one that may list them: most are none of a
    block's business. Attributes begin with an underscore, so that no template reads them.

    Args:
        variables: the variables.
        marked: whether a value that is printed leaves a mark instead of itself.
        listed: whether a template may list them.
    """

    def __init__(self, variables: Mapping[str, str], *, marked: bool = False, listed: bool = False) -> None:
        self._plain = {name: value for name, value in variables.items() if name.isprintable()}
        self._values = {name: _Value(value, name) if marked else value for name, value in self._plain.items()}
        self._listed = listed
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Give a value."""
        value = self._values[name]
        self._asked.add(name)
        return value

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give a value, or the default."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        """Tell whether a variable is set."""
        return name in self._values

    def keys(self) -> KeysView[str]:
        """Give all names, where that is allowed."""
        return self._list().keys()

    def values(self) -> ValuesView[str]:
        """Give all values, where that is allowed."""
        return self._list().values()

    def items(self) -> ItemsView[str, str]:
        """Give all names and values, where that is allowed."""
        return self._list().items()

    def copy(self) -> dict[str, str]:
        """Give all, where that is allowed."""
        return dict(self._list())

    def __iter__(self) -> Iterator[str]:
        """Give all names, where that is allowed."""
        return iter(self._list())

    def __len__(self) -> int:
        """Count them, where that is allowed."""
        return len(self._list())

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._values)

    def __str__(self) -> str:
        """Print all, where that is allowed."""
        return str({name: str(value) for name, value in self._list().items()})

    __repr__ = __str__

    def _list(self) -> dict[str, str]:
        if not self._listed:
            _refuse_list()
        self._asked.update(self._values)
        return self._values


def _refuse_list() -> NoReturn:
    raise BlockfileError(
        "os_env cannot be listed: name the variables that the file needs, such as os_env.STAGE, or pass list_env=True"
    )


def find_asked(environment: Environment) -> frozenset[str]:
    """Give the names that templates asked for and found."""
    return frozenset(environment._asked)  # noqa: SLF001  # Hidden from templates, not from here.


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """Put the values in the place of the marks of variables; other marks stay."""

    def read(part: str | Marker) -> str:
        if isinstance(part, str):
            return part
        return variables.get(part.text, "") if part.meaning is Meaning.VARIABLE else make_marker(*part)

    return "".join(map(read, split_markers(text)))


T = TypeVar("T")


class Missing(Undefined):
    """A variable without a value. It prints as nothing, as the command has it."""

    __slots__ = ()

    def refuse(self) -> None:
        """Refuse it, unless it is what an `if` without an `else` leaves.

        Raises:
            BlockfileError: the place is for the caller.
        """
        name = self._undefined_name
        if name is None:
            return
        if isinstance(self._undefined_obj, Environment):
            message = f"the environment variable {name} is not set, and a text is made of it"
            raise BlockfileError(message, names=(name,))
        raise BlockfileError(
            f"{name!r} has no value, and a text is made of it: give it as a parameter, "
            f"or write {{{{ {name} | default('') }}}} where nothing will do",
            names=(name,),
        )


def require_value(value: T) -> T:
    """Let a value pass that is there."""
    if isinstance(value, Missing):
        value.refuse()
    return value
