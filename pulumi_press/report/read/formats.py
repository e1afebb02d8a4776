"""Read the two formats of the engine: `pulumi preview --json` and event logs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from pulumi_press.report.read.operation import (
    Diagnostic,
    Operation,
    Refresh,
    State,
    Step,
    Urn,
    as_dict,
    as_list,
    as_text,
    check_steps,
    deduplicate,
    read_diagnostic,
    read_paths,
    read_policy,
    read_state,
    read_summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVENTS", "read_document", "read_events", "write_event"]

NO_COUNTS = "the preview is incomplete: its changeSummary is empty"


def read_document(value: Any) -> Operation:
    """Read a preview in JSON.

    With `--refresh`, the refresh steps come first and have the state before the refresh. The state it found is the old
    state of a later step on the same resource, so it is known only if there is one.

    Raises:
        PreviewError: a part of it has the wrong type.
    """
    document = as_dict(value, "the document")
    summary = read_summary(document.get("changeSummary"), "changeSummary")
    steps, befores = [], {}
    for item in as_list(document.get("steps"), "steps"):
        step = _read_json_step(as_dict(item, "a step"))
        if step.op == "refresh":
            befores[step.urn.text] = step
        else:
            steps.append(step)
    listed = [(step.op, step.urn) for step in (*befores.values(), *steps)]
    # `pulumi refresh` writes what it found as updates, of resources that have no other step.
    is_refresh = any(step.urn.type for step in befores.values()) and not any(
        step.op == "same" or step.urn.text in befores for step in steps
    )
    if is_refresh:
        refreshes = [Refresh(step.urn, step.old, step.new) for step in steps if step.old is not None]
        steps = []
    else:
        refreshes = _find_drift(steps, {urn: step.old for urn, step in befores.items() if step.old is not None})
    diagnostics = [
        read_diagnostic(as_dict(item, "a diagnostic")) for item in as_list(document.get("diagnostics"), "diagnostics")
    ]
    found = deduplicate(diagnostics)
    if not any(diagnostic.severity == "error" for diagnostic in found):
        # A failed preview has steps that were started but not counted.
        found += check_steps(listed, summary)
        if not any(summary.values()):
            # Without any change, the engine still counts unchanged resources: at least the stack.
            found.append(Diagnostic("error", NO_COUNTS))
    return Operation(
        steps=[step for step in steps if step.op != "same"],
        refreshes=refreshes,
        diagnostics=found,
        unchanged=_count_unchanged(summary, steps, befores),
        failed=any(diagnostic.severity == "error" for diagnostic in found),
        ran_program=not is_refresh,
        urn=next((step.urn for step in (*steps, *befores.values()) if step.urn.stack), None),
    )


def _read_json_step(value: dict[str, Any]) -> Step:
    urn = Urn.parse(as_text(value.get("urn"), "a step's urn"))
    details = as_dict(value.get("detailedDiff"), "a step's detailedDiff")
    return Step(
        op=as_text(value.get("op"), "a step's op"),
        urn=urn,
        old=read_state(value.get("oldState"), urn, is_custom=True),
        new=read_state(value.get("newState"), urn, is_custom=True),
        diff_paths=read_paths(details, urn, "a step's detailedDiff")
        or read_paths(value.get("diffReasons"), urn, "a step's diffReasons"),
        replace_reasons=read_paths(value.get("replaceReasons"), urn, "a step's replaceReasons"),
    )


def _find_drift(steps: list[Step], befores: dict[str, State]) -> list[Refresh]:
    found: dict[str, Refresh] = {}
    for step in steps:
        before = befores.get(step.urn.text)
        if before is None or (step.old is None and step.op != "create"):
            continue
        found.setdefault(step.urn.text, Refresh(step.urn, before, step.old))
    return list(found.values())


def _count_unchanged(summary: dict[str, int], steps: list[Step], befores: dict[str, Step]) -> int:
    if "same" not in summary:
        return 0
    found = [step for step in steps if step.op == "same"] or list(befores.values())
    return max(summary["same"] - len({step.urn.text for step in found if step.urn.is_internal}), 0)


RESOURCE_EVENTS = ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent")
EVENTS = (
    *RESOURCE_EVENTS,
    "diagnosticEvent",
    "policyEvent",
    "preludeEvent",
    "summaryEvent",
    "cancelEvent",
    "stdoutEvent",
    "startDebuggingEvent",
    "progressEvent",
)
"""The key of an event that names its kind."""

CUT_OFF = "the event log ends before the operation did: this report is incomplete"


def write_event(event: Any) -> Any:
    """Return an event of the Automation API as the event log has it; plain data stays as it is."""
    if isinstance(event, Enum):
        return event.value
    if isinstance(event, Mapping):
        return {str(key.value if isinstance(key, Enum) else key): write_event(item) for key, item in event.items()}
    if isinstance(event, (list, tuple)):
        return [write_event(item) for item in event]
    if event is None or isinstance(event, (str, int, float, bool)):
        return event
    attributes = {_camel(name): item for name, item in vars(event).items()}
    return {name: write_event(item) for name, item in attributes.items() if item is not None}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


@dataclass
class _Log:
    """The events read so far."""

    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    refreshing: dict[str, State] = field(default_factory=dict)
    refreshes: list[Refresh] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    same: set[str] = field(default_factory=set)
    listed: list[tuple[str, Urn]] = field(default_factory=list)
    """Operation and URN of each step and each refresh result."""
    summary: dict[str, int] = field(default_factory=dict)
    urn: Urn | None = None
    ran_program: bool = False
    is_update: bool = False
    failed: bool = False
    ended: bool = False

    def add(self, key: str, event: dict[str, Any]) -> None:
        """Add an event."""
        if key in RESOURCE_EVENTS:
            self.is_update = self.is_update or event.get("planning") is not True
            self._add_step(key, as_dict(event.get("metadata"), "an event's metadata"))
        elif key == "diagnosticEvent":
            self.diagnostics.append(read_diagnostic(event))
        elif key == "policyEvent":
            self.diagnostics.append(read_policy(event))
        elif key == "summaryEvent":
            self.ended = True
            self.is_update = not event["isPreview"] if "isPreview" in event else self.is_update
            # An unknown result counts as a failure.
            self.failed = self.failed or event.get("result") not in (None, "succeeded")
            self.summary = read_summary(event.get("resourceChanges"), "a summaryEvent's resourceChanges")

    def _add_step(self, key: str, metadata: dict[str, Any]) -> None:
        op = as_text(metadata.get("op"), "a step's op")
        urn = Urn.parse(as_text(metadata.get("urn"), "a step's urn"))
        is_start, failed = key == "resourcePreEvent", key == "resOpFailedEvent"
        if is_start or (urn.text in self.refreshing and op != "refresh"):
            self.listed.append((op, urn))
        self.urn = self.urn or urn
        if is_start:
            # A new step ends a refresh of the resource.
            self.refreshing.pop(urn.text, None)
        if op == "refresh" and is_start:
            step = _read_event_step(op, urn, metadata)
            self.refreshing[urn.text] = step.old or step.new or State(urn, {}, {}, custom=False)
        elif urn.text in self.refreshing:
            # `pulumi refresh` writes what it found as an update or a deletion.
            before = self.refreshing.pop(urn.text)
            if not failed:
                after = None if op == "delete" else _read_event_step(op, urn, metadata).new
                self.refreshes.append(Refresh(urn, before, after))
        elif op == "same":
            self.ran_program = True
            if not urn.is_internal:
                self.same.add(urn.text)
        elif op != "refresh":
            self.ran_program = True
            self._add_change(op, urn, metadata, failed=failed)

    def _add_change(self, op: str, urn: Urn, metadata: dict[str, Any], *, failed: bool) -> None:
        known = self.steps.get((urn.text, op))
        if known and not failed:
            # Keep the first event, which has the planned state; the second has the actual one.
            return
        step = _read_event_step(op, urn, metadata, failed=failed)
        self.steps[urn.text, op] = replace(known, failed=True, unready=step.unready or known.unready) if known else step

    def finish(self) -> Operation:
        """Return the operation."""
        diagnostics = list(self.diagnostics)
        if not self.ended:
            diagnostics.append(Diagnostic("error", CUT_OFF))
        found = deduplicate(diagnostics)
        if not self.failed and not any(diagnostic.severity == "error" for diagnostic in found):
            # A failed operation has steps that were started but not counted.
            found += check_steps(self.listed, self.summary)
        failed = self.failed or any(diagnostic.severity == "error" for diagnostic in found)
        if self.failed and not any(diagnostic.severity == "error" for diagnostic in found):
            found.append(Diagnostic("error", "the operation failed, and the event log does not say why"))
        steps = list(self.steps.values())
        # A refresh without a program counts what it found unchanged.
        refreshed = [] if self.ran_program else self.refreshes
        found_same = (refresh.urn for refresh in refreshed if refresh.before == refresh.after)
        same = self.same.union(urn.text for urn in found_same if not urn.is_internal)
        changed = {step.urn.text for step in steps}
        return Operation(
            steps=steps,
            refreshes=self.refreshes,
            diagnostics=found,
            unchanged=len(same - changed),
            is_update=self.is_update,
            failed=failed,
            ran_program=self.ran_program,
            urn=self.urn,
        )


def read_events(events: Iterable[Any], *, cut_off: bool = False) -> Operation:
    """Read the events of an operation; of several operations in one log, the last.

    Args:
        events: the events.
        cut_off: whether an unreadable line follows them.

    Raises:
        PreviewError: an event has the wrong type.
    """
    log = _Log()
    for value in events:
        event = as_dict(value, "an event")
        if event.get("preludeEvent") is not None:
            log = _Log()
        for key in EVENTS:
            if event.get(key) is not None:
                log.add(key, as_dict(event[key], f"a {key}"))
    log.ended = log.ended and not cut_off
    return log.finish()


def _read_event_step(op: str, urn: Urn, metadata: dict[str, Any], *, failed: bool = False) -> Step:
    details = as_dict(metadata.get("detailedDiff"), "a step's detailedDiff")
    new = read_state(metadata.get("new"), urn, is_custom=False)
    return Step(
        op=op,
        urn=urn,
        old=read_state(metadata.get("old"), urn, is_custom=False),
        new=new,
        diff_paths=read_paths(details, urn, "a step's detailedDiff")
        or read_paths(metadata.get("diffs"), urn, "a step's diffs"),
        replace_reasons=read_paths(metadata.get("keys"), urn, "a step's keys"),
        failed=failed,
        unready=failed and new is not None and bool(new.init_errors),
    )
