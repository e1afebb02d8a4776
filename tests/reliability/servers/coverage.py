"""Which fields of which answers the operations meet: so that a new field or call is put before bad servers, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.assumptions import Assumptions
from pulumi_press.emulator.openapi import build_document
from tests.reliability.servers.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.reliability.servers.script import Exchange

__all__ = ["find_described", "find_met"]

OPAQUE = ("config", "groups", "options", "conditions", "properties", "defaultValue", "run", "build")
"""Fields whose inside is a person's own, or documented nowhere."""


def find_described() -> dict[str, set[str]]:
    """Give the fields of the answer to each call, by the call's name; those of a list's items after `[]`."""
    document = build_document(Assumptions())
    schemas = document["components"]["schemas"]
    found = {}
    for methods in document["paths"].values():
        for operation in methods.values():
            answers = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
            fields = [_content_of(answer) for answer in answers]
            found[operation["operationId"]] = {path for schema in fields for path in _walk(schema, schemas)}
    return found


def find_met(exchanges: Iterable[Exchange]) -> dict[str, set[str]]:
    """Give the fields of the recorded answers, in the same way."""
    document = build_document(Assumptions())
    routes = [
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    found: dict[str, set[str]] = {}
    for exchange in exchanges:
        asked = exchange.asked
        name = next(name for method, path, name in routes if method == asked.method and path.fullmatch(asked.path))
        places = (exchange.answer.json is not None and find_places(exchange.answer.json)) or ()
        met = {".".join("[]" if isinstance(key, int) else key for key in place) for place in places}
        found.setdefault(name, set()).update(met if exchange.answer.status < 300 else ())
    return found


def _content_of(answer: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _walk(schema: dict[str, Any], schemas: dict[str, Any], at: str = "") -> Iterator[str]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    for case in schema.get("anyOf", ()):
        yield from _walk(case, schemas, at)
    for name, inner in schema.get("properties", {}).items():
        path = f"{at}.{name}" if at else name
        yield path
        if name not in OPAQUE:
            yield from _walk(inner, schemas, path)
    if isinstance(schema.get("items"), dict) and schema["items"]:
        yield from _walk(schema["items"], schemas, f"{at}.[]" if at else "[]")
