"""What joins several fields of one shape, as JSON Schema.

The declarations of `pulumi_press.schema` are shapes and, apart from them, rules in Python. Those rules that JSON Schema
has words for are said here. No schema can say the others: that a name is known elsewhere in the body, that steps form
no circle, that a name is free or a version new. Alternatives are written without `if` and `not`: more tools read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_press.schema.rules import AUTH_NEEDS
from pulumi_press.schema.validation import json_schema
from pulumi_press.schema.workflow import Auth

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "apply_rules"]


WAYS: Final[list[str]] = json_schema(Auth)["properties"]["type"]["enum"]
"""Of authentication."""


def _one_of(*keys: str) -> dict[str, Any]:
    """Exactly one of the keys is there."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def _kind(kind: str, config: str) -> dict[str, Any]:
    return {"properties": {"kind": {"const": kind}, "config": {"$ref": f"#/components/schemas/{config}"}}}


RULES: Final[Mapping[str, dict[str, Any]]] = {
    "SpecBody": {"oneOf": [_kind("workflow", "WorkflowConfig"), _kind("service", "ServiceConfig")]},
    "StandardStep": _one_of("image", "imageRef", "imageDetails"),
    "SqlStep": _one_of("sqlQueryPath", "repository"),
    "Trigger": _one_of("cron", "webhook"),
    "Watcher": _one_of("user", "webhook", "email"),
    "Auth": {
        "anyOf": [
            *({"properties": {"type": {"const": way}}, "required": list(needs)} for way, needs in AUTH_NEEDS.items()),
            {"properties": {"type": {"enum": [way for way in WAYS if way not in AUTH_NEEDS]}}},
        ]
    },
    "ServiceConfig": {
        **_one_of("image", "imageDetails"),
        "anyOf": [
            {"properties": {"serviceType": {"const": "web-app"}}},
            {"properties": {"sessionStickiness": {"const": False}, "scaleToZero": {"const": False}}},
        ],
    },
}
"""By name of the shape."""


def apply_rules(shapes: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give the shapes with what the rules add to them."""
    return {name: {**schema, **RULES.get(name, {})} for name, schema in shapes.items()}
