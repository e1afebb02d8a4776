"""What an operation of the engine does, step by step, whichever way the engine told it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.plugin.kinds import KINDS
from pulumi_press.provider.values import normalize
from pulumi_press.report.errors import PreviewError

if TYPE_CHECKING:
    from pulumi_press.provider.values import Values

__all__ = [
    "Operation",
    "Refresh",
    "State",
    "Step",
    "Telling",
    "Urn",
    "as_dict",
    "as_list",
    "as_text",
    "as_texts",
    "read_state",
]

PRESS_TYPE = "pulumi-python:dynamic/press:"
STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:"


class Urn(NamedTuple):
    """A resource's name in full, taken apart."""

    text: str
    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Take a URN apart; what is none gives a resource of that name, of no type."""
        parts = text.removeprefix("urn:pulumi:").split("::", 3)
        if len(parts) < 4 or not text.startswith("urn:pulumi:"):  # noqa: PLR2004  # Stack, project, type and name.
            return cls(text, "", "", "", text)
        stack, project, types, name = parts
        return cls(text, stack, project, types.rpartition("$")[2], name)

    @property
    def kind(self) -> str | None:
        """The kind of this project's resources, such as `BlockSpec`; None for any other resource."""
        kind = self.type.removeprefix(PRESS_TYPE)
        return kind if kind in KINDS and kind != self.type else None

    @property
    def is_scenery(self) -> bool:
        """Whether it is the stack, or a provider that the engine adds by itself."""
        return self.type == STACK_TYPE or self.is_default_provider

    @property
    def is_default_provider(self) -> bool:
        """Whether it is a provider that the engine adds by itself, and tells by its name."""
        return self.type.startswith(PROVIDER_TYPE) and self.name.startswith("default")


@dataclass(frozen=True)
class State:
    """A resource before or after a step, with secrets masked."""

    inputs: Values
    outputs: Values
    parent: str = ""
    custom: bool = True
    """False for a component: a group of resources, nothing of its own."""
    kept: bool = False
    """Whether the object stays when the resource is deleted (`retain_on_delete`)."""
    failures: tuple[str, ...] = ()
    """What went wrong when it was made."""


@dataclass(frozen=True)
class Step:
    """What is done to a resource."""

    op: str
    urn: Urn
    old: State | None = None
    new: State | None = None
    diff: tuple[str, ...] = ()
    """Paths in which the engine sees a difference."""
    forced_by: tuple[str, ...] = ()
    """Paths that force a replacement."""
    failed: bool = False

    @property
    def is_component(self) -> bool:
        """Whether it is about a group of resources."""
        state = self.new or self.old
        return state is not None and not state.custom


@dataclass(frozen=True)
class Refresh:
    """What a look at the live object found."""

    urn: Urn
    before: State
    after: State | None
    """None when the object is gone."""


@dataclass(frozen=True)
class Telling:
    """A line for the person at the engine."""

    severity: str
    """`error` or `warning`."""
    text: str
    urn: Urn | None = None


@dataclass(frozen=True)
class Operation:
    """A preview or an update of one stack."""

    steps: list[Step] = field(default_factory=list)
    refreshes: list[Refresh] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    unchanged: int = 0
    """How many resources stay as they are."""
    is_update: bool = False
    """Whether it was done, not only previewed."""
    failed: bool = False
    knows_program: bool = True
    """Whether a program ran: `pulumi refresh` only looks."""
    urn: Urn | None = None
    """Of any resource, to know the stack by."""


def as_dict(value: Any, what: str) -> dict[str, Any]:
    """Give a dict, an empty one for None.

    Raises:
        PreviewError: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PreviewError(f"is no preview: {what} is not an object")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """Give a list, an empty one for None.

    Raises:
        PreviewError: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise PreviewError(f"is no preview: {what} is not a list")
    return value


def as_text(value: Any, what: str) -> str:
    """Give a text, an empty one for None.

    Raises:
        PreviewError: it is something else.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PreviewError(f"is no preview: {what} is not a text")
    return value


def as_texts(value: Any, what: str) -> tuple[str, ...]:
    """Give the texts of a list.

    Raises:
        PreviewError: it is something else.
    """
    return tuple(as_text(item, what) for item in as_list(value, what))


def read_state(value: Any, *, is_custom: bool) -> State | None:
    """Read a resource's state, as JSON previews and event logs write it; None where there is none.

    Args:
        value: the state.
        is_custom: whether one that does not say so is more than a group of resources: an event log leaves `false` out.

    Raises:
        PreviewError: it is none.
    """
    if value is None:
        return None
    state = as_dict(value, "a resource's state")
    return State(
        inputs=normalize(as_dict(state.get("inputs"), "a resource's inputs")),
        outputs=normalize(as_dict(state.get("outputs"), "a resource's outputs")),
        parent=as_text(state.get("parent"), "a resource's parent"),
        custom=is_custom if state.get("custom") is None else state["custom"] is not False,
        kept=state.get("retainOnDelete") is True,
        failures=as_texts(state.get("initErrors"), "a resource's initErrors"),
    )
