"""An operation of the engine: its steps, refreshes and diagnostics, whatever format they were read from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.plugin.tokens import read_token
from pulumi_press.provider.values import normalize
from pulumi_press.report.read.native import read_names, rename_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.plugin.tokens import Token
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
    "read_paths",
    "read_policy",
    "read_state",
    "read_summary",
]


class PreviewError(Exception):
    """An input is not a preview, or not a complete one; the message is one line and repeats none of its values."""


STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:"


class Urn(NamedTuple):
    """The URN of a resource, split into its parts."""

    text: str
    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Split a URN; any other text becomes the name of a resource without a type."""
        parts = text.removeprefix("urn:pulumi:").split("::", 3)
        if len(parts) < 4 or not text.startswith("urn:pulumi:"):  # noqa: PLR2004  # Stack, project, type and name.
            return cls(text, "", "", "", text)
        stack, project, types, name = parts
        return cls(text, stack, project, types.rpartition("$")[2], name)

    @property
    def token(self) -> Token | None:
        """Type token of a resource of this package; None for others."""
        return read_token(self.type)

    @property
    def is_native(self) -> bool:
        """Whether it is a resource of this package that the native plugin serves."""
        return self.token is not None and self.token.is_native

    @property
    def kind(self) -> str | None:
        """Kind of a resource of this package, such as `BlockSpec`; None for others."""
        return self.token.kind if self.token else None

    @property
    def is_internal(self) -> bool:
        """Whether it is the stack or a default provider."""
        return self.type == STACK_TYPE or self.is_default_provider

    @property
    def is_default_provider(self) -> bool:
        """Whether it is a provider that the engine creates itself."""
        return self.type.startswith(PROVIDER_TYPE) and self.name.startswith("default")


@dataclass(frozen=True)
class State:
    """A resource before or after a step, with secrets masked."""

    urn: Urn
    """Its URN, which differs from the step's where a resource has moved."""
    inputs: Values
    """Names of the core, for a native resource too."""
    outputs: Values
    parent: str = ""
    custom: bool = True
    """False for a component, which has no object of its own."""
    retain_on_delete: bool = False
    """Whether the object stays when the resource is deleted."""
    init_errors: tuple[str, ...] = ()
    """Why the object is not what was asked for, though it exists."""

    @property
    def known(self) -> Values:
        """The values that an operation starts from.

        After a failed update of a native resource the engine has the inputs from before it: the outputs are true.
        """
        return (self.outputs or self.inputs) if self.urn.is_native else (self.inputs or self.outputs)

    @property
    def planned(self) -> Values:
        """The values that an operation leads to."""
        return self.inputs or self.outputs


@dataclass(frozen=True)
class Step:
    """A step of the engine on one resource."""

    op: str
    urn: Urn
    old: State | None = None
    new: State | None = None
    diff_paths: tuple[str, ...] = ()
    """Paths that differ according to the engine."""
    replace_reasons: tuple[str, ...] = ()
    """Paths that force a replacement."""
    failed: bool = False
    unready: bool = False
    """Whether it failed once the object was made or changed: it is not what was asked for."""

    @property
    def is_component(self) -> bool:
        """Whether the resource is a component."""
        state = self.new or self.old
        return state is not None and not state.custom

    @property
    def moves(self) -> bool:
        """Whether a resource of this package moves between the dynamic provider and the native plugin."""
        old, new = self.old.urn.token if self.old else None, self.urn.token
        return old is not None and new is not None and old.is_native != new.is_native


@dataclass(frozen=True)
class Refresh:
    """The result of refreshing a resource."""

    urn: Urn
    before: State
    after: State | None
    """None if the object no longer exists."""


@dataclass(frozen=True)
class Diagnostic:
    """An error or warning of the engine, the program or the provider."""

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
    """Number of resources that do not change."""
    is_update: bool = False
    """Whether it was an update, not a preview."""
    failed: bool = False
    ran_program: bool = True
    """Whether a program ran; `pulumi refresh` runs none."""
    urn: Urn | None = None
    """URN of any resource, which names the stack."""


def as_dict(value: Any, what: str) -> dict[str, Any]:
    """Return a dict, an empty one for None.

    Raises:
        PreviewError: it is of another type.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PreviewError(f"is not a preview: {what} is not an object")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """Return a list, an empty one for None.

    Raises:
        PreviewError: it is of another type.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise PreviewError(f"is not a preview: {what} is not a list")
    return value


def as_text(value: Any, what: str) -> str:
    """Return a string, an empty one for None.

    Raises:
        PreviewError: it is of another type.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PreviewError(f"is not a preview: {what} is not a string")
    return value


def as_texts(value: Any, what: str) -> tuple[str, ...]:
    """Return a list of strings as a tuple.

    Raises:
        PreviewError: it is of another type.
    """
    return tuple(as_text(item, what) for item in as_list(value, what))


def read_state(value: Any, urn: Urn, *, is_custom: bool) -> State | None:
    """Read the state of a resource in either format; None stays None.

    Args:
        value: the state.
        urn: URN of the step, for a state without one.
        is_custom: default for `custom`; an event log omits it where it is false.

    Raises:
        PreviewError: it is of another type.
    """
    if value is None:
        return None
    state = as_dict(value, "a resource's state")
    own = as_text(state.get("urn"), "a resource's urn")
    urn = Urn.parse(own) if own else urn
    inputs = normalize(as_dict(state.get("inputs"), "a resource's inputs"))
    outputs = normalize(as_dict(state.get("outputs"), "a resource's outputs"))
    if urn.kind and urn.is_native:
        inputs, outputs = read_names(urn.kind, inputs), read_names(urn.kind, outputs)
    return State(
        urn=urn,
        inputs=inputs,
        outputs=outputs,
        parent=as_text(state.get("parent"), "a resource's parent"),
        custom=is_custom if state.get("custom") is None else state["custom"] is not False,
        retain_on_delete=state.get("retainOnDelete") is True,
        init_errors=as_texts(state.get("initErrors"), "a resource's initErrors"),
    )


def read_paths(value: Any, urn: Urn, what: str) -> tuple[str, ...]:
    """Read the paths of a resource, under the names of the core.

    Args:
        value: a list of them, or an object with one for each key.
        urn: the resource.
        what: what they are, for errors.

    Raises:
        PreviewError: it is of another type.
    """
    paths = tuple(value) if isinstance(value, dict) else as_texts(value, what)
    return tuple(map(rename_path, paths)) if urn.is_native else paths


REPORTED = ("error", "warning")
IGNORED = ("debug", "info", "info#err")
NO_MESSAGE = "the engine reported an error without a message"
# Colours: the tags of the engine and escape sequences of terminals.
_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*[A-Za-z]")
_REDUNDANT = ("preview failed", "update failed", "Resource monitor has terminated, shutting down")
_FAILED_PREVIEW = "Preview failed: "
# How the engine wraps the error of an object that was made and is not ready.
_WRAPPED = re.compile(r"^1 error occurred:\n\t\* ")
# Prefix of check failures; the report names the resource itself.
_REFUSED = re.compile(r"^\S+ resource '[^\n]*?' has a problem: ")


def read_diagnostic(value: dict[str, Any]) -> Diagnostic:
    """Read a diagnostic of either format."""
    severity = as_text(value.get("severity"), "a diagnostic's severity")
    text = _COLOURS.sub("", as_text(value.get("message"), "a diagnostic's message")).strip()
    # Only one of the formats has the severity in the message.
    text = text.removeprefix(f"{severity}: ").removeprefix(_FAILED_PREVIEW)
    urn = as_text(value.get("urn"), "a diagnostic's urn")
    text = _WRAPPED.sub("", _REFUSED.sub("", text)) if urn else text
    if severity not in (*REPORTED, *IGNORED):
        # An unknown severity counts as an error, so that no pipeline passes it.
        severity, text = "error", f"a diagnostic has the unknown severity {severity!r}: {text}"
    if severity == "error" and not text:
        text = NO_MESSAGE
    return Diagnostic(severity, text, Urn.parse(urn) if urn else None)


def read_policy(value: dict[str, Any]) -> Diagnostic:
    """Read a policy violation."""
    name = "/".join(as_text(value.get(key), "a policy's name") for key in ("policyPackName", "policyName"))
    text = _COLOURS.sub("", as_text(value.get("message"), "a policy's message")).strip()
    severity = "error" if value.get("enforcementLevel") == "mandatory" else "warning"
    urn = as_text(value.get("resourceUrn"), "a policy's resourceUrn")
    return Diagnostic(severity, f"policy {name}: {text}", Urn.parse(urn) if urn else None)


def deduplicate(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return errors and warnings, each once, without lines that only say that there was an error."""
    found = list(
        dict.fromkeys(diagnostic for diagnostic in diagnostics if diagnostic.severity in REPORTED and diagnostic.text)
    )
    real = [diagnostic for diagnostic in found if diagnostic.text not in _REDUNDANT]
    return real if any(diagnostic.severity == "error" for diagnostic in real) else found


COUNTED = frozenset({"create", "update", "delete", "replace", "import", "discard"})
"""Operations that the engine's summary counts."""
UNCOUNTED = frozenset(
    {
        "same",  # Missing from some formats.
        "read",  # Counted only if something differs.
        "refresh",  # Counted as the operation it found.
        "diff",
        # Parts of a replacement, which is counted once.
        "create-replacement",
        "delete-replaced",
        "discard-replaced",
        "import-replacement",
        "read-replacement",
        # Internal to the engine.
        "remove-pending-replace",
        "extend-parameterize",
    }
)


def read_summary(value: Any, what: str) -> dict[str, int]:
    """Read the number of steps by operation; empty for None.

    Raises:
        PreviewError: it is of another type.
    """
    summary = as_dict(value, what)
    if not all(type(count) is int for count in summary.values()):
        raise PreviewError(f"is not a preview: {what} contains a value that is not an integer")
    return summary


def check_steps(steps: Iterable[tuple[str, Urn]], summary: Mapping[str, int]) -> Iterator[Diagnostic]:
    """Check that every operation is known and that the steps match the summary.

    Args:
        steps: operation and URN of each step.
        summary: number of steps by operation, as the engine counted them.

    Yields:
        An error for each reason why the report may be wrong.
    """
    listed = [(op, urn) for op, urn in steps if not urn.is_default_provider]
    for op in sorted({op for op, _ in listed}.union(summary) - COUNTED - UNCOUNTED):
        urn = next((urn for known, urn in listed if known == op), None)
        text = f"this version of pulumi-press does not know the operation {op!r} of the engine: update pulumi-press"
        yield Diagnostic("error", text, urn)
    counts = Counter(op for op, _ in listed)
    wrong = [op for op in sorted(COUNTED) if counts[op] != summary.get(op, 0)]
    if wrong:
        counted = ", ".join(f"{op} {summary.get(op, 0)} ({counts[op]} listed)" for op in wrong)
        yield Diagnostic(
            "error",
            f"the steps do not match the engine's own summary: {counted}. This report is incomplete: run the preview "
            "again, with an event log (--event-log) if it was in JSON",
        )
