"""The data of a report, and its exit code."""

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
    "PUT_BACK",
    "SECRET",
    "UP_TO_DATE",
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

SECRET: Final = "[secret]"  # noqa: S105  # Shown in place of a secret.


class Absent:
    """The type of `ABSENT`: there is no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return its name."""
        return "ABSENT"


ABSENT: Final = Absent()


class Outcome(Enum):
    """The effect of a change. Of several effects, the first in this order counts."""

    DESTROY = "destroy"
    """The object is destroyed."""
    REPLACE = "replace"
    """The object is destroyed and a new one is created."""
    RELEASE = "release"
    """A release is published."""
    REVISION = "revision"
    """A revision is deployed."""
    ROLLOUT = "rollout"
    """An existing revision is waited for, or deployed again."""
    PARAMETERS = "parameters"
    """The run parameters change in place."""
    PATCH = "patch"
    """The object changes in place."""
    CREATE = "create"
    """The object is created."""
    NOTE = "note"
    """Only the stack's state changes; nothing is sent to the service."""
    OTHER = "other"
    """A resource of another package is created or changed."""

    @property
    def is_destructive(self) -> bool:
        """Whether an existing object is destroyed."""
        return self in (Outcome.DESTROY, Outcome.REPLACE)


@dataclass(frozen=True)
class PropertyDiff:
    """A changed property, narrowed down to the part that differs."""

    path: str
    """Such as `config.steps.train.command`."""
    old: Any
    """Value before: JSON, `[secret]`, `UNKNOWN`, or `ABSENT` where there is none."""
    new: Any
    """Value after, in the same form."""
    effect: str = ""
    """Effect of changing it, a value of `provider.fields.Effect`; empty for other packages."""
    forces: bool = False
    """Whether it forces the replacement."""
    drifted: bool = False
    """Whether it was changed outside the stack and is put back."""


@dataclass(frozen=True)
class Files:
    """The changed files of an artifact, by path."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unlisted: bool = False
    """Whether the content differs but the artifact has too many files to list."""

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.added or self.changed or self.removed or self.unlisted)


@dataclass(frozen=True)
class Change:
    """A change of one resource."""

    urn: str
    name: str
    """Name in the program."""
    type: str
    """`BlockSpec`, `BlockDeployment` and so on; the type token of a resource of another package."""
    is_press: bool
    """Whether it is a resource of this package."""
    outcome: Outcome
    verb: str
    """Operation of the engine: `create`, `update`, `replace`, `delete`, `import`, `read` or `forget`."""
    block: str = ""
    """Name of the block on the service."""
    properties: tuple[PropertyDiff, ...] = ()
    """The properties that differ; all of them for a new resource."""
    files: Files = Files()
    """The files that differ in the artifact."""
    release: tuple[Any, Any] | None = None
    """Version before and after of a spec or release, if it changes; `ABSENT` where there is none."""
    revision: tuple[Any, Any] | None = None
    """Revision number before and after, if it changes; `ABSENT` where there is none."""
    forced_by: tuple[str, ...] = ()
    """Paths that force the replacement; empty if it was requested (`--replace`)."""
    rollout: str = ""
    """What happens to the rollout of a deployment, such as `deployed again`, unless it follows from the change."""
    note: str = ""
    """A remark in a few words."""
    failed: bool = False
    """Whether the engine tried it and failed."""

    @property
    def puts_back(self) -> tuple[str, ...]:
        """Paths that were changed outside the stack and are put back."""
        return tuple(diff.path for diff in self.properties if diff.drifted)


PUT_BACK = "put back"
UP_TO_DATE = "brought up to date"


@dataclass(frozen=True)
class Drift:
    """A resource that was changed outside the stack."""

    urn: str
    name: str
    type: str
    is_press: bool
    """Whether it is a resource of this package."""
    gone: bool = False
    """Whether the object no longer exists."""
    properties: tuple[PropertyDiff, ...] = ()
    """The properties that differ: `old` in the state, `new` on the service."""
    answer: str = ""
    """What the operation does about it."""

    @property
    def is_resolved(self) -> bool:
        """Whether the operation undoes all of it, so that a change lists the values."""
        return self.answer in (PUT_BACK, UP_TO_DATE)


@dataclass(frozen=True)
class Message:
    """An error or a warning."""

    severity: str
    """`error` or `warning`."""
    text: str
    """The text, possibly of several lines."""
    name: str = ""
    """Name of the resource; empty for the program."""
    type: str = ""
    """Type of the resource."""


@dataclass(frozen=True)
class StackReport:
    """The effects of an operation on one stack."""

    project: str
    stack: str
    """Both are empty if no resource names the stack."""
    changes: tuple[Change, ...] = ()
    drift: tuple[Drift, ...] = ()
    messages: tuple[Message, ...] = ()
    unchanged: int = 0
    """Number of resources that do not change."""
    is_update: bool = False
    """Whether the operation was an update, not a preview."""
    failed: bool = False
    """Whether the operation failed; changes may be missing then."""

    @property
    def name(self) -> str:
        """`project/stack`; empty if unknown."""
        return "/".join(filter(None, (self.project, self.stack)))

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """Number of changes by outcome."""
        return Counter(change.outcome for change in self.changes)

    @property
    def is_quiet(self) -> bool:
        """Whether there are no changes, drift, messages or failure."""
        return not (self.changes or self.drift or self.messages or self.failed)


@dataclass(frozen=True)
class Report:
    """The effects of operations on one or several stacks."""

    stacks: tuple[StackReport, ...]

    @property
    def failed(self) -> bool:
        """Whether any operation failed."""
        return any(stack.failed for stack in self.stacks)

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """Number of changes by outcome, over all stacks."""
        return Counter(change.outcome for stack in self.stacks for change in stack.changes)

    @property
    def has_drift(self) -> bool:
        """Whether any stack has drift."""
        return any(stack.drift for stack in self.stacks)


UNCHANGED = 0
FAILED = 1
CHANGES = 2
DESTRUCTIVE = 3


class FailOn(str, Enum):
    """Kinds of changes that a pipeline can fail on."""

    DESTROY = "destroy"
    """An object is destroyed."""
    REPLACE = "replace"
    """An object is replaced."""
    CHANGE = "change"
    """Anything changes."""
    DRIFT = "drift"
    """Something was changed outside the stack."""


def exit_code(report: Report, fail_on: Collection[FailOn] = ()) -> int:
    """Return the exit code of a report.

    Args:
        report: the report.
        fail_on: the kinds that count; all by default.

    Returns:
        1 if an operation failed. Otherwise, of the kinds that count: 3 if an object is destroyed or replaced, 2 if
        anything changes or has drifted, 0 if not.

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
