"""From previews to a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.report.changes import find_changes
from pulumi_press.report.documents import read_text, read_values
from pulumi_press.report.drift import find_drift
from pulumi_press.report.eventlog import write_event
from pulumi_press.report.report import Message, Report, StackReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi.automation.events import EngineEvent

    from pulumi_press.report.steps import Operation, Telling, Urn

    Source = str | bytes | Path | Mapping[str, Any] | Iterable[EngineEvent | Mapping[str, Any]]

__all__ = ["read_preview"]


def read_preview(*sources: Source, stack: str = "") -> Report:
    """Read previews, or updates, each of one stack.

    Each source is one of these; which one, is found out:

    - a text: what `pulumi preview --json` printed, or an event log
    - a `pathlib.Path` to such a file
    - the events of the Automation API, as `stack.preview(on_event=...)` and `stack.up(on_event=...)` hand them over
    - what `json.load` made of either

    Args:
        sources: the previews.
        stack: `project/stack`, or `stack`, of those that do not tell: where there is no resource at all.

    Returns:
        What they do, without any secret.

    Raises:
        PreviewError: one of them is no preview.
        OSError: a file cannot be read.

    Example:
        ```python
        events: list[EngineEvent] = []
        stack.preview(on_event=events.append)
        report = read_preview(events)
        print(render_markdown(report))
        ```
    """
    return Report(tuple(_read_stack(_read(source), stack) for source in sources))


def _read(source: Source) -> Operation:
    if isinstance(source, Path):
        source = source.read_bytes()
    if isinstance(source, (str, bytes)):
        return read_text(source)
    if isinstance(source, Mapping):
        return read_values(write_event(source))
    return read_values([write_event(event) for event in source])


def _read_stack(operation: Operation, given: str) -> StackReport:
    refreshes = {refresh.urn.text: refresh for refresh in operation.refreshes}
    changes = find_changes(operation.steps, refreshes, failed=operation.failed)
    drift = find_drift(
        operation.refreshes, {change.urn: change for change in changes}, only_looks=not operation.knows_program
    )
    project, _, name = given.rpartition("/")
    urn = _find_urn(operation)
    return StackReport(
        project=urn.project if urn else project.rpartition("/")[2],
        stack=urn.stack if urn else name,
        changes=tuple(changes),
        drift=tuple(drift),
        messages=tuple(map(_read_message, operation.tellings)),
        unchanged=operation.unchanged,
        is_update=operation.is_update,
        failed=operation.failed,
    )


def _find_urn(operation: Operation) -> Urn | None:
    """Find a URN that names the stack."""
    urns = [operation.urn, *(telling.urn for telling in operation.tellings)]
    return next((urn for urn in urns if urn is not None and urn.stack), None)


def _read_message(telling: Telling) -> Message:
    urn = telling.urn
    if urn is None or urn.is_scenery:
        return Message(telling.severity, telling.text)
    return Message(telling.severity, telling.text, urn.name, urn.kind or urn.type)
