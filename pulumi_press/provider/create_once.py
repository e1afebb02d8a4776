"""Creating an object once: note it, POST, look it up after a lost response."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_press.client.errors import PressError
from pulumi_press.provider.intents import digest
from pulumi_press.provider.values import Values, get, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.fields import Field
    from pulumi_press.provider.intents import Intent, Record

__all__ = ["create_once", "date_record", "digest_told", "is_refusal", "was_there_before"]

SLACK = 120.0
"""Seconds by which the times of an object and of an answer may disagree: clocks of one service differ too."""


def date_record(record: Record, context: Context) -> Record:
    """Add the time to the note about an object that is about to be requested."""
    return {**record, "at": str(context.client.times.now())}


def was_there_before(live: Any, record: Record, context: Context) -> bool:
    """Return whether a live object is older than the note about its request; where the times are unknown, it is not."""
    try:
        created = datetime.fromisoformat(str(get(live, "metadata.createdAt")).replace("Z", "+00:00"))
        asked = float(record["at"])
    except (KeyError, ValueError):
        return False
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return created.timestamp() < context.client.times.at_service(asked) - SLACK


T = TypeVar("T")

LEVELS = 2
"""In a field itself and its direct members, empty may equal absent and the order may be none."""


def create_once(
    intent: Intent,
    record: Record,
    find_own: Callable[[Record], T | None],
    send: Callable[[], T],
    look_up: Callable[[PressError], T],
    *,
    name_id: Callable[[T], str] | None = None,
    is_marked: bool = False,
    may_be_taken: bool = True,
) -> T:
    """Create an object, or find the one that an interrupted run created.

    Args:
        intent: the note about the object.
        record: what to note.
        find_own: finds what an interrupted run made, by what it noted; None where it made nothing, or it was edited
            since.
        send: sends the POST.
        look_up: finds the object after an answer that was lost, or that may say that its name is taken; raises the
            error, or a better one, where it does not find it.
        name_id: returns the id of what was made, which is noted too: a state that has another object, such as the one
            that was to be replaced, says nothing about this one.
        is_marked: whether the object itself says what made it, so that it is looked for without a note too.
        may_be_taken: whether a refusal may mean that the name is taken.
    """
    made = _make(intent, record, find_own, send, look_up, is_marked=is_marked, may_be_taken=may_be_taken)
    if name_id is not None:
        intent.note({**record, "id": name_id(made)})
    return made


def _make(
    intent: Intent,
    record: Record,
    find_own: Callable[[Record], T | None],
    send: Callable[[], T],
    look_up: Callable[[PressError], T],
    *,
    is_marked: bool,
    may_be_taken: bool,
) -> T:
    noted = intent.recall()
    if noted is None and is_marked:
        noted = {}
    if noted is not None and (found := find_own(noted)) is not None:
        return found
    intent.note(record)
    try:
        return send()
    except PressError as error:
        if not error.outcome_unknown:
            intent.forget()
            if not may_be_taken or not is_refusal(error):
                raise
        return look_up(error)


def is_refusal(error: PressError) -> bool:
    """Return whether an answer may mean that the name or version is taken; the service may use any of these."""
    return error.status in (400, 409, 422)


def digest_told(fields: Iterable[Field], values: Values) -> str:
    """Return a digest of fields in which values that mean the same are the same."""
    return digest([_write_alike(field, field.value(values)) for field in fields])


def _write_alike(field: Field, value: Any, level: int = LEVELS) -> Any:
    if isinstance(value, dict):
        members = {key: _write_alike(field, item, level - 1) for key, item in value.items()}
        return _empty(field, {key: item for key, item in members.items() if item is not None}, level)
    if isinstance(value, list):
        items = [_write_alike(field, item, 0) for item in value]
        return _empty(field, sorted(items, key=repr) if field.unordered and level > 0 else items, level)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _empty(field, value, level)


def _empty(field: Field, value: Any, level: int) -> Any:
    return None if field.empty_is_absent and level > 0 and is_empty(value) else value
