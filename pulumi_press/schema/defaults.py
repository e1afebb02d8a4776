"""Declared defaults and options: whether they are of the declared type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.unknown import contains_unknown
from pulumi_press.schema.values import describe_kind, fits, is_option, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_default_failures"]


def find_default_failures(parameters: object) -> Iterator[CheckFailure]:
    """Find the defaults and options of declared parameters that do not fit; no message holds a value."""
    if not isinstance(parameters, dict):
        return
    for group in ("build", "run"):
        yield from _find(parameters.get(group), join("parameters", group))


def _find(declared: object, at: str) -> Iterator[CheckFailure]:
    for index, item in enumerate(declared if isinstance(declared, list) else ()):
        if isinstance(item, dict):
            path = join(at, index)
            yield from _find_in_one(item, path)
            yield from _find(item.get("properties"), join(path, "properties"))


def _find_in_one(item: dict[str, Any], at: str) -> Iterator[CheckFailure]:
    kind, options = item.get("type"), item.get("options")
    options = options if isinstance(options, list) else []
    single = kind.removesuffix("_array") if isinstance(kind, str) else kind
    for index, option in enumerate(options):
        if isinstance(option, dict) and "value" in option:
            # One of several, or all at once: which of them is not documented.
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
    """Tell whether a text writes a value of the type: the service's documentation calls every default a text."""
    try:
        return kind != "string" and fits(kind, json.loads(text))
    except ValueError:
        return False


def _explain(kind: Any, value: Any) -> str:
    """Say what is wanted, and how YAML may have come to something else."""
    items = value if isinstance(value, list) else [value]
    wrong = next((item for item in items if isinstance(item, (bool, int, float))), None)
    reason = ""
    if isinstance(wrong, bool):
        reason = "; YAML reads no, off, yes and on as false and true: put them in quotes where they are texts"
    elif isinstance(wrong, (int, float)) and str(kind).startswith("string"):
        reason = "; put it in quotes: YAML reads 12:30 as 750, 0123 as 83 and 1.10 as 1.1"
    return f"must be {describe_kind(kind)}, as the type says{reason}"
