"""What a change of each input leads to: one table per resource, read by diff, plan, update and the docs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.provider.values import align, find_differences, get, is_alike, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_press.provider.values import Values

__all__ = ["Change", "ChangeKind", "Effect", "Field", "describe_reasons", "find_changes", "take_patched"]

ChangeKind = Literal["add", "delete", "update"]
"""What happens to a value."""


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
    REDEPLOY = "redeploy"
    """The revision that was asked for is awaited, and deployed again where it failed."""
    NONE = "nothing"
    """Only the state changes."""


@dataclass(frozen=True)
class Field:
    """An input, or a group of inputs, whose change has one effect."""

    path: str
    """Path in the inputs, keys joined by dots."""
    effect: Effect
    """What a change of it, or of anything in it, leads to."""
    default: Any = None
    """What the service takes when it is left out; None where it takes nothing."""
    empty_is_absent: bool = False
    """Whether the service makes no difference between empty and absent, in the field or its direct members."""
    unordered: bool = False
    """Whether the order in lists, the field itself or direct members of it, makes no difference to the service."""
    computed: bool = False
    """Whether it is an output that no program gives."""
    chosen: bool = False
    """Whether it is an output that a program may give; where it does not, `plan` chooses."""
    api: str = ""
    """Where the service has it, in the answer that `read` looks at; empty where the service does not return it."""

    @property
    def tolerance(self) -> str:
        """What counts as no difference, as text."""
        parts = ["empty and absent"] if self.empty_is_absent else []
        parts += ["another order in lists"] if self.unordered else []
        if self.default is not None:
            parts.append(f"absent and `{json.dumps(self.default)}`")
        return "; ".join(parts)

    def value(self, values: Values) -> Any:
        """Return its value in the inputs, the default where it is left out."""
        value = get(values, self.path)
        return self.default if value is None else value


def take_patched(fields: Iterable[Field], olds: Values, news: Values) -> Values:
    """Return old values with what is changed in place as the new ones have it."""
    for field in fields:
        if field.effect is Effect.PATCH:
            olds = put(olds, field.path, field.value(news))
    return olds


@dataclass(frozen=True)
class Change:
    """A changed field."""

    field: Field
    kinds: Mapping[str, ChangeKind]
    """What happened to each smallest part that changed, by its path."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of what changed."""
        return tuple(self.kinds)


def find_changes(fields: Iterable[Field], olds: Values, news: Values) -> list[Change]:
    """Return the fields whose values differ in meaning, in the order of the table."""
    if is_alike(olds, news):
        return []
    changes = (Change(field, _find_kinds(field, olds, news)) for field in fields)
    return [change for change in changes if change.kinds]


def _find_kinds(field: Field, olds: Values, news: Values) -> dict[str, ChangeKind]:
    old, new = field.value(olds), field.value(news)
    if field.unordered:
        old, new = align(old, new)
    differences = find_differences(old, new, field.path, empty_is_absent=field.empty_is_absent)
    return {path: _name_kind(before, after) for path, before, after in differences}


def _name_kind(before: object, after: object) -> ChangeKind:
    if before is None:
        return "add"
    return "delete" if after is None else "update"


def describe_reasons(paths: Sequence[str], olds: Values, news: Values) -> str:
    """Return in a few words what changed: `config.steps.train.command and 2 files`."""
    names = [path for path in paths if path not in ("artifact.digest", "artifact")]
    if len(names) < len(paths):
        names.append(_count_files(get(olds, "artifact.files"), get(news, "artifact.files")))
    if len(names) > 4:  # noqa: PLR2004  # A line holds about so many.
        names = [*names[:3], f"{len(names) - 3} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "something"


def _count_files(old: Any, new: Any) -> str:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return "the artifact"
    count = sum(old.get(name) != new.get(name) for name in {*old, *new})
    return f"{count} file{'' if count == 1 else 's'}"
