"""What a report says, as data, and the exit code that it asks for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "ABSENT",
    "FAILED",
    "SECRET",
    "Change",
    "Drift",
    "FailOn",
    "Files",
    "Message",
    "Outcome",
    "PropertyDiff",
    "Report",
    "StackReport",
    "exit_code",
]

SECRET: Final = "[secret]"  # noqa: S105  # What stands in place of one.


class Absent:
    """The type of `ABSENT`: there is no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Read as a word."""
        return "ABSENT"


ABSENT: Final = Absent()


class Outcome(Enum):
    """What a change leads to. A change with several effects has the first of them that fits."""

    DESTROY = "destroy"
    """The object is destroyed."""
    REPLACE = "replace"
    """The object is destroyed, and another takes its place."""
    RELEASE = "release"
    """A release is published."""
    REVISION = "revision"
    """A revision is deployed."""
    ROLLOUT = "rollout"
    """The rollout of a revision that is there is waited for, or deployed again."""
    PARAMETERS = "parameters"
    """The run parameters are changed in place."""
    PATCH = "patch"
    """The object is changed in place."""
    CREATE = "create"
    """The object is created."""
    NOTE = "note"
    """Nothing is sent to the service: only the stack's state takes note."""
    OTHER = "other"
    """A resource of another package is created or changed."""

    @property
    def is_destructive(self) -> bool:
        """Whether something that is there goes away."""
        return self in (Outcome.DESTROY, Outcome.REPLACE)


@dataclass(frozen=True)
class PropertyDiff:
    """A property that changes, as small a part as differs."""

    path: str
    """Such as `config.steps.train.command`."""
    old: Any
    """Its value before: what JSON can hold, with `[secret]` and `UNKNOWN`; `ABSENT` where there is none."""
    new: Any
    """Its value after."""
    effect: str = ""
    """What a change of this property means, in the words of the table of effects; empty for other packages."""
    forces: bool = False
    """Whether it forces the replacement."""
    drifted: bool = False
    """Whether it was changed behind the stack, and is put back."""


@dataclass(frozen=True)
class Files:
    """What changes in an artifact, by path."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unlisted: bool = False
    """Whether the artifact changes in files that are not listed, for there are too many."""

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.added or self.changed or self.removed or self.unlisted)


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    urn: str
    name: str
    """Name in the program."""
    type: str
    """`BlockSpec`, `BlockDeployment` and so on; the type token of a resource of another package."""
    is_press: bool
    """Whether it is one of this package's."""
    outcome: Outcome
    verb: str
    """What the engine does: `create`, `update`, `replace`, `delete`, `import`, `read` or `forget`."""
    block: str = ""
    """Name of the block on the service."""
    properties: tuple[PropertyDiff, ...] = ()
    """What differs; everything, of a new resource."""
    files: Files = Files()
    """What differs in the artifact."""
    release: tuple[Any, Any] | None = None
    """Versions before and after, of a spec or release, where they differ; `ABSENT` for none."""
    revision: tuple[Any, Any] | None = None
    """Revision numbers before and after, where they differ; `ABSENT` for none."""
    forced_by: tuple[str, ...] = ()
    """The properties that force the replacement; none where somebody asked for it."""
    rollout: str = ""
    """What is done about a deployment's rollout beside that, such as `deployed again`."""
    note: str = ""
    """What else is to be known, in a few words."""
    failed: bool = False
    """Whether it was tried, and failed."""

    @property
    def puts_back(self) -> tuple[str, ...]:
        """The properties that were changed behind the stack, and are put back."""
        return tuple(diff.path for diff in self.properties if diff.drifted)


@dataclass(frozen=True)
class Drift:
    """What was changed behind the stack's back."""

    urn: str
    name: str
    type: str
    is_press: bool
    """Whether it is one of this package's resources."""
    gone: bool = False
    """Whether the object is gone."""
    properties: tuple[PropertyDiff, ...] = ()
    """What differs: `old` is what the stack knew, `new` what is live."""
    answer: str = ""
    """What the operation does about it."""


@dataclass(frozen=True)
class Message:
    """An error or a warning."""

    severity: str
    """`error` or `warning`."""
    text: str
    """May have several lines."""
    name: str = ""
    """The resource it is about; empty for the program."""
    type: str = ""
    """That resource's type."""


@dataclass(frozen=True)
class StackReport:
    """What an operation does to one stack."""

    project: str
    stack: str
    """Both are empty where the engine did not tell."""
    changes: tuple[Change, ...] = ()
    drift: tuple[Drift, ...] = ()
    messages: tuple[Message, ...] = ()
    unchanged: int = 0
    """How many resources stay as they are."""
    is_update: bool = False
    """Whether it was done already, not only previewed."""
    failed: bool = False
    """Whether the operation failed, so that this is not all."""

    @property
    def name(self) -> str:
        """`project/stack`; empty where the engine did not tell."""
        return "/".join(filter(None, (self.project, self.stack)))

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many changes there are of each outcome."""
        return Counter(change.outcome for change in self.changes)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.changes or self.drift or self.messages or self.failed)


@dataclass(frozen=True)
class Report:
    """What operations do to one or several stacks."""

    stacks: tuple[StackReport, ...]

    @property
    def failed(self) -> bool:
        """Whether an operation failed."""
        return any(stack.failed for stack in self.stacks)

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many changes there are of each outcome, in all stacks."""
        return Counter(change.outcome for stack in self.stacks for change in stack.changes)

    @property
    def has_drift(self) -> bool:
        """Whether anything was changed behind a stack's back."""
        return any(stack.drift for stack in self.stacks)


UNCHANGED = 0
FAILED = 1
CHANGES = 2
DESTRUCTIVE = 3


class FailOn(str, Enum):
    """What may make a pipeline fail."""

    DESTROY = "destroy"
    """Something is destroyed, and nothing takes its place."""
    REPLACE = "replace"
    """Something is destroyed, and another takes its place."""
    CHANGE = "change"
    """Anything changes."""
    DRIFT = "drift"
    """Something was changed behind the stack's back."""


def exit_code(report: Report, fail_on: Collection[FailOn] = ()) -> int:
    """Give the exit code that a report asks for.

    Args:
        report: the report.
        fail_on: what counts; everything by default.

    Returns:
        1 where an operation failed. Else, of what counts, 3 where something is destroyed or replaced, 2 where something
        changes or was changed behind the stack, 0 otherwise.

    Example:
        ```python
        sys.exit(exit_code(report, [FailOn.DESTROY, FailOn.REPLACE]))
        ```
    """
    if report.failed:
        return FAILED
    counted = set(fail_on) or set(FailOn)
    outcomes = report.outcomes
    destructive = (FailOn.DESTROY, Outcome.DESTROY), (FailOn.REPLACE, Outcome.REPLACE)
    if any(kind in counted and outcomes.get(outcome) for kind, outcome in destructive):
        return DESTRUCTIVE
    if (FailOn.CHANGE in counted and outcomes) or (FailOn.DRIFT in counted and report.has_drift):
        return CHANGES
    return UNCHANGED
