"""Making an object once, whatever happens on the way: note it, POST, look up what was lost.

A POST is never repeated blindly. A process that is ended between the service's work and the engine's state leaves an
object that no state holds; its note, see `intents`, lets the next run take it up, unless somebody has edited it since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pulumi_press.client.errors import PressError
from pulumi_press.provider.intents import digest
from pulumi_press.provider.values import Values, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pulumi_press.provider.fields import Field
    from pulumi_press.provider.intents import Intent, Record

__all__ = ["create_once", "digest_told", "is_refusal"]

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
) -> T:
    """Make an object, or find the one that an ended run made.

    Args:
        intent: the note about the object.
        record: what to note.
        find_own: finds what an ended run made, by what it noted; None where it made nothing, or it was edited since.
        send: sends the POST.
        look_up: finds the object after an answer that was lost, or that may say that its name is taken; raises the
            error, or a better one, where it is not to be had.
        name_id: gives the id of what was made, which is noted too: a state that has another object, such as the one
            that was to be replaced, says nothing about this one.
    """
    made = _make(intent, record, find_own, send, look_up)
    if name_id is not None:
        intent.note({**record, "id": name_id(made)})
    return made


def _make(
    intent: Intent,
    record: Record,
    find_own: Callable[[Record], T | None],
    send: Callable[[], T],
    look_up: Callable[[PressError], T],
) -> T:
    noted = intent.recall()
    if noted is not None and (found := find_own(noted)) is not None:
        return found
    intent.note(record)
    try:
        return send()
    except PressError as error:
        if not error.outcome_unknown:
            intent.forget()
            if not is_refusal(error):
                raise
        return look_up(error)


def is_refusal(error: PressError) -> bool:
    """Tell whether an answer may mean that the name or version is taken; the service may use any of these."""
    return error.status in (400, 409, 422)


def digest_told(fields: Iterable[Field], values: Values) -> str:
    """Give a digest of fields in which values that mean the same are the same."""
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
