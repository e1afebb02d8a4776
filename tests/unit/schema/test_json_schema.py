"""The JSON Schema of the arguments and bodies, which the docs and the local Press's OpenAPI show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press import schema
from pulumi_press.schema.validation import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = [name for name in dir(schema) if name.endswith(("Args", "Body", "Patch", "Parameters"))]

# Each keyword that may be met, and what must stand there (JSON Schema 2020-12).
KEYWORDS: dict[str, type | tuple[type, ...]] = {
    "$defs": dict,
    "$ref": str,
    "additionalProperties": (bool, dict),
    "anyOf": list,
    "const": (str, int),
    "default": object,
    "description": str,
    "enum": list,
    "examples": list,
    "items": dict,
    "maximum": (int, float),
    "minItems": int,
    "minLength": int,
    "minProperties": int,
    "minimum": (int, float),
    "oneOf": list,
    "pattern": str,
    "properties": dict,
    "required": list,
    "title": str,
    "type": str,
}
TYPES = {"object", "array", "string", "integer", "number", "boolean"}


def find_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every schema inside a schema, itself first."""
    yield node
    inner = [*node.get("$defs", {}).values(), *node.get("properties", {}).values()]
    inner += [*node.get("anyOf", ()), *node.get("oneOf", ())]
    inner += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    for child in inner:
        yield from find_nodes(child)


@pytest.fixture(params=NAMES)
def described(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give the JSON Schema of one shape after the other."""
    return json_schema(getattr(schema, request.param))


def test_it_is_json_schema(described: dict[str, Any]) -> None:
    """Every keyword is one of JSON Schema, with the kind of value that it takes."""
    for node in find_nodes(described):
        assert [key for key, value in node.items() if not isinstance(value, KEYWORDS.get(key, ()))] == []
        assert node.get("type", "object") in TYPES
        assert set(node.get("required", ())) <= set(node.get("properties", ()))
    assert described == json.loads(json.dumps(described))


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    """References are to definitions of the same document, and none is there for nothing."""
    references = {node["$ref"] for node in find_nodes(described) if "$ref" in node}

    assert references == {f"#/$defs/{name}" for name in described.get("$defs", ())}


def test_definitions_are_named_after_the_shapes(described: dict[str, Any]) -> None:
    """No two shapes share a name, so that no definition bears the name of a module."""
    assert {name: node["title"] for name, node in described.get("$defs", {}).items()} == {
        name: name for name in described.get("$defs", ())
    }


def test_every_shape_and_every_property_is_described(described: dict[str, Any]) -> None:
    """A reader finds a sentence at each object and each property, also at those that are inherited."""
    objects = [node for node in find_nodes(described) if "properties" in node]
    bare = [
        f"{node['title']}.{name}"
        for node in objects
        for name, child in node["properties"].items()
        if not child.get("description", "").endswith(".")
    ]

    assert objects
    assert [node["title"] for node in objects if not node.get("description", "").endswith(".")] == []
    assert bare == []


def test_objects_take_no_other_keys(described: dict[str, Any]) -> None:
    """What is refused as unknown is refused by the JSON Schema as well."""
    assert {node["additionalProperties"] for node in find_nodes(described) if "properties" in node} == {False}


def test_patterns_have_examples_that_match(described: dict[str, Any]) -> None:
    """Whoever reads a pattern finds a text beside it that has it."""
    patterns = [node for node in find_nodes(described) if "pattern" in node]

    assert [node for node in patterns if not node["examples"]] == []
    assert [
        (node["pattern"], text)
        for node in patterns
        for text in node["examples"]
        if not re.search(node["pattern"], text)
    ] == []


def test_a_reference_to_a_parameter_is_in_it() -> None:
    """Where a value may be a reference to a build parameter, both are told."""
    flag = json_schema(schema.Image)["properties"]["useCache"]

    assert flag["anyOf"] == [
        {"type": "boolean"},
        {"type": "string", "pattern": "^@param:.+", "examples": ["@param:name"]},
    ]
