"""What a change of each input means: one table per resource, read by check, diff, update and the docs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.values import align, find_changed_paths, get, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.provider.values import Values

__all__ = ["Change", "Effect", "Field", "find_changes"]


class Effect(Enum):
    """What happens when an input changes."""

    REPLACE = "replace"
    """A new object takes the place of the old one."""
    PATCH = "patch"
    """One PATCH changes the object in place."""
    RELEASE = "new release"
    """A new release is published; the spec keeps its id."""
    REVISION = "new revision"
    """A new revision is deployed; the deployment keeps its id."""
    PARAMETERS = "run parameters"
    """One PATCH changes the run parameters; no new revision."""
    NONE = "nothing"
    """Only the state takes note."""


@dataclass(frozen=True)
class Field:
    """An input, or a group of inputs, whose change has one effect."""

    path: str
    """Path in the inputs, keys joined by dots."""
    effect: Effect
    """What a change of it, or of anything in it, means."""
    default: Any = None
    """What the service takes when it is left out; None where it takes nothing."""
    empty_is_absent: bool = False
    """Whether the service makes no difference between empty and absent, in the field or its direct members."""
    unordered: bool = False
    """Whether the order in lists, the field itself or direct members of it, makes no difference to the service."""
    computed: bool = False
    """Whether `check` fills it in, not the program."""
    api: str = ""
    """Where the service has it, in the answer that `read` looks at; empty where the service does not tell it."""

    @property
    def tolerance(self) -> str:
        """What is no difference, in words."""
        words = ["empty and absent"] if self.empty_is_absent else []
        words += ["another order in lists"] if self.unordered else []
        if self.default is not None:
            words.append(f"absent and `{json.dumps(self.default)}`")
        return "; ".join(words)

    def value(self, values: Values) -> Any:
        """Give its value in the inputs, the default where it is left out."""
        value = get(values, self.path)
        return self.default if value is None else value


@dataclass(frozen=True)
class Change:
    """A changed field, and the leaves in which it changed."""

    field: Field
    paths: tuple[str, ...]


def _find_leaves(field: Field, olds: Values, news: Values) -> Iterator[str]:
    old, new = field.value(olds), field.value(news)
    if field.unordered:
        old, new = align(old, new)
    return find_changed_paths(old, new, field.path, empty_is_absent=field.empty_is_absent)


def find_changes(fields: Iterable[Field], olds: Values, news: Values) -> list[Change]:
    """Find the fields whose values differ in meaning, in the order of the table."""
    if is_alike(olds, news):
        return []
    found = []
    for field in fields:
        paths = tuple(_find_leaves(field, olds, news))
        if paths:
            found.append(Change(field, paths))
    return found
