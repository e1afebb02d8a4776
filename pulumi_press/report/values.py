"""Writing values for a person: short, on one line, without what could be taken for something else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pulumi_press.printable import escape_hidden
from pulumi_press.report.paths import ABSENT
from pulumi_press.report.secrecy import SECRET
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AFTER_UP", "SHORT", "cut", "show", "show_lines", "show_pair", "to_json"]

AFTER_UP: Final = "[known after up]"
SHORT: Final = 60
"""So many characters of a value stand in a line."""

CONTEXT: Final = 12
"""So many characters stand before the first difference of two long texts."""


def cut(text: str, width: int) -> str:
    """Shorten a text to so many characters."""
    return text if len(text) <= width else text[: max(width - 3, 0)] + "..."


def to_json(value: Any) -> Any:
    """Write a value as JSON can hold it; what is unknown as `[known after up]`, what is absent as None."""
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, Unknown):
        return AFTER_UP
    return None if value is ABSENT else value


def show(value: Any) -> str:
    """Write a value on one line, as JSON; `[secret]`, `[known after up]` and `none` stand as they are."""
    if value is ABSENT:
        return "none"
    written = to_json(value)
    if isinstance(value, Unknown) or value == SECRET:
        return str(written)
    return escape_hidden(json.dumps(written, ensure_ascii=False))


def show_pair(old: Any, new: Any, width: int = SHORT) -> tuple[str, str]:
    """Write two values on one line each, so short that what differs is still to be seen."""
    before, after = show(old), show(new)
    start = next(_differences(before, after), 0) - CONTEXT
    if start > CONTEXT and max(len(before), len(after)) > width:
        before, after = ("..." + text[start:] for text in (before, after))
    return cut(before, width), cut(after, width)


def _differences(before: str, after: str) -> Iterator[int]:
    yield from (index for index, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    yield min(len(before), len(after))


def show_lines(value: Any) -> list[str]:
    """Write a value in full: texts of several lines as lines, lists and dicts as indented JSON."""
    written = to_json(value)
    if isinstance(written, str) and "\n" in written:
        return [escape_hidden(line) for line in re.split(r"\r?\n", written)]
    if isinstance(written, (dict, list)) and written:
        return [escape_hidden(line) for line in json.dumps(written, ensure_ascii=False, indent=2).splitlines()]
    return [show(value)]
