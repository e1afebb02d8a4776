"""Finding every mistake of a value, by property path."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from pulumi_press.schema import rules
from pulumi_press.schema.mistakes import Mistake, join
from pulumi_press.schema.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic_core import ErrorDetails

__all__ = ["json_schema", "validate"]


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def validate(shape: Any, value: object, *, at: str = "") -> list[Mistake]:
    """Find every mistake in `value`, as the shape's declaration and the rules that join several fields have it.

    Unknown values are skipped: they are neither right nor wrong yet.

    Args:
        shape: a shape of this package, such as `SpecBody`.
        value: dicts, lists, texts, numbers, booleans, and `UNKNOWN` at any depth.
        at: path of `value` itself, put before each path.

    Returns:
        The mistakes, in the order of the declaration; empty when there is none.
    """
    mistakes = list(_shape_mistakes(shape, value, at))
    # A rule looks at values whose own shape is right, so one wrong value is told once.
    wrong = {mistake.path for mistake in mistakes}
    mistakes += [mistake for mistake in rules.find(shape, value, at) if mistake.path not in wrong]
    return mistakes


def json_schema(shape: Any) -> dict[str, Any]:
    """Give the JSON Schema of a shape, for the docs and for OpenAPI."""
    return _adapter(shape).json_schema()


def _shape_mistakes(shape: Any, value: object, at: str) -> Iterator[Mistake]:
    try:
        _adapter(shape).validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            if not _is_about_unknown(detail):
                yield Mistake(join(at, *_path(detail["loc"])), _message(detail))


def _is_about_unknown(detail: ErrorDetails) -> bool:
    culprit = detail["input"]
    if isinstance(culprit, Unknown):
        return True
    # Which case of a union holds cannot be told while the key that tells them apart is unknown.
    return (
        detail["type"].startswith("union_tag")
        and isinstance(culprit, dict)
        and any(isinstance(item, Unknown) for item in culprit.values())
    )


def _path(location: tuple[int | str, ...]) -> Iterator[int | str]:
    """Leave out what pydantic adds for itself: the tag of a union's case, and the mark of a dict's key."""
    for part in location:
        if not (isinstance(part, str) and re.fullmatch(r"<\w+>|\[key\]", part)):
            yield part


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {_name_type(detail['input'])}"
    if kind in _TOLD:
        return _TOLD[kind](context)
    return re.sub(r"^Input should", "should", detail["msg"])


def _tell_cases(context: dict[str, Any]) -> str:
    cases = re.findall(r"<(\w+)>", str(context.get("expected_tags", "")))
    return f"has a type that is not known; use one of {', '.join(cases)}" if cases else "must be an object"


_PLAIN = {
    "missing": "is required",
    "extra_forbidden": "is not a known property",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}

_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    "literal_error": lambda context: f"must be {context['expected']}",
    "string_pattern_mismatch": lambda context: f"does not look as it should (pattern {context['pattern']})",
    "union_tag_invalid": _tell_cases,
    "union_tag_not_found": _tell_cases,
    "value_error": lambda context: str(context["error"]),
}

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "finite_number": "a finite number",
}


def _name_type(value: object) -> str:
    """Name the type of a value in words, never the value: it may be secret."""
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        type(None): "nothing",
    }
    return names.get(type(value), f"a {type(value).__name__}")
