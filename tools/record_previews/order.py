"""One order of what the engine does in any order: independent resources are registered in a race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    Item: TypeAlias = dict[str, Any]

TYPES = ("Stack", "Team", "Block", "Topic", "BlockSpec", "BlockSpecRelease", "BlockDeployment", "Rollout")
"""Types in the order of their dependencies."""

LAST = (99, "")

BEGIN, REFRESH, RUN, DELETE, SAY, END = range(6)

STEP_EVENTS = ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent")


def rank(urn: str) -> tuple[int, str]:
    """Return the rank of a resource."""
    kind = urn.split("::")[2].rpartition(":")[2]
    return (TYPES.index(kind) + 1 if kind in TYPES else 0, urn)


def rank_said(said: Item) -> tuple[int, str]:
    """Return the rank of a diagnostic: that of its resource, otherwise the last."""
    return rank(said["urn"]) if said.get("urn") else LAST


def sort_steps(steps: list[Item]) -> list[Item]:
    """Sort the steps of a preview; the steps of one resource keep their order."""
    return _sort(steps, lambda step: step)


def sort_events(events: list[Item]) -> list[Item]:
    """Sort the events of a log; those of one resource keep their order."""
    return _sort(events, step_of)


def step_of(event: Item) -> Item:
    """Return the step of an event; None if it has none."""
    for kind in STEP_EVENTS:
        if kind in event:
            step: Item = event[kind]["metadata"]
            return step
    return {}


def _sort(items: list[Item], find: Callable[[Item], Item]) -> list[Item]:
    phases: dict[int, list[Item]] = {phase: [] for phase in range(END + 1)}
    for item in items:
        phases[_phase(item, find(item))].append(item)
    for phase in (REFRESH, RUN, DELETE):
        phases[phase].sort(key=lambda item: rank(find(item)["urn"]), reverse=phase == DELETE)
    phases[SAY].sort(key=lambda item: rank_said(item["diagnosticEvent"]) if "diagnosticEvent" in item else LAST)
    return [item for phase in sorted(phases) for item in phases[phase]]


def _phase(item: Item, step: Item) -> int:
    if step:
        return {"refresh": REFRESH, "delete": DELETE}.get(step["op"], RUN)
    if "preludeEvent" in item or item.get("diagnosticEvent", {}).get("severity") == "debug":
        return BEGIN
    return END if "summaryEvent" in item or "cancelEvent" in item else SAY
