"""From the text that the engine wrote to an operation: which of its formats it is, is found out here."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from pulumi_press.printable import escape_hidden
from pulumi_press.report.errors import PreviewError
from pulumi_press.report.eventlog import EVENTS, read_events
from pulumi_press.report.previewjson import read_document
from pulumi_press.report.secrecy import clean
from pulumi_press.report.values import cut

if TYPE_CHECKING:
    from pulumi_press.report.steps import Operation

__all__ = ["read_text", "read_values"]

LONGEST_KEY = 60
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DOCUMENT_KEYS = ("steps", "changeSummary", "diagnostics", "config")


class DoubledKeyError(PreviewError):
    """An object has a key twice: nobody knows which value the engine meant."""


def read_text(text: str | bytes) -> Operation:
    """Read what `pulumi preview --json` printed, or an event log.

    Raises:
        PreviewError: it is neither.
    """
    if isinstance(text, bytes):
        # A shell of Windows may have written UTF-16, and a mark at the start.
        text = text.decode("utf-16" if text.startswith(_UTF16) else "utf-8-sig", errors="replace")
    if not text.strip():
        raise PreviewError("is empty: pulumi told nothing; its own error says why")
    try:
        return read_values(_parse(text))
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if not _is_event(_try_parse(lines[0])):
            raise PreviewError(
                f"is neither a preview in JSON nor an event log: {error.msg} at line {error.lineno}, "
                f"column {error.colno}"
            ) from None
        return _read_lines(lines)


def _read_lines(lines: list[str]) -> Operation:
    events = [_try_parse(line) for line in lines]
    # The last line of a log whose writer was ended may be half a line.
    is_cut = events[-1] is None
    if is_cut:
        del events[-1]
    for number, event in enumerate(events, start=1):
        if not _is_event(event):
            raise PreviewError(f"is no event log: line {number} is no event")
    return read_events(clean(events), cut_off=is_cut)


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=str, object_pairs_hook=_make_object)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise PreviewError("is nested too deeply to be a preview") from None
    except ValueError:
        raise PreviewError("holds a number that is too long") from None


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise DoubledKeyError(f"holds an object with the key {cut(escape_hidden(key), LONGEST_KEY)} twice")
    return made


def _try_parse(line: str) -> Any:
    try:
        return _parse(line)
    except DoubledKeyError:
        raise
    except (json.JSONDecodeError, PreviewError):
        return None


def _is_event(value: Any) -> bool:
    """Tell an event, also one of a kind that is not known here: they all have a number, and one more key."""
    return isinstance(value, dict) and ("sequence" in value or any(key in value for key in EVENTS))


def read_values(value: Any) -> Operation:
    """Read a preview, or events, that were parsed already.

    Raises:
        PreviewError: it is neither.
    """
    if isinstance(value, list) and all(map(_is_event, value)):
        return read_events(clean(value))
    if _is_event(value):
        return read_events(clean([value]))
    if isinstance(value, dict) and any(key in value for key in _DOCUMENT_KEYS):
        return read_document(clean(value))
    raise PreviewError("is neither a preview in JSON nor an event log: it has no steps and no events")
