"""Looking into the declaration of a shape: what stands at a place in it, and an example of that."""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict

from pulumi_press.schema.shapes import Like, Referable, Semantic

__all__ = ["example", "find_kind", "known_keys"]

LONGEST = 80
"""A longer example says less than none."""

_SCALARS: dict[Any, Any] = {str: "...", int: 1, float: 1, bool: True, Any: "..."}


def find_kind(shape: Any, location: tuple[int | str, ...]) -> Any:
    """Give the declared type at a location as pydantic writes it, with the tags of unions; None if there is none."""
    kind = shape
    for part in location:
        kind = _step(kind, part)
    return kind


def known_keys(kind: Any) -> list[str]:
    """Give the keys of a shape, in the order of its declaration; none for any other type."""
    bare, _ = _strip(kind)
    return list(_fields(bare)) if is_typeddict(bare) else []


def example(kind: Any) -> str:
    """Write an example of a type whose form is not obvious, as JSON; empty where it is, or where it would be long."""
    bare, notes = _strip(kind)
    if likes := _likes(notes):
        return " or ".join(json.dumps(text) for text in likes)
    if not is_typeddict(bare) and get_origin(bare) not in (dict, list):
        return ""
    text = json.dumps(_example(kind))
    return text if len(text) <= LONGEST else ""


def _example(kind: Any) -> Any:
    bare, notes = _strip(kind)
    if likes := _likes(notes):
        return likes[0]
    if is_typeddict(bare):
        fields = _fields(bare)
        names = [name for name, kind in fields.items() if _is_required(bare, kind)] or list(fields)[:1]
        return {name: _example(fields[name]) for name in names}
    arguments = get_args(bare)
    match get_origin(bare):
        case None:
            found = _SCALARS.get(bare, "...")
        case origin if origin is Literal:
            found = arguments[0]
        case origin if origin is list:
            found = [_example(arguments[0])]
        case origin if origin is dict:
            found = {"name": _example(arguments[1])}
        case _:  # A union.
            found = _example(arguments[0])
    return found


def _likes(notes: tuple[Any, ...]) -> tuple[str, ...]:
    """Give the examples that the notes of a text with a form of its own have."""
    return next((note.examples for note in notes if isinstance(note, (Like, Semantic))), ())


def _is_required(shape: Any, kind: Any) -> bool:
    # `__required_keys__` does not know what is written in annotations that are texts.
    return get_origin(kind) is Required or (shape.__total__ and get_origin(kind) is not NotRequired)


def _step(kind: Any, part: int | str) -> Any:
    bare, _ = _strip(kind)
    if is_typeddict(bare):
        return _fields(bare).get(str(part))
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is list:
        return arguments[0] if isinstance(part, int) else None
    if origin is dict:
        return arguments[1]
    return next((member for member in arguments if any(_tag(note) == part for note in _strip(member)[1])), None)


def _tag(note: Any) -> Any:
    return getattr(note, "tag", None)


def _strip(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Take off what is written around a type; give it and the notes."""
    notes: tuple[Any, ...] = ()
    while get_origin(kind) in (Annotated, Required, NotRequired):
        kind, *more = get_args(kind)
        notes += tuple(more)
    referable = next((note.kind for note in notes if isinstance(note, Referable)), None)
    return (kind, notes) if referable is None else _strip(referable)


@cache
def _fields(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)
