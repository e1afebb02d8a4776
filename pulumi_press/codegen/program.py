"""The text of a program: its imports, its resources, and the order of their arguments."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from pulumi_press.codegen.literals import (
    WIDTH,
    Expression,
    write_comment,
    write_docstring,
    write_name,
    write_text,
    write_value,
)
from pulumi_press.schema.validation import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Declaration", "choose_names", "name_resources", "order_keys", "write_program"]


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


_RESERVED = {"pulumi", "press", "config", "os", *dir(builtins)}
# Letters and marks that Python allows in names, and that are invisible.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def name_resources(wanted: Sequence[tuple[str, str]]) -> list[str]:
    """Return a name for each resource, made from its block's name and unique among those of its kind.

    Two specs can have the same name if one is a workflow and the other a service.

    Args:
        wanted: kind and name of each block.
    """
    named: dict[tuple[str, str], None] = {}
    for kind, name in wanted:
        # `::` separates the parts of a URN.
        plain = re.sub(r"\s+|:{2,}", "-", "".join(char if char.isprintable() else " " for char in name).strip()) or kind
        names = chain((plain,), (f"{plain}-{number}" for number in range(2, len(wanted) + 2)))
        named[kind, next(one for one in names if (kind, one) not in named)] = None
    return [name for _, name in named]


def choose_names(resources: Iterable[str]) -> list[str]:
    """Return a variable for each resource, in order: `orders_prod` for `orders-prod`."""
    chosen: dict[str, None] = {}
    for resource in resources:
        # Python normalizes names like this, so two that it treats as one are one here.
        letters = unicodedata.normalize("NFKC", resource).lower()
        plain = "".join(letter if f"a{letter}".isidentifier() else "_" for letter in _INVISIBLE.sub("", letters))
        name = re.sub("_+", "_", plain).strip("_") or "block"
        if not name.isidentifier():
            name = f"block_{name}"
        if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _RESERVED:
            name = f"{name}_block"
        numbers = (f"{name}_{number}" for number in range(2, len(chosen) + 3))
        chosen[name if name not in chosen else next(other for other in numbers if other not in chosen)] = None
    return list(chosen)


@dataclass(frozen=True)
class Declaration:
    """The declaration of a resource in a program."""

    variable: str
    """The variable."""
    kind: str
    """The class, such as `BlockSpec`."""
    resource_name: str
    """The resource's name."""
    arguments: Mapping[str, Any]
    """The arguments: plain values, with `Expression` at any depth."""
    shape: Any
    """The arguments' shape, which determines their order."""
    comments: Sequence[str] = ()
    """Comments above it."""
    depends_on: Sequence[str] = ()
    """The variables of resources that must be there first, besides those that it refers to."""


def write_program(declarations: Sequence[Declaration], *, intro: str, native: bool = False) -> str:
    """Return the text of a program, with a line break at the end.

    Args:
        declarations: its resources, in order.
        intro: its docstring, one line.
        native: whether the native plugin serves its resources.
    """
    expressions = [found for declaration in declarations for found in _find_expressions(declaration.arguments)]
    has_config = any(expression.needs_config for expression in expressions)
    modules = {module for expression in expressions for module in expression.imports}
    own = sorted(modules - {"pulumi"})
    lines = [write_docstring(intro), ""]
    if own:
        lines += [*(f"import {write_name(module)}" for module in own), ""]
    if has_config or "pulumi" in modules or any(declaration.depends_on for declaration in declarations):
        lines.append("import pulumi")
    lines += ["from pulumi_press import native as press" if native else "import pulumi_press as press", ""]
    if has_config:
        lines += ["config = pulumi.Config()", ""]
    for declaration in declarations:
        lines += [*_declare(declaration), ""]
    return "\n".join(lines[:-1]) + "\n"


def _declare(declaration: Declaration) -> Iterator[str]:
    for comment in declaration.comments:
        yield from write_comment(comment, width=WIDTH)
    yield f"{write_name(declaration.variable)} = press.{write_name(declaration.kind)}("
    yield f"    {write_text(declaration.resource_name)},"
    for key, value in order_keys(declaration.shape, dict(declaration.arguments)).items():
        yield from write_value(value, f"{write_name(key)}=", ",", indent=4)
    if declaration.depends_on:
        names = ", ".join(map(write_name, declaration.depends_on))
        yield f"    opts=pulumi.ResourceOptions(depends_on=[{names}]),"
    yield ")"


def _find_expressions(value: Any) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _find_expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _find_expressions(item)
