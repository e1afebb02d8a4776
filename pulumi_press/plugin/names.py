"""The names of properties: as every Pulumi language generates them from a schema, and as the core has them.

The core has the names of the SDK, such as `spec_id`; a package of Pulumi has `specId`, from which each language makes
its own. Only what this package names differs: a resource's properties, and the members of `artifact`. What lies deeper
is the API's, or the user's own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pulumi_press.schema.failures import CheckFailure, join

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_press.provider.values import SecretPath

__all__ = ["is_named", "read_path", "split_path", "to_camel", "to_snake", "write_failure", "write_path"]

_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


@cache
def to_camel(name: str) -> str:
    """Return the name as a schema has it: `spec_id` -> `specId`."""
    return name if name.startswith("_") else re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


@cache
def to_snake(name: str) -> str:
    """Return the name as the core has it: `specId` -> `spec_id`."""
    return name if name.startswith("_") else re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", name)


def is_named(path: Sequence[str | int]) -> bool:
    """Return whether this package names the members of what stands at a path."""
    return not path or tuple(path) == ("artifact",)


def split_path(text: str) -> SecretPath:
    """Split a path of the core's, such as `config.steps["a.b"].ports[0]`, into its keys."""
    return tuple(
        int(index) if index else plain or quoted.replace('\\"', '"') for plain, index, quoted in _STEP.findall(text)
    )


def write_path(text: str) -> str:
    """Return a path of the core's as a schema has it; the engine reads paths in the same form."""
    return _rename(text, to_camel)


def read_path(text: str) -> str:
    """Return a path of a schema's as the core has it."""
    return _rename(text, to_snake)


def write_failure(failure: CheckFailure) -> CheckFailure:
    """Return a failure with the names of a schema: of the property, and of those that may have been meant."""
    reason = failure.reason
    if is_named(list(map(str, split_path(failure.property)[:-1]))) and "is not a known property" in reason:
        reason = re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda match: to_camel(match[0]), reason)
    return failure._replace(property=write_path(failure.property), reason=reason)


def _rename(text: str, rename: Callable[[str], str]) -> str:
    keys = split_path(text)
    return join(
        "",
        *(
            rename(key) if isinstance(key, str) and is_named(list(map(str, keys[:depth]))) else key
            for depth, key in enumerate(keys)
        ),
    )
