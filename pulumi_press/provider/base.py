"""What all resources have in common: their operations, as the engine's protocol names them, and what those return."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press.client.errors import PressError
from pulumi_press.provider.adoption import note_claim, note_owner
from pulumi_press.provider.context import Request, State
from pulumi_press.provider.errors import ProviderError, SettingsError
from pulumi_press.provider.fields import Change, ChangeKind, Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.settings import describe_absence, is_elsewhere, note_found
from pulumi_press.provider.values import Values, get, name_of
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import contains_unknown, find_output_texts
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.provider.context import Context

__all__ = ["CheckError", "CheckResult", "Diff", "Resource", "find_failures", "has_failures"]


class CheckError(ProviderError):
    """The inputs cannot be carried out.

    Args:
        failures: why, by property.
    """

    def __init__(self, failures: list[CheckFailure]) -> None:
        super().__init__("\n".join(map(str, failures)))
        self.failures = failures


@dataclass(frozen=True)
class CheckResult:
    """What `check` returns."""

    inputs: Values
    """The inputs, completed from the settings."""
    failures: list[CheckFailure] = field(default_factory=list)
    """Every failure; the inputs are of no use if there is one."""


@dataclass(frozen=True)
class Diff:
    """What `diff` returns."""

    changes: tuple[Change, ...] = ()
    """The changed fields."""
    delete_before_replace: bool = False
    """Whether the old object must be deleted before the new one can be made."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """The paths that force a replacement."""
        return self.paths(Effect.REPLACE)

    def paths(self, *effects: Effect) -> tuple[str, ...]:
        """Return the changed paths that have one of these effects."""
        return tuple(path for change in self.changes if change.field.effect in effects for path in change.paths)

    @property
    def details(self) -> dict[str, tuple[ChangeKind, Effect]]:
        """The kind of each change, and what it leads to, by path."""
        return {path: (kind, change.field.effect) for change in self.changes for path, kind in change.kinds.items()}


class Resource(ABC):
    """One kind of resource.

    Values are plain: what JSON can hold, with `UNKNOWN` where the engine does not know yet. Every method may raise
    `ProviderError` or the client's `PressError`.
    """

    kind: ClassVar[str]
    """What people call it."""
    fields: ClassVar[tuple[Field, ...]]
    """Input -> what a change of it leads to."""
    shape: ClassVar[str] = ""
    """The shape of its arguments, by its name in `schema.arguments`, which is loaded where something is checked."""
    is_part: ClassVar[bool] = False
    """Whether it is only a part of another resource, whose entry says where both are."""

    @abstractmethod
    def check(self, request: Request) -> CheckResult:
        """Return the inputs as the state will have them, or every failure. The request's inputs are the program's."""

    @abstractmethod
    def plan(self, request: Request) -> Values:
        """Return the outputs that the inputs will lead to: the next version, the next revision's number, digests.

        Raises:
            CheckError: the service would refuse what they lead to.
        """

    def find_planned(self, request: Request) -> State:
        """Return the state that the request asks for."""
        return State(request.inputs, self.plan(request) if request.planned is None else request.planned)

    def with_plan(self, request: Request) -> Request:
        """Return the request with its plan, so that it is made once: it may read a folder, and ask the service."""
        return request if request.planned is not None else replace(request, planned=self.plan(request))

    def diff(self, request: Request) -> Diff:
        """Return what changed, and so what will be done. Changes nothing on the service."""
        new = self.find_planned(request)
        diff = self.compare(request.olds, new.values)
        if not diff.replaces:
            # Else the old object may be gone already, and the notes are about the one that was to take its place.
            self.clear_intents(request)
        self._warn_if_elsewhere(request)
        note_owner(self.kind, request.id, request)
        note_claim(self.kind, request)
        # With unknown values the engine asks about every dependent of what a destroy deletes, too: none is replaced.
        if known := [path for path in diff.replaces if not contains_unknown(get(new.values, path))]:
            subject = name_of(new.values) if "metadata" in new.values else self.kind
            request.log(f"{subject}: replaced because {describe_reasons(known, request.olds, new.values)} changed")
        return diff

    def preview(self, request: Request) -> State:
        """Return the state that a create or update will lead to, `UNKNOWN` where only the service can tell."""
        return self.find_planned(request)

    @abstractmethod
    def clear_intents(self, request: Request) -> None:
        """Forget the notes about what the old state has."""

    def compare(self, olds: Values, news: Values) -> Diff:
        """Return the fields that differ."""
        return Diff(tuple(find_changes(self.fields, olds, news)))

    @abstractmethod
    def create(self, request: Request) -> tuple[str, State]:
        """Make the object; return its id and state."""

    def read(self, request: Request) -> State | None:
        """Return the object as it is on the service; None when it is gone.

        Raises:
            ProviderError: there is none, and the state has none either: an import, or a `get`.
        """
        state = self.fetch(request)
        if state is not None:
            note_found(request)
        elif request.old is None:
            # An empty answer would pass for an object without properties.
            raise ProviderError(f"there is no {self.kind} with the id {request.id}")
        elif is_elsewhere(request) and not self.is_part:
            absence = describe_absence(self._describe(request), request)
            request.log(f"{absence}, and may still exist there; it is only removed from the state", warning=True)
        return state

    @abstractmethod
    def fetch(self, request: Request) -> State | None:
        """Return the object as it is on the service; None when it is not there."""

    @abstractmethod
    def update(self, request: Request) -> State:
        """Do what the changed fields lead to; return the new state."""

    @abstractmethod
    def delete(self, request: Request) -> None:
        """Delete the object; nothing to do when it is gone already."""

    def await_ready(self, request: Request) -> str:
        """Wait until the object does what the request asks for; return its status.

        Raises:
            RolloutError: it ended in another way, or took too long.
        """
        del request
        return ""

    def _warn_if_elsewhere(self, request: Request) -> None:
        """Warn where the settings lead to another address or tenant than before, and the object is not there.

        One look is enough where the first object is found: then it is the same place by another name.
        """
        if self.is_part or not is_elsewhere(request):
            return
        with suppress(PressError, ProviderError):  # What cannot be asked now fails when something is to be done.
            if self.fetch(replace(request, log=_log_nothing)) is None:
                absence = describe_absence(self._describe(request), request)
                request.log(f"{absence}, so these settings do not reach it", warning=True)
            else:
                note_found(request)

    def _describe(self, request: Request) -> str:
        name = f" {name_of(request.olds)}" if "metadata" in request.olds else ""
        return f"{self.kind}{name} ({request.id})"


def _log_nothing(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """Show nothing."""
    del message, warning, ephemeral


def check_settings(context: Context) -> list[CheckFailure]:
    """Return what is wrong with the settings, so that a preview shows it."""
    try:
        context.settings()
    except SettingsError as error:
        return [CheckFailure("", reason) for reason in error.failures]
    return []


def find_failures(shape: Any, request: Request, *further: str) -> list[CheckFailure]:
    """Find the failures that need neither the service nor the files: of settings, declaration and shape.

    Args:
        shape: the shape of the arguments.
        request: the request.
        further: arguments that are not inputs.
    """
    known_names = dict.fromkeys([*shape.__annotations__, *further, "opts"])
    declared = request.declaration.find_failures(known_names)
    declared += find_output_texts(request.inputs)
    known = {failure.property for failure in declared}
    shaped = [failure for failure in validate(shape, request.inputs) if failure.property not in known]
    return [*check_settings(request), *declared, *shaped]


def has_failures(failures: Iterable[CheckFailure], *paths: str) -> bool:
    """Return whether there is a failure of the whole, at one of these inputs, or in it."""
    return any(not failure.property or failure.property.startswith(paths) for failure in failures)
