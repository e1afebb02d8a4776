"""The shapes of inputs as tables: one for a shape, and one for each that it is made of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pulumi_press import schema
from tools.docs.tables import say, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["HOMES", "join_words", "name_annotation", "name_type", "read_schema", "write_nested", "write_shape"]

HOMES = {"WorkflowConfig": "workflow.md", "ServiceConfig": "service.md", "Parameters": "parameters.md"}
"""Shapes that have a page of their own, where others lead to."""

ARGUMENTS = {
    "BlockSpecArgs": "block-spec.md",
    "ReleaseArgs": "block-spec-release.md",
    "DeploymentArgs": "block-deployment.md",
}
"""Shapes of arguments, with the page of the resource whose they are."""

HEAD = ("key", "type", "required", "meaning")
REFERENCE = "^@param:"
PLAIN = {"string": "`str`", "boolean": "`bool`", "integer": "`int`", "number": "`float`"}

Schema = dict[str, Any]


def read_schema(shape: str) -> Schema:
    """Give the JSON Schema of a shape, by its name."""
    return schema.json_schema(getattr(schema, shape))


def write_shape(shape: str) -> str:
    """Write the table of a shape, and of each that it is made of."""
    declared = read_schema(shape)
    return "\n\n".join([_write(declared), *write_nested(declared)])


def write_nested(declared: Schema) -> Iterator[str]:
    """Write the shapes that one is made of, in the order in which they are named; not those with another page."""
    definitions = declared.get("$defs", {})
    ahead = list(_names(declared["properties"]))
    seen = set(ahead)
    while ahead:
        name = ahead.pop(0)
        if name in HOMES:
            continue
        nested = definitions[name]
        yield f"### {name}\n\n{say(nested['description'])}\n\n{_write(nested)}"
        further = [item for item in _names(nested["properties"]) if item not in seen]
        seen.update(further)
        ahead += further


def name_type(declared: Schema) -> str:
    """Name the Python type of a property, with links to the shapes that it is made of."""
    if "$ref" in declared:
        name = declared["$ref"].rpartition("/")[2]
        return f"[{name}]({HOMES.get(name, '')}#{name.lower()})"
    if "const" in declared or "enum" in declared:
        return join_words([f"`{json.dumps(value)}`" for value in declared.get("enum") or [declared["const"]]])
    for key in ("anyOf", "oneOf"):
        if key in declared:
            return join_words([name_type(case) for case in declared[key]])
    if declared.get("type") == "array":
        least = ", at least one" if declared.get("minItems") else ""
        return _hold("list", name_type(declared["items"])) + least
    if declared.get("type") == "object":
        values = declared.get("additionalProperties")
        return _hold("dict", "`str`", name_type(values if isinstance(values, dict) else {}))
    return _name_plain(declared)


def _hold(container: str, *items: str) -> str:
    """Name the type of a container; it is one piece of code unless it holds links."""
    if all(re.fullmatch(r"`[^`]*`", item) for item in items):
        names = [item.strip("`") for item in items]
        return f"`{container}[{', '.join(f'Literal[{name}]' if name[0] == chr(34) else name for name in names)}]`"
    # A bracket before a link would begin another link.
    return rf"`{container}` of {' to '.join(items)}" if len(items) > 1 else f"`{container}` of {items[0]}"


def _name_plain(declared: Schema) -> str:
    if declared.get("pattern", "").startswith(REFERENCE):
        return "`@param:name`"
    name = PLAIN.get(declared.get("type", ""), "`Any`")
    if "minimum" in declared:
        name += f" from {declared['minimum']:g} to {declared['maximum']:g}"
    if "examples" in declared:
        name += f" like {join_words([f'`{example}`' for example in declared['examples']])}"
    return name


def _write(declared: Schema) -> str:
    required = declared.get("required", [])
    return write_table(
        HEAD,
        (
            (f"`{name}`", name_type(item), "yes" if name in required else "", say(item.get("description", "")))
            for name, item in declared["properties"].items()
        ),
    )


def _names(part: Any) -> Iterator[str]:
    """Give the names of the shapes that a part of a schema refers to, each once."""
    if isinstance(part, dict) and "$ref" in part:
        yield part["$ref"].rpartition("/")[2]
    elif isinstance(part, (dict, list)):
        found = (name for item in (part.values() if isinstance(part, dict) else part) for name in _names(item))
        yield from dict.fromkeys(found)


def name_annotation(annotation: str) -> str:
    """Name the type of an argument that has no shape, by its annotation in the source."""
    choices = re.fullmatch(r"Literal\[(.*)\]", annotation)
    if choices:
        return join_words([f'`"{word}"`' for word in re.findall(r"'(.*?)'", choices[1])])
    mapping = re.fullmatch(r"Mapping\[str, (.*)\]", annotation)
    if mapping:
        return _hold("dict", "`str`", name_annotation(mapping[1]))
    name = annotation.removeprefix("schema.").removeprefix("inputs.")
    if name in ARGUMENTS:
        return f"[{name}]({ARGUMENTS[name]}#arguments)"
    if name in dir(schema):
        return name_type(read_schema(name))
    return f"`{name}`"


def join_words(words: Sequence[str]) -> str:
    """Join words with commas and `or`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
