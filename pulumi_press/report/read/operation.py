"""What an operation of the engine does, step by step, in whichever format it was written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.plugin.kinds import KINDS
from pulumi_press.provider.values import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.provider.values import Values

__all__ = [
    "Diagnostic",
    "Operation",
    "PreviewError",
    "Refresh",
    "State",
    "Step",
    "Urn",
    "as_dict",
    "as_list",
    "as_text",
    "as_texts",
    "check_steps",
    "deduplicate",
    "read_diagnostic",
    "read_policy",
    "read_state",
    "read_summary",
]


class PreviewError(Exception):
    """An input is no preview, or not a whole one; the message says so in one line and repeats none of its values."""


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
    def is_internal(self) -> bool:
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
    retain_on_delete: bool = False
    """Whether the object stays when the resource is deleted (`retain_on_delete`)."""
    init_errors: tuple[str, ...] = ()
    """What went wrong when it was made."""


@dataclass(frozen=True)
class Step:
    """What is done to a resource."""

    op: str
    urn: Urn
    old: State | None = None
    new: State | None = None
    diff_paths: tuple[str, ...] = ()
    """Paths in which the engine sees a difference."""
    replace_reasons: tuple[str, ...] = ()
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
class Diagnostic:
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
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unchanged: int = 0
    """How many resources stay as they are."""
    is_update: bool = False
    """Whether it was done, not only previewed."""
    failed: bool = False
    ran_program: bool = True
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
        is_custom: whether one that does not say so is more than a group of resources: an event log omits `false`.

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
        retain_on_delete=state.get("retainOnDelete") is True,
        init_errors=as_texts(state.get("initErrors"), "a resource's initErrors"),
    )


REPORTED = ("error", "warning")
IGNORED = ("debug", "info", "info#err")
NO_MESSAGE = "the engine tells of an error, and not which"
# Colours: the engine's own marks, and those of terminals.
_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*[A-Za-z]")
_REDUNDANT = ("preview failed", "update failed")
_FAILED_PREVIEW = "Preview failed: "
# How the engine begins what `check` refused; the resource is named beside the text anyway.
_REFUSED = re.compile(r"^\S+ resource '[^\n]*?' has a problem: ")


def read_diagnostic(value: dict[str, Any]) -> Diagnostic:
    """Read a diagnostic, of a preview in JSON or of an event."""
    severity = as_text(value.get("severity"), "a diagnostic's severity")
    text = _COLOURS.sub("", as_text(value.get("message"), "a diagnostic's message")).strip()
    # The one format has the prefix in the message, the other has it apart.
    text = text.removeprefix(f"{severity}: ").removeprefix(_FAILED_PREVIEW)
    urn = as_text(value.get("urn"), "a diagnostic's urn")
    text = _REFUSED.sub("", text) if urn else text
    if severity not in (*REPORTED, *IGNORED):
        # What is not known may be an error: a gate must not pass it.
        severity, text = "error", f"a diagnostic is of a severity that is not known, {severity!r}: {text}"
    if severity == "error" and not text:
        text = NO_MESSAGE
    return Diagnostic(severity, text, Urn.parse(urn) if urn else None)


def read_policy(value: dict[str, Any]) -> Diagnostic:
    """Read a violation of a policy."""
    name = "/".join(as_text(value.get(key), "a policy's name") for key in ("policyPackName", "policyName"))
    text = _COLOURS.sub("", as_text(value.get("message"), "a policy's message")).strip()
    severity = "error" if value.get("enforcementLevel") == "mandatory" else "warning"
    urn = as_text(value.get("resourceUrn"), "a policy's resourceUrn")
    return Diagnostic(severity, f"policy {name}: {text}", Urn.parse(urn) if urn else None)


def deduplicate(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Keep errors and warnings, each once, without the line that only says that there was one."""
    found = list(
        dict.fromkeys(diagnostic for diagnostic in diagnostics if diagnostic.severity in REPORTED and diagnostic.text)
    )
    real = [diagnostic for diagnostic in found if diagnostic.text not in _REDUNDANT]
    return real if any(diagnostic.severity == "error" for diagnostic in real) else found


COUNTED = frozenset({"create", "update", "delete", "replace", "import", "discard"})
"""Operations that the summary counts."""
UNCOUNTED = frozenset(
    {
        "same",  # Not every format tells them.
        "read",  # Counted only where something differs.
        "refresh",  # Counted as what it found.
        "diff",
        # Parts of a replacement, which is counted as one.
        "create-replacement",
        "delete-replaced",
        "discard-replaced",
        "import-replacement",
        "read-replacement",
        # What the engine does for itself.
        "remove-pending-replace",
        "extend-parameterize",
    }
)


def read_summary(value: Any, what: str) -> dict[str, int]:
    """Read how many steps of each operation there are; none where nothing is said.

    Raises:
        PreviewError: it is no such thing.
    """
    summary = as_dict(value, what)
    if not all(type(count) is int for count in summary.values()):
        raise PreviewError(f"is no preview: {what} does not hold whole numbers")
    return summary


def check_steps(steps: Iterable[tuple[str, Urn]], summary: Mapping[str, int]) -> Iterator[Diagnostic]:
    """Check that every operation is known, and that the steps add up to the summary.

    Args:
        steps: operation and URN of each.
        summary: how many of each operation the engine counted.

    Yields:
        An error for what would make the report untrue.
    """
    listed = [(op, urn) for op, urn in steps if not urn.is_default_provider]
    for op in sorted({op for op, _ in listed}.union(summary) - COUNTED - UNCOUNTED):
        urn = next((urn for known, urn in listed if known == op), None)
        text = f"the engine has an operation that this version does not know, {op!r}: update pulumi-press"
        yield Diagnostic("error", text, urn)
    counts = Counter(op for op, _ in listed)
    wrong = [op for op in sorted(COUNTED) if counts[op] != summary.get(op, 0)]
    if wrong:
        said = ", ".join(f"{op} {summary.get(op, 0)} ({counts[op]} listed)" for op in wrong)
        yield Diagnostic(
            "error",
            f"the steps do not add up to the engine's own summary: {said}. What stands here is not all of it: make the "
            "preview again, with an event log (--event-log) if it was in JSON",
        )
