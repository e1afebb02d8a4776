"""The order of keys: as the shapes declare them, so that all programs look alike."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_press.schema.validation import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["order_keys"]


def order_keys(shape: Any, value: Any) -> Any:
    """Return a copy with the keys of dicts in the order of their shapes; keys that no shape declares come last."""
    schema = _describe(shape)
    return _order(schema, value, schema.get("$defs", {}))


@cache
def _describe(shape: Any) -> dict[str, Any]:
    # It is slow, and a program has many blocks of few shapes.
    return json_schema(shape)


def _order(node: dict[str, Any], value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_order(_items(node, definitions), item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    chosen = _choose(node, value, definitions)
    named, others = chosen.get("properties", {}), chosen.get("additionalProperties")
    ordered = [*(key for key in named if key in value), *(key for key in value if key not in named)]
    other = others if isinstance(others, dict) else {}
    return {key: _order(named.get(key, other), value[key], definitions) for key in ordered}


def _items(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a list's items, from the case that has one."""
    found: dict[str, Any] = next((case["items"] for case in _cases(node, definitions) if "items" in case), {})
    return found


def _choose(node: dict[str, Any], value: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the case with the most matching constants, then the most keys of the dict."""

    def fit(case: dict[str, Any]) -> tuple[int, int]:
        named = case.get("properties", {})
        constants = [(key, item["const"]) for key, item in named.items() if "const" in item]
        return sum(value.get(key) == constant for key, constant in constants), len(named.keys() & value.keys())

    return max(_cases(node, definitions), key=fit, default={})


def _cases(node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cases of a shape, with references resolved."""
    if "$ref" in node:
        yield from _cases(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    elif cases := node.get("anyOf") or node.get("oneOf"):
        for case in cases:
            yield from _cases(case, definitions)
    else:
        yield node
