"""What a release declares, as a program would write it."""

from __future__ import annotations

from typing import Any

from pulumi_press.carried import carry
from pulumi_press.provider.values import Values, get

__all__ = ["flatten_declared"]

GROUPS = ("build", "run")

ANY_VALUE = ("defaultValue", "value")
"""What may be any value."""


def flatten_declared(parameters: Any) -> Values:
    """Write live declarations as the input `parameters`; groups without any are left out.

    What the service adds to a declaration is no part of what was declared, so it is no difference either.
    """
    declared = {group: get(parameters, group) for group in GROUPS}
    return {group: [_project(item) for item in items] for group, items in declared.items() if items}


def _project(declaration: Values) -> Values:
    from pulumi_press.schema.parameters import Option, Parameter

    known = _take(declaration, Parameter)
    if options := known.get("options"):
        known["options"] = [_take(option, Option) for option in options]
    return known


def _take(value: Values, shape: Any) -> Values:
    """Take the keys that a shape has; a null is none, and a value that Pulumi cannot hold becomes a text."""
    known = {key: item for key, item in value.items() if key in shape.__annotations__ and item is not None}
    return {key: carry(item) if key in ANY_VALUE else item for key, item in known.items()}
