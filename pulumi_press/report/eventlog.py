"""Reading the engine's events: an event log, or what the Automation API hands over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from pulumi_press.report.steps import Operation, Refresh, Step, Telling, Urn, as_dict, as_text, as_texts, read_state
from pulumi_press.report.summary import check_steps, read_summary
from pulumi_press.report.tellings import read_policy, read_telling, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.report.steps import State

__all__ = ["EVENTS", "read_events", "write_event"]

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
"""The key that tells what kind an event is of."""

CUT_OFF = "the log ends before the operation did: what stands here is not all of it"


def write_event(event: Any) -> Any:
    """Write an event of the Automation API as the event log would; what is plain already stays as it is."""
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
    """What the events have told so far."""

    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    looking: dict[str, State] = field(default_factory=dict)
    refreshes: list[Refresh] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    same: set[str] = field(default_factory=set)
    listed: list[tuple[str, Urn]] = field(default_factory=list)
    """Operation and URN of each step, and of what each look found."""
    summary: dict[str, int] = field(default_factory=dict)
    urn: Urn | None = None
    knows_program: bool = False
    is_update: bool = False
    failed: bool = False
    ended: bool = False

    def add(self, key: str, event: dict[str, Any]) -> None:
        """Take note of an event."""
        if key in RESOURCE_EVENTS:
            self.is_update = self.is_update or event.get("planning") is not True
            self._add_step(key, as_dict(event.get("metadata"), "an event's metadata"))
        elif key == "diagnosticEvent":
            self.tellings.append(read_telling(event))
        elif key == "policyEvent":
            self.tellings.append(read_policy(event))
        elif key == "summaryEvent":
            self.ended = True
            self.is_update = not event["isPreview"] if "isPreview" in event else self.is_update
            # A log of one operation has one result; one that is not known is no success.
            self.failed = self.failed or event.get("result") not in (None, "succeeded")
            self.summary = read_summary(event.get("resourceChanges"), "a summaryEvent's resourceChanges")

    def _add_step(self, key: str, metadata: dict[str, Any]) -> None:
        step = _read_step(metadata, failed=key == "resOpFailedEvent")
        urn = step.urn.text
        if key == "resourcePreEvent" or (urn in self.looking and step.op != "refresh"):
            self.listed.append((step.op, step.urn))
        self.urn = self.urn or step.urn
        if key == "resourcePreEvent":
            # A new step: what was looked at before is done with.
            self.looking.pop(urn, None)
        if step.op == "refresh" and key == "resourcePreEvent":
            self.looking[urn] = step.old or step.new or read_blank()
        elif urn in self.looking:
            # `pulumi refresh` calls what it found an update or a deletion.
            before = self.looking.pop(urn)
            if not step.failed:
                self.refreshes.append(Refresh(step.urn, before, None if step.op == "delete" else step.new))
        elif step.op == "same":
            self.knows_program = True
            if not step.urn.is_scenery:
                self.same.add(urn)
        elif step.op != "refresh":
            self.knows_program = True
            known = self.steps.get((urn, step.op))
            # The event after the step has what the object turned out to be; the one before, what was asked for.
            self.steps[urn, step.op] = replace(known, failed=step.failed or known.failed) if known else step

    def finish(self) -> Operation:
        """Give the whole."""
        tellings = list(self.tellings)
        if not self.ended:
            tellings.append(Telling("error", CUT_OFF))
        told = settle(tellings)
        if not self.failed and not any(telling.severity == "error" for telling in told):
            # An operation that failed has steps that were begun and not counted.
            told += check_steps(self.listed, self.summary)
        failed = self.failed or any(telling.severity == "error" for telling in told)
        if self.failed and not any(telling.severity == "error" for telling in told):
            told.append(Telling("error", "the operation failed, and the log does not say why"))
        steps = list(self.steps.values())
        # Of a mere look, too, it is told what is as it was.
        looks = [] if self.knows_program else self.refreshes
        same = self.same | {look.urn.text for look in looks if look.before == look.after and not look.urn.is_scenery}
        changed = {step.urn.text for step in steps}
        return Operation(
            steps=steps,
            refreshes=self.refreshes,
            tellings=told,
            unchanged=len(same - changed),
            is_update=self.is_update,
            failed=failed,
            knows_program=self.knows_program,
            urn=self.urn,
        )


def read_blank() -> State:
    """Give the state of a resource of which nothing is told."""
    state = read_state({}, is_custom=False)
    assert state is not None  # noqa: S101  # Only None gives None.
    return state


def read_events(events: Iterable[Any], *, cut_off: bool = False) -> Operation:
    """Read the events of an operation; of several in one log, the last.

    Args:
        events: the events.
        cut_off: whether more came behind them that cannot be read.

    Raises:
        PreviewError: an event is of the wrong form.
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


def _read_step(metadata: dict[str, Any], *, failed: bool) -> Step:
    return Step(
        op=as_text(metadata.get("op"), "a step's op"),
        urn=Urn.parse(as_text(metadata.get("urn"), "a step's urn")),
        old=read_state(metadata.get("old"), is_custom=False),
        new=read_state(metadata.get("new"), is_custom=False),
        diff=tuple(as_dict(metadata.get("detailedDiff"), "a step's detailedDiff"))
        or as_texts(metadata.get("diffs"), "a step's diffs"),
        forced_by=as_texts(metadata.get("keys"), "a step's keys"),
        failed=failed,
    )
