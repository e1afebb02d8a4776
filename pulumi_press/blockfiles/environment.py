"""The environment's variables as templates see them: `os_env`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import Self

from pulumi_press.blockfiles.marks import Mark, Meaning, make_mark, split_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Environment", "FromEnvironment", "resolve"]


class FromEnvironment(str):
    """A text of which parts came from the environment, so that a program can read them there again."""

    parts: tuple[str | Mark, ...]
    """Fixed texts, and a mark for each variable, in their order."""

    __slots__ = ("parts",)

    def __new__(cls, value: str, parts: tuple[str | Mark, ...]) -> Self:
        """Make the text; `value` is what it reads now."""
        text = super().__new__(cls, value)
        text.parts = parts
        return text


class _Value(str):
    """A variable's value: it compares as itself, and prints as a mark."""

    _printed: str

    __slots__ = ("_printed",)

    def __new__(cls, value: str, name: str) -> Self:
        text = super().__new__(cls, value)
        text._printed = make_mark(Meaning.VARIABLE, name)
        return text

    def __str__(self) -> str:
        return self._printed


class Environment(dict[str, str]):
    """The variables, which remembers those that were asked for.

    Args:
        variables: the variables.
        marked: whether a value that is printed leaves a mark instead of itself.
    """

    def __init__(self, variables: Mapping[str, str], *, marked: bool = False) -> None:
        super().__init__({name: _Value(value, name) if marked else value for name, value in variables.items()})
        self.plain = dict(variables)
        """The variables as they are."""
        self.asked: set[str] = set()
        """Names that a template asked for and found."""

    def __getitem__(self, name: str) -> str:
        """Give a value."""
        value = super().__getitem__(name)
        self.asked.add(name)
        return value

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # No other type here.
        """Give a value, or the default."""
        try:
            return self[name]
        except KeyError:
            return default


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """Put the values in the place of the marks of variables; other marks stay."""

    def read(part: str | Mark) -> str:
        if isinstance(part, str):
            return part
        return variables[part.text] if part.meaning is Meaning.VARIABLE else make_mark(*part)

    return "".join(map(read, split_marks(text)))
