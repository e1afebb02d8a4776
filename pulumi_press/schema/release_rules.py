"""What cannot work in a new release although each part of it has the right shape.

The service has accepted a published release as it is, so these rules are for new ones.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.schema.failures import CheckFailure, find_nearest, join
from pulumi_press.schema.images import find_built_images
from pulumi_press.schema.parameter_values import describe_kind, fits, is_option, is_reference
from pulumi_press.schema.plain import REFERENCE, Unknown, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "find_content_failures",
    "find_cron_failure",
    "find_default_failures",
]

GROUPS = ("build", "run")


def find_content_failures(arguments: Mapping[str, Any]) -> Iterator[CheckFailure]:
    """Yield what cannot work in the arguments of a spec or release; values that are not known yet are skipped.

    Args:
        arguments: the arguments, whatever their shape.
    """
    config, parameters = arguments.get("config"), arguments.get("parameters")
    if isinstance(config, dict):
        yield from _find_unbuildable(config, arguments.get("artifact"))
        yield from _find_schedules(config)
        yield from _find_references(config, parameters)
    yield from find_default_failures(parameters)
    yield from _find_conditions(parameters)


def _find_unbuildable(config: dict[str, Any], artifact: object) -> Iterator[CheckFailure]:
    if artifact is not None:
        return
    for path in find_built_images(config):
        yield CheckFailure(
            path,
            'is built from the artifact, but there is no artifact; add artifact={"path": "..."}, '
            "or give an existing image in imageDetails",
        )
    for name, step in _items(config.get("steps")):
        if isinstance(step, dict) and step.get("type") == "sql" and "sqlQueryPath" in step:
            path = join("config", "steps", name, "sqlQueryPath")
            yield CheckFailure(
                path, 'is a file of the artifact, but there is no artifact; add artifact={"path": "..."}'
            )


def _find_schedules(config: dict[str, Any]) -> Iterator[CheckFailure]:
    triggers = config.get("triggers")
    for index, trigger in enumerate(triggers if isinstance(triggers, list) else ()):
        cron = trigger.get("cron") if isinstance(trigger, dict) else None
        if isinstance(cron, str) and (why := find_cron_failure(cron)):
            yield CheckFailure(join("config", "triggers", index, "cron"), why)


def _find_references(config: dict[str, Any], parameters: object) -> Iterator[CheckFailure]:
    """Yield references to build parameters that are not declared."""
    build, run = _names(parameters, "build"), _names(parameters, "run")
    if build is None:
        return
    for path, text in _texts(config, "config"):
        name = text.removeprefix(REFERENCE)
        if name == text or name in build:
            continue
        if run and name in run:
            yield CheckFailure(
                path, f"refers to {name!r}, a run parameter; only those in parameters.build can stand here"
            )
            continue
        nearest = find_nearest(name, build)
        meant = f"; did you mean `{REFERENCE}{nearest}`?" if nearest else ""
        there = ", ".join(build) or "none"
        yield CheckFailure(
            path, f"refers to {name!r}, which is not declared in parameters.build (there: {there}){meant}"
        )


def _find_conditions(parameters: object) -> Iterator[CheckFailure]:
    """Yield conditions on parameters that are not declared."""
    names = [_names(parameters, group) for group in GROUPS]
    if None in names:
        return
    known = [name for group in names for name in group or ()]
    for group in GROUPS:
        for path, condition in _walk(_get(parameters, group), join("parameters", group)):
            name = condition.get("dependsOn")
            if isinstance(name, str) and name not in known:
                nearest = find_nearest(name, known)
                meant = f"; did you mean `{nearest}`?" if nearest else ""
                yield CheckFailure(join(path, "dependsOn"), f"names a parameter that is not declared: {name!r}{meant}")


def _names(parameters: object, group: str) -> list[str] | None:
    """Return the names that are declared in a group; None where they are not all known yet."""
    declared = _get(parameters, group)
    if declared is None:
        return []
    if not isinstance(declared, list):
        return None
    names = [_get(item, "name") for item in declared]
    return None if any(isinstance(name, Unknown) for name in names) else [n for n in names if isinstance(n, str)]


def _get(value: object, key: str) -> Any:
    if isinstance(value, Unknown):
        return value
    return value.get(key) if isinstance(value, dict) else None


def _items(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _texts(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, with its path."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, join(at, index))


def _walk(value: object, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every declaration and condition in a value, with its path; other values are data."""
    if isinstance(value, dict):
        yield at, value
        for key in ("conditions", "properties"):
            yield from _walk(value.get(key), join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, join(at, index))


class Field(NamedTuple):
    """A field of an expression."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    """Names of its values, the lowest first."""


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

FIVE = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of the week", 0, 7, DAYS),
)
SECOND, YEAR = Field("second", 0, 59), Field("year", 1970, 2199)
FORMS = {5: (FIVE,), 6: ((SECOND, *FIVE), (*FIVE, YEAR))}
"""The possible fields, by their number: which meaning six fields have is not documented."""

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months, in a leap year."""

SPECIAL = r"L|LW|L-\d+|\d+[LW]|[A-Z]{3}L|(\d|[A-Z]{3})#\d|H(\(.*\))?"
"""Syntax that some services support besides numbers, names and ranges."""


def find_cron_failure(text: str) -> str:
    """Return what is wrong with a cron expression of five or six fields; empty if nothing is, or it has another form.

    The message does not hold the expression.
    """
    fields = text.split()
    if text.strip().startswith(REFERENCE) or len(fields) not in FORMS:
        return ""
    found = [_find_in_form(fields, form) for form in FORMS[len(fields)]]
    return "" if "" in found else found[0]


def _find_in_form(fields: list[str], form: tuple[Field, ...]) -> str:
    for text, field in zip(fields, form, strict=True):
        for item in text.upper().split(","):
            if why := _find_in_item(item, field):
                return why
    start = form.index(FIVE[0])
    return _find_day(*fields[start + 2 : start + 5])


def _find_in_item(item: str, field: Field) -> str:
    span, slash, step = item.partition("/")
    if slash and not (step.isdecimal() and 1 <= int(step) <= field.high):
        return f"the step of the {field.name} is out of range: 1 to {field.high}"
    if span in ("*", "?") or re.fullmatch(SPECIAL, span):
        return ""
    for part in span.split("-", 1):
        number = _number(part, field)
        if number is None or not field.low <= number <= field.high:
            return f"the {field.name} is out of range: {_describe(field)}"
    return ""


def _number(part: str, field: Field) -> int | None:
    if part in field.words:
        return field.words.index(part) + field.low
    return int(part) if part.isascii() and part.isdecimal() else None


def _describe(field: Field) -> str:
    words = f", or {field.words[0]} to {field.words[-1]}" if field.words else ""
    return f"{field.low} to {field.high}{words}"


def _find_day(days: str, months: str, weekdays: str) -> str:
    """Return a message if no month has such a day; only plain numbers are checked."""
    if weekdays not in ("*", "?"):
        return ""
    try:
        wanted = [int(day) for day in days.split(",")]
        within = [int(_number(month, FIVE[3]) or 0) for month in months.upper().split(",")]
    except ValueError:
        return ""
    if 0 in within or any(day <= LENGTHS[month - 1] for day in wanted for month in within):
        return ""
    return "the day never comes: none of the months has so many days"


def find_default_failures(parameters: object) -> Iterator[CheckFailure]:
    """Yield the defaults and options of declared parameters that have the wrong type; no message holds a value."""
    if not isinstance(parameters, dict):
        return
    for group in ("build", "run"):
        yield from _find_defaults(parameters.get(group), join("parameters", group))


def _find_defaults(declared: object, at: str) -> Iterator[CheckFailure]:
    for index, item in enumerate(declared if isinstance(declared, list) else ()):
        if isinstance(item, dict):
            path = join(at, index)
            yield from _find_in_one(item, path)
            yield from _find_defaults(item.get("properties"), join(path, "properties"))


def _find_in_one(item: dict[str, Any], at: str) -> Iterator[CheckFailure]:
    kind, options = item.get("type"), item.get("options")
    options = options if isinstance(options, list) else []
    single = kind.removesuffix("_array") if isinstance(kind, str) else kind
    for index, option in enumerate(options):
        if isinstance(option, dict) and "value" in option:
            # Whether an option is an item or a whole list is not documented.
            value = option["value"]
            if not _is_right(single, value) and not _is_right(kind, value):
                yield CheckFailure(join(at, "options", index, "value"), _explain(single, value))
    if "defaultValue" not in item:
        return
    default = item["defaultValue"]
    if not _is_right(kind, default):
        yield CheckFailure(join(at, "defaultValue"), _explain(kind, default))
    elif options and fits(kind, default) and not is_reference(default) and not is_option(options, default):
        yield CheckFailure(join(at, "defaultValue"), "is not one of the options")


def _is_right(kind: Any, value: Any) -> bool:
    return contains_unknown(value) or fits(kind, value) or (isinstance(value, str) and _is_written(kind, value))


def _is_written(kind: Any, text: str) -> bool:
    """Return whether a text is JSON of the type: the service's documentation says that defaults are texts."""
    try:
        return kind != "string" and fits(kind, json.loads(text))
    except ValueError:
        return False


def _explain(kind: Any, value: Any) -> str:
    """Return the expected type, and how YAML may have changed the value."""
    items = value if isinstance(value, list) else [value]
    wrong = next((item for item in items if isinstance(item, (bool, int, float))), None)
    reason = ""
    if isinstance(wrong, bool):
        reason = "; YAML reads no, off, yes and on as false and true: put them in quotes where they are texts"
    elif isinstance(wrong, (int, float)) and str(kind).startswith("string"):
        reason = "; put it in quotes: YAML reads 12:30 as 750, 0123 as 83 and 1.10 as 1.1"
    return f"must be {describe_kind(kind)}, as the type says{reason}"
