"""Schedules: whether the fields of a cron expression are within their ranges, and whether its day ever comes."""

from __future__ import annotations

import re
from typing import NamedTuple

from pulumi_press.schema.plain import REFERENCE

__all__ = ["find_cron_failure"]


class Field(NamedTuple):
    """A field of an expression."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    """Words for its values, the lowest first."""


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
"""What the fields may be, by their number: which of two meanings six fields have is not documented."""

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months, in a leap year."""

SPECIAL = r"L|LW|L-\d+|\d+[LW]|[A-Z]{3}L|(\d|[A-Z]{3})#\d|H(\(.*\))?"
"""What some services know beside numbers, words and ranges."""


def find_cron_failure(text: str) -> str:
    """Say what is wrong with an expression of five or six fields; empty where nothing is, or where it is none.

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
    """Say that no month has such a day, where only plain numbers tell."""
    if weekdays not in ("*", "?"):
        return ""
    try:
        wanted = [int(day) for day in days.split(",")]
        within = [int(_number(month, FIVE[3]) or 0) for month in months.upper().split(",")]
    except ValueError:
        return ""
    if 0 in within or any(day <= LENGTHS[month - 1] for day in wanted for month in within):
        return ""
    return "the day never comes: no such month has so many"
