"""What every resource's life has in common: its table, and what each step of the engine gives back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press.provider.errors import SettingsError
from pulumi_press.provider.fields import Change, Effect, Field, find_changes
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import find_output_texts
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = ["CheckResult", "Diff", "ReadResult", "Resource", "SecretPath"]

SecretPath = tuple[str | int, ...]
"""The way to a value, key by key."""


@dataclass(frozen=True)
class CheckResult:
    """What `check` found."""

    inputs: Values
    """The inputs, with what was computed from them."""
    failures: list[CheckFailure] = field(default_factory=list)
    """Every mistake; the inputs are of no use if there is one."""


@dataclass(frozen=True)
class Diff:
    """What `diff` found."""

    changes: tuple[Change, ...] = ()
    """The changed fields."""
    delete_before_replace: bool = False
    """Whether the old object must go before the new one can be made."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """The leaves that force a replacement."""
        return tuple(path for change in self.changes if change.field.effect is Effect.REPLACE for path in change.paths)

    def paths(self, *effects: Effect) -> tuple[str, ...]:
        """Give the changed leaves that have one of these effects."""
        return tuple(path for change in self.changes if change.field.effect in effects for path in change.paths)


@dataclass(frozen=True)
class ReadResult:
    """An object as it is on the service now."""

    outputs: Values
    """What the state is to hold of it."""
    inputs: Values
    """The inputs that would make it so: what the next preview compares with."""


class Resource(ABC):
    """The life of one kind of resource.

    Values are plain: what JSON can hold, with `UNKNOWN` where the engine does not know yet. Every method may raise
    `ProviderError` or the API's `PressError`.
    """

    kind: ClassVar[str]
    """What people call it."""
    fields: ClassVar[tuple[Field, ...]]
    """Input -> what a change of it means."""

    is_part: ClassVar[bool] = False
    """Whether it is only a part of another resource, which then says where both are."""

    @abstractmethod
    def check(self, olds: Values, news: Values, context: Context) -> CheckResult:
        """Find every mistake, and compute what follows from the inputs alone.

        Args:
            olds: the inputs of last time, as this method gave them; empty for a new object.
            news: the inputs as the program has them.
            context: the surroundings.
        """

    def diff(self, id: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed, and so what will be done. Sends nothing.

        Args:
            id: the object's id.
            olds: its outputs, as the state has them.
            news: the inputs that `check` gave.
            context: the surroundings.
        """
        diff = self.compare(olds, news)
        if not diff.replaces:
            # Else the old object may be gone already, and the notes are about the one that was to take its place.
            self.clear_intents(id, olds, context)
        return diff

    @abstractmethod
    def clear_intents(self, id: str, outputs: Values, context: Context) -> None:
        """Forget the notes about what the state has by now."""

    def compare(self, olds: Values, news: Values) -> Diff:
        """Find the fields that differ."""
        return Diff(tuple(find_changes(self.fields, olds, news)))

    @abstractmethod
    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Make the object; give its id and outputs."""

    @abstractmethod
    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the object; None when it is gone."""

    @abstractmethod
    def update(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        """Do what the changed fields ask for; give the new outputs."""

    @abstractmethod
    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Take the object away; nothing to do when it is gone already."""


def check_settings(context: Context) -> list[CheckFailure]:
    """Tell what is wrong with the settings as mistakes, so that a preview shows them."""
    try:
        context.settings()
    except SettingsError as error:
        return [CheckFailure("", failure) for failure in error.failures]
    return []


def find_failures(shape: Any, given: Values, context: Context, *further: str) -> list[CheckFailure]:
    """Find the mistakes that need neither the service nor the files: of settings, declaration and shape.

    Args:
        shape: the shape of the arguments.
        given: the arguments.
        context: the surroundings.
        further: arguments that are no inputs.
    """
    declared = context.declaration.find_failures([*shape.__annotations__, *further, "opts"])
    declared += find_output_texts(given)
    told = {failure.property for failure in declared}
    shaped = [failure for failure in validate(shape, given) if failure.property not in told]
    return [*check_settings(context), *declared, *shaped]


def has_failures(failures: Iterable[CheckFailure], *paths: str) -> bool:
    """Tell whether there is a mistake of the whole, at one of these inputs, or in it."""
    return any(not failure.property or failure.property.startswith(paths) for failure in failures)


def name_of(values: Values) -> str:
    """Give the name that people know a block by."""
    metadata: Any = values.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else "(no name yet)"
