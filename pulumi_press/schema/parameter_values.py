"""Checking values for parameters against what a release declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.output import shorten
from pulumi_press.schema.failures import CheckFailure, find_nearest, join
from pulumi_press.schema.plain import REFERENCE, Unknown, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = [
    "check_values",
    "describe_kind",
    "fits",
    "is_option",
    "is_reference",
]


def check_values(
    declarations: Sequence[Mapping[str, Any]], values: Mapping[str, Any], *, at: str = "parameters.run"
) -> list[CheckFailure]:
    """Return a failure for each value that the declarations do not allow.

    Args:
        declarations: the `build` or the `run` list of a release's parameters.
        values: the values given, by name.
        at: path of `values`, put before each path.

    Returns:
        Names that are not declared, values of another type or outside the options, and required parameters that have
        neither a value nor a default. A parameter with conditions is never required: whether they hold
        is for the service to decide.
    """
    known = [item for item in declarations if isinstance(item, dict)]
    declared = {item["name"]: item for item in known if isinstance(item.get("name"), str)}
    if len(declared) < len(declarations):
        # An unknown declaration may be for any name.
        values = {name: value for name, value in values.items() if name in declared}
    return [*_wrong(declared, values, at), *_missing(declared, values, at)]


def _wrong(declared: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any], at: str) -> Iterator[CheckFailure]:
    for name, value in values.items():
        parameter = declared.get(name)
        if parameter is None:
            known, nearest = ", ".join(map(_brief, sorted(declared))), find_nearest(name, declared)
            meant = f"; did you mean `{_brief(nearest)}`?" if nearest else ""
            reason = f"is not declared by the release (declared: {shorten(known, _LONGEST_LIST) or 'none'}){meant}"
            yield CheckFailure(join(at, _brief(name)), reason)
        elif isinstance(value, Unknown):
            continue
        elif not fits(parameter.get("type"), value):
            yield CheckFailure(join(at, _brief(name)), f"must be {describe_kind(parameter.get('type'))}")
        elif parameter.get("options") and not is_reference(value) and not is_option(parameter["options"], value):
            yield CheckFailure(join(at, _brief(name)), "is not one of the options that the release declares")


def _missing(declared: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any], at: str) -> Iterator[CheckFailure]:
    for name, parameter in declared.items():
        wanted = parameter.get("required") is True and "defaultValue" not in parameter
        if wanted and not parameter.get("conditions") and name not in values:
            yield CheckFailure(join(at, _brief(name)), "is required by the release")


_LONGEST_NAME = 200  # characters of a parameter's name in a message; a release may declare any
_LONGEST_LIST = 1000  # characters of all names that it declares


def _brief(name: str) -> str:
    return shorten(name, _LONGEST_NAME)


def describe_kind(kind: Any) -> str:
    """Return a type's name in a message, such as `a number`."""
    return _WORDS.get(str(kind), "of another type")


def is_option(options: Sequence[Any], value: Any) -> bool:
    """Return whether a value, or each of several, is one of the options."""
    if contains_unknown(options):
        return True
    allowed = [option.get("value") for option in options if isinstance(option, dict)]
    chosen = value if isinstance(value, list) and value not in allowed else [value]
    return all(item in allowed or contains_unknown(item) for item in chosen)


def fits(kind: Any, value: Any) -> bool:
    """Return whether a value has a type; an unknown value has any."""
    if is_reference(value):
        return True
    if isinstance(kind, str) and kind.endswith("_array"):
        return isinstance(value, list) and all(fits(kind.removesuffix("_array"), item) for item in value)
    test = _TESTS.get(str(kind))
    return test is None or isinstance(value, Unknown) or test(value)


def is_reference(value: object) -> bool:
    """Return whether a value is a reference to a build parameter."""
    return isinstance(value, str) and value.startswith(REFERENCE)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TESTS: dict[str, Callable[[object], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
}

_WORDS = {
    "boolean": "true or false",
    "string": "a text",
    "number": "a number",
    "object": "an object",
    "string_array": "a list of texts",
    "number_array": "a list of numbers",
    "object_array": "a list of objects",
}
