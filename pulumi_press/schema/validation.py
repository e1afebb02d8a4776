"""Finding everything that is wrong with a value, by property path."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_press.carried import DEEPEST, TOO_DEEP, why_not_json
from pulumi_press.schema.failures import CheckFailure, find_nearest, join, suggest
from pulumi_press.schema.plain import Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

__all__ = ["json_schema", "validate"]


# An engine checks many resources at once: one thread builds the adapter, the others wait. JSON Schema reads the shapes'
# source for their docstrings, which several Pythons cannot do in two threads at once.
_building = threading.RLock()


def _adapter(shape: Any) -> TypeAdapter[Any]:
    with _building:
        return _build_adapter(shape)


@cache
def _build_adapter(shape: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # It takes a while to load.

    return TypeAdapter(shape)


def validate(shape: Any, value: object, *, at: str = "") -> list[CheckFailure]:
    """Return everything that is wrong with `value` by its shape and by the rules about several fields.

    Unknown values are skipped.

    Args:
        shape: a shape of this package, such as `SpecBody`.
        value: dicts, lists, texts, numbers, booleans, and `UNKNOWN` at any depth; anything else is a failure.
        at: path of `value` itself, put before each path.

    Returns:
        The failures, in the order of the declaration.
    """
    from pulumi_press.schema import rules

    failures = list(_shape_failures(shape, value, at))
    # A rule is applied to values of the right shape only, so that a wrong value is reported once.
    wrong = {failure.property for failure in failures}
    unfit = [failure for failure in _find_unfit(value, at) if failure.property not in wrong]
    failures += unfit
    wrong.update(failure.property for failure in unfit)
    failures += [failure for failure in rules.find(shape, value, at) if failure.property not in wrong]
    return failures


def json_schema(shape: Any) -> dict[str, Any]:
    """Return the JSON Schema of a shape, for the docs and for OpenAPI."""
    with _building:
        return _adapter(shape).json_schema()


def _shape_failures(shape: Any, value: object, at: str) -> Iterator[CheckFailure]:
    from pydantic import ValidationError

    try:
        _adapter(shape).validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            location, culprit = [*_path(detail["loc"], value)], detail["input"]
            if detail["type"] == "union_tag_invalid":
                # Only a step is selected by a value: that of its `type`.
                location, culprit = [*location, "type"], culprit["type"]
            if not isinstance(culprit, (Unknown, Refused)):
                yield CheckFailure(join(at, *location), _message(shape, detail))


def _find_unfit(value: object, at: str, depth: int = 0) -> Iterator[CheckFailure]:
    """Yield what JSON cannot hold; most shapes find that themselves, but some accept any value."""
    if isinstance(value, (dict, list)) and depth == DEEPEST:
        yield CheckFailure(at, TOO_DEEP)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not (item is None or type(item) is str):
                yield from _find_unfit(item, join(at, key), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _find_unfit(item, join(at, index), depth + 1)
    elif isinstance(value, Refused):
        yield CheckFailure(at, value.reason)
    elif not isinstance(value, Unknown) and (why := why_not_json(value)):
        yield CheckFailure(at, why)


def _path(location: tuple[int | str, ...], value: Any) -> Iterator[int | str]:
    """Yield a location without what pydantic adds: the tag of a union's case, and the mark of a dict's key."""
    for part in location:
        is_key = isinstance(value, dict) and part in value
        if isinstance(part, str) and re.fullmatch(r"<\w+>|\[key\]", part) and not is_key:
            continue
        yield part
        try:
            value = value[part]
        except (LookupError, TypeError):
            value = None


def _message(shape: Any, detail: ErrorDetails) -> str:
    from pulumi_press.schema import shapes  # It needs the shapes, which are loaded by now.

    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "extra_forbidden":
        *parents, key = detail["loc"]
        known = shapes.known_keys(shapes.find_kind(shape, tuple(parents)))
        if others := shapes.find_owners(shape, tuple(parents), str(key)):
            own, *others = (f"`{str(tag).strip('<>')}`" for tag in (parents[-1], *others))
            return f"is not a known property of the kind {own}, but of {', '.join(others)}"
        return f"is not a known property{suggest(str(key), known)}"
    if kind in _WANTED or kind == "either":
        form = shapes.example(shapes.find_kind(shape, detail["loc"]))
        cure = f"; write one such as {form}" if form else ""
        if not cure and kind == "string_type" and isinstance(detail["input"], (bool, int, float)):
            cure = "; put it in quotes"
        return f"must be {_WANTED.get(kind) or context['wanted']}, not {_name_type(detail['input'])}{cure}"
    if kind in _WRITERS:
        return _WRITERS[kind](context, detail["input"])
    return re.sub(r"^Input should", "should", detail["msg"])


def _describe_choice(context: dict[str, Any], given: object) -> str:
    wanted = str(context["expected"])
    return f"must be {wanted}{_mean(given, re.findall(QUOTED, wanted))}"


def _describe_tag(context: dict[str, Any], given: object) -> str:
    names = re.findall(r"<(\w+)>", context["expected_tags"])
    *others, last = names
    given = given.get("type") if isinstance(given, dict) else None
    return f"must be {', '.join(map(repr, others))} or {last!r}{_mean(given, names)}"


def _mean(given: object, known: list[str]) -> str:
    """Return which of several words was probably meant; the message lists them already."""
    nearest = find_nearest(given, known) if isinstance(given, str) and len(known) > 1 else None
    return f"; did you mean `{nearest}`?" if nearest else ""


QUOTED = r"'([^']*)'"

_PLAIN = {
    "missing": "is required",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_unicode": "has a character that no text may have",
    "finite_number": "must be a finite number",
}

_WRITERS: dict[str, Callable[[dict[str, Any], object], str]] = {
    "literal_error": _describe_choice,
    "union_tag_invalid": _describe_tag,
    "value_error": lambda context, _: str(context["error"]),
}

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
}


def _name_type(value: object) -> str:
    """Return the name of a value's type, never the value, which may be secret."""
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
