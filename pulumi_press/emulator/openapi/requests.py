"""What a call takes: its path, its query and its body, as OpenAPI writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pulumi_press.emulator.bodies import JSON_LIMIT
from pulumi_press.emulator.openapi.examples import EXAMPLES
from pulumi_press.emulator.queries import BIGGEST_PAGE_NUMBER, DIRECTIONS, NUMBER, SIZE, SORT
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.queries import Listing
    from pulumi_press.emulator.routes import Route

__all__ = ["describe_body", "describe_parameters"]

UUID: Final = {"type": "string", "format": "uuid"}
LATEST: Final = {"const": "latest"}
LARGEST_REVISION: Final = 10**9 - 1

PATHS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "spec_id": (UUID, "Id of the spec."),
    "deployment_id": (UUID, "Id of the deployment."),
    "version": ({"type": "string", "pattern": versions.PATTERN}, "Version of the release."),
    "revision": ({"type": "integer", "minimum": 1, "maximum": LARGEST_REVISION}, "Number of the revision."),
}
ALIASED: Final = ("version", "revision")


def describe_parameters(route: Route, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Describe the names in a route's path and the keys of its query."""
    found = [_name(name, assumptions) for name in re.findall(r"\{(\w+)\}", route.path)]
    if route.listing:
        found += _keys(route.listing, assumptions)
    if route.validates:
        found.append(_key("validate", {"const": "true"}, "Only check what is sent: nothing is stored."))
    return found


def describe_body(route: Route, body: dict[str, Any] | None, parameters: dict[str, Any]) -> dict[str, Any]:
    """Describe a route's body.

    Args:
        route: the route.
        body: schema of its JSON body, or of the part `spec` of its form.
        parameters: schema of the part `parameters`.
    """
    if route.reads == "nothing":
        empty = {"type": "object", "maxProperties": 0}
        described = {"required": False, "content": {"application/json": {"schema": empty}}}
        # A body on GET means nothing to HTTP, so nobody is invited to send one.
        return {} if route.method == "GET" else {"requestBody": described}
    example = {"example": EXAMPLES[route.name]} if route.name in EXAMPLES else {}
    if route.reads == "json":
        about = f"At most {JSON_LIMIT} bytes."
        content = {"application/json": {"schema": body, **example}}
        return {"requestBody": {"description": about, "required": True, "content": content}}
    content = {"multipart/form-data": {**_form(route, body, parameters), **example}}
    about = f"The parts come in the order {', '.join(route.parts)}."
    return {"requestBody": {"description": about, "required": True, "content": content}}


def _name(name: str, assumptions: Assumptions) -> dict[str, Any]:
    schema, about = PATHS[name]
    if name in ALIASED and assumptions.latest_alias == "accept":
        schema = {"anyOf": [schema, LATEST]}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": about}


def _keys(listing: Listing, assumptions: Assumptions) -> Iterator[dict[str, Any]]:
    for key, (_, allowed) in listing.choices.items():
        yield _key(key, _several(allowed), f"Only those with one of these as {key}.")
    for key in listing.prefixes:
        yield _key(key, {"type": "string"}, f"Only those whose {key} begins so.")
    for key in listing.flags:
        yield _key(key, {"type": "boolean"}, f"Only those that are, or are not, {key}.")
    orders = [*listing.sorts, *(f"{field}:{direction}" for field in listing.sorts for direction in DIRECTIONS)]
    yield _key(SORT, _several(orders), "Order, by the first field, then by the next.")
    size = {
        "type": "integer",
        "minimum": 1,
        "maximum": assumptions.max_page_size,
        "default": assumptions.default_page_size,
    }
    yield _key(SIZE, size, "Items on a page.")
    number = {"type": "integer", "minimum": 1, "maximum": BIGGEST_PAGE_NUMBER, "default": 1}
    yield _key(NUMBER, number, "Which page.")


def _key(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": about}


def _several(allowed: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(allowed)}}


def _form(route: Route, body: dict[str, Any] | None, parameters: dict[str, Any]) -> dict[str, Any]:
    flag = {"type": ["boolean", "null"], "description": "Null: not given, which means false."}
    texts = {"type": "array", "items": {"type": "string", "minLength": 1}}
    parts: dict[str, dict[str, Any]] = {
        "artifact": {"type": "string", "format": "binary", "contentMediaType": "application/zip"},
        "spec": body or {},
        "featured": flag,
        "scope": {"$ref": "#/components/schemas/Scope"},
        "autoRunOnDeploy": flag,
        # An array would mean that the part comes once for each of its items.
        "tenants": {
            "type": "string",
            "format": "json-texts",
            "contentMediaType": "application/json",
            "contentSchema": texts,
        },
        "parameters": parameters,
    }
    kinds = {"artifact": "application/zip", "spec": "application/json", "parameters": "application/json"}
    return {
        "schema": {
            "type": "object",
            "properties": {name: parts[name] for name in route.parts},
            "required": ["spec"],
            "additionalProperties": False,
        },
        "encoding": {name: {"contentType": kind} for name, kind in kinds.items() if name in route.parts},
    }
