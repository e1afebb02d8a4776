"""What a value in an answer must be: small checks, and larger ones made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulumi_press.client.answers import Json, Shape, WrongShape
from pulumi_press.schema.plain import is_text

__all__ = ["Check", "anything", "each", "fields", "flag", "maybe", "number", "shaped", "text", "version", "words"]

Check = Callable[[Any, str], None]
"""Takes a value and its path in the answer, and raises `WrongShape` if it is not what is expected there."""

_ABSENT: Any = object()

_LARGEST = 2**53
"""The largest whole number that every program counts alike."""

_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    float: "a broken number",
}


def shaped(check: Check) -> Shape[Json]:
    """Make the shape of an answer that passes a check. What the check does not name is passed on as it came."""

    def shape(answer: Any) -> Json:
        check(answer, "")
        given: Json = answer
        return given

    return shape


def fields(**checks: Check) -> Check:
    """Expect an object; each field of it that is named must pass its check."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(value, at, "an object")
        for name, inner in checks.items():
            inner(value.get(name, _ABSENT), f"{at}.{name}" if at else name)

    return check


def each(inner: Check) -> Check:
    """Expect a list whose items all pass a check."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise _wrong(value, at, "a list")
        for index, item in enumerate(value):
            inner(item, f"{at}[{index}]")

    return check


def maybe(inner: Check) -> Check:
    """Expect a value that passes a check, null, or none at all."""

    def check(value: Any, at: str) -> None:
        if value is not _ABSENT and value is not None:
            inner(value, at)

    return check


def text(value: Any, at: str) -> None:
    """Expect text as a name or an id is, by the rule for what is sent: not empty."""
    if not is_text(value):
        raise _wrong(value, at, "text")


def words(value: Any, at: str) -> None:
    """Expect text, perhaps empty."""
    if not isinstance(value, str):
        raise _wrong(value, at, "text")


def version(value: Any, at: str) -> None:
    """Expect a semantic version."""
    from pulumi_press.schema import versions  # Late: most calls tell of no version.

    text(value, at)
    try:
        versions.parse(value)
    except ValueError:
        pass
    else:
        return
    raise WrongShape(f"{at} is not a semantic version")


def number(value: Any, at: str, least: int = 1) -> None:
    """Expect a whole number from `least` on."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(value, at, "a whole number")
    if value < least:
        raise WrongShape(f"{at} is below {least}")
    if value > _LARGEST:
        raise WrongShape(f"{at} is above {_LARGEST}")


def flag(value: Any, at: str) -> None:
    """Expect true or false."""
    if not isinstance(value, bool):
        raise _wrong(value, at, "true or false")


def anything(value: Any, at: str) -> None:
    """Expect that there is something, whatever it is."""
    if value is _ABSENT:
        raise _wrong(value, at, "")


def _wrong(value: Any, at: str, expected: str) -> WrongShape:
    if value is _ABSENT:
        return WrongShape(f"{at} is missing")
    found = "nothing" if value is None or value == "" else _NAMES.get(type(value), type(value).__name__)
    if not at:
        return WrongShape(f"a JSON object was expected, not {found}")
    return WrongShape(f"{at} should be {expected}, not {found}")
