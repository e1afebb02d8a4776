"""Read previews, in any of their formats, into a report."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.output import escape_hidden, shorten
from pulumi_press.report.changes import find_changes, find_drift
from pulumi_press.report.model import Message, Report, StackReport
from pulumi_press.report.read.formats import EVENTS, read_document, read_events, write_event
from pulumi_press.report.read.masking import mask_secrets
from pulumi_press.report.read.operation import PreviewError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    from pulumi_press.report.read.operation import Diagnostic, Operation, Urn

    class EngineEvent(Protocol):
        """An event of the Automation API, `pulumi.automation.events.EngineEvent`."""

        sequence: int
        timestamp: int

    Source = str | bytes | Path | Mapping[str, Any] | Iterable[EngineEvent | Mapping[str, Any]]

__all__ = ["read_preview"]


def read_preview(*sources: Source, stack: str = "") -> Report:
    """Read previews or updates, each of one stack.

    A source is one of these, told apart by its content:

    - a text: the output of `pulumi preview --json`, or an event log
    - a `pathlib.Path` to such a file
    - the events that the Automation API passes to `on_event` of `stack.preview`, `stack.up` and so on
    - either format, parsed by `json.load`

    Args:
        sources: the previews.
        stack: `project/stack` or `stack`, for previews without any resource that would name it.

    Returns:
        The report, with all secrets masked.

    Raises:
        PreviewError: a source is not a preview.
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


def _read_stack(operation: Operation, default_name: str) -> StackReport:
    refreshes = {refresh.urn.text: refresh for refresh in operation.refreshes}
    changes = find_changes(operation.steps, refreshes, failed=operation.failed)
    drift = find_drift(
        operation.refreshes, {change.urn: change for change in changes}, is_refresh_only=not operation.ran_program
    )
    project, _, name = default_name.rpartition("/")
    urn = _find_urn(operation)
    return StackReport(
        project=urn.project if urn else project.rpartition("/")[2],
        stack=urn.stack if urn else name,
        changes=tuple(changes),
        drift=tuple(drift),
        messages=tuple(map(_read_message, operation.diagnostics)),
        unchanged=operation.unchanged,
        is_update=operation.is_update,
        failed=operation.failed,
    )


def _find_urn(operation: Operation) -> Urn | None:
    """Return a URN that names the stack."""
    urns = [operation.urn, *(diagnostic.urn for diagnostic in operation.diagnostics)]
    return next((urn for urn in urns if urn is not None and urn.stack), None)


def _read_message(diagnostic: Diagnostic) -> Message:
    urn = diagnostic.urn
    if urn is None or urn.is_internal:
        return Message(diagnostic.severity, diagnostic.text)
    return Message(diagnostic.severity, diagnostic.text, urn.name, urn.kind or urn.type)


LONGEST_KEY = 60
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DOCUMENT_KEYS = ("steps", "changeSummary", "diagnostics", "config")


class DoubledKeyError(PreviewError):
    """An object has a key twice, so its value is ambiguous."""


def read_text(text: str | bytes) -> Operation:
    """Read the output of `pulumi preview --json`, or an event log.

    Raises:
        PreviewError: the text is neither.
    """
    lines = (line for line in _split(text) if line.strip())
    first = next(lines, None)
    if first is None:
        raise PreviewError("is empty: see the error that pulumi itself printed")
    second = next(lines, None)
    # The first line of a preview in JSON is a bracket, or all of it.
    if second is not None and _is_event(_try_parse(first)):
        return _read_lines(chain((first, second), lines))
    try:
        return read_values(_parse(text if isinstance(text, str) else _decode(text)))
    except json.JSONDecodeError as error:
        raise PreviewError(
            f"is neither a preview in JSON nor an event log: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None


def _split(text: str | bytes) -> Iterable[str]:
    """Return the lines; of bytes, one at a time, since a log may be large."""
    if isinstance(text, str):
        return text.splitlines()
    return io.TextIOWrapper(io.BytesIO(text), encoding=_find_encoding(text), errors="replace")


def _decode(text: bytes) -> str:
    return text.decode(_find_encoding(text), errors="replace")


def _find_encoding(text: bytes) -> str:
    # PowerShell redirects output as UTF-16, with a byte order mark.
    return "utf-16" if text.startswith(_UTF16) else "utf-8-sig"


def _read_lines(lines: Iterable[str]) -> Operation:
    unreadable = 0

    def read() -> Iterator[Any]:
        nonlocal unreadable
        for number, line in enumerate(lines, start=1):
            event = None if unreadable else _try_parse(line)
            if event is not None and _is_event(event):
                yield event
            elif event is not None or unreadable:
                raise PreviewError(f"is not an event log: line {unreadable or number} is not an event")
            else:
                # The last line may be incomplete if the engine was killed.
                unreadable = number

    events = mask_secrets(read())
    return read_events(events, cut_off=unreadable > 0)


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=str, object_pairs_hook=_make_object)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise PreviewError("is nested too deeply to be a preview") from None
    except ValueError:
        raise PreviewError("contains a number that is too long") from None


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise DoubledKeyError(f"contains an object with the key {shorten(escape_hidden(key), LONGEST_KEY)} twice")
    return made


def _try_parse(line: str) -> Any:
    try:
        return _parse(line)
    except DoubledKeyError:
        raise
    except (json.JSONDecodeError, PreviewError):
        return None


def _is_event(value: Any) -> bool:
    """Return whether a value is an event, of a known kind or not: all have a sequence number."""
    return isinstance(value, dict) and ("sequence" in value or any(key in value for key in EVENTS))


def read_values(value: Any) -> Operation:
    """Read a preview or events that are parsed already.

    Raises:
        PreviewError: the value is neither.
    """
    if isinstance(value, list) and all(map(_is_event, value)):
        return read_events(mask_secrets(value))
    if _is_event(value):
        return read_events(mask_secrets([value]))
    if isinstance(value, dict) and any(key in value for key in _DOCUMENT_KEYS):
        return read_document(mask_secrets(value))
    raise PreviewError("is neither a preview in JSON nor an event log: it has no steps and no events")
