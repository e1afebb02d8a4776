"""The OpenAPI document of a local Press, built from the declarations that the server uses."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from pulumi_press.emulator.api.calls import JSON_LIMIT
from pulumi_press.emulator.api.objects import DIRECTIONS, MAX_PAGE_NUMBER, PAGE_NUMBER, PAGE_SIZE, SORT
from pulumi_press.emulator.api.routes import ROUTES, SUCCESS
from pulumi_press.emulator.api.spec_responses import Error, Validated
from pulumi_press.schema import versions
from pulumi_press.schema.bodies import Scope
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.rules import AUTH_NEEDS
from pulumi_press.schema.validation import json_schema
from pulumi_press.schema.workflow import Auth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.emulator.api.objects import Listing
    from pulumi_press.emulator.api.routes import Route
    from pulumi_press.emulator.assumptions import Assumptions

__all__ = ["EXAMPLES", "LINKS", "RULES", "apply_rules", "build_document", "describe_body", "describe_parameters"]

OPENAPI: Final = "3.1.0"
REF_TEMPLATE: Final = "#/components/schemas/{model}"
NO_CONTENT: Final = 204
DESCRIPTION: Final = """The HTTP API of Press Blocks, as a local Press speaks it under its present assumptions.

Calls without a body take `{}` as well, which the real client sends. What is not described here is refused: another key
of a query with the status of a mistake, another method with 405, and another path with 501."""


def build_document(assumptions: Assumptions) -> dict[str, Any]:
    """Return the OpenAPI document of a local Press.

    Args:
        assumptions: its assumptions.
    """
    shapes, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, shapes, assumptions)
    return {
        "openapi": OPENAPI,
        "info": {"title": "Press Blocks (local)", "version": version("pulumi-press"), "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }


@cache
def _schemas() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the schema of each request and response by its own name, and the named shapes that they refer to."""
    wanted: dict[str, Any] = {"error": Error, "validated": Validated, "parameters": Parameters}
    for route in ROUTES:
        wanted[f"{route.name} response"] = route.response
        if route.body is not None:
            wanted[f"{route.name} request"] = route.body
    inputs: Iterable[Any] = [(name, "validation", TypeAdapter(shape)) for name, shape in wanted.items()]
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF_TEMPLATE)
    named = {**definitions["$defs"], "Scope": TypeAdapter(Scope).json_schema()}
    return {str(name): schema for (name, _), schema in schemas.items()}, apply_rules(named)


def _operation(route: Route, shapes: dict[str, dict[str, Any]], assumptions: Assumptions) -> dict[str, Any]:
    summary = (route.handler.__doc__ or "").partition("\n")[0]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": summary.rstrip("."),
        "parameters": describe_parameters(route, assumptions),
        **describe_body(route, shapes.get(f"{route.name} request"), shapes["parameters"]),
        "responses": _responses(route, shapes, assumptions),
    }
    return {**operation, "security": []} if route.is_open else operation


def _responses(route: Route, shapes: dict[str, dict[str, Any]], assumptions: Assumptions) -> dict[str, Any]:
    success = route.success(assumptions)
    answer = {"description": "It went well."} | (
        {} if success == NO_CONTENT else _json(shapes[f"{route.name} response"])
    )
    if route.name in LINKS:
        answer["links"] = LINKS[route.name]
    found = {str(success): answer}
    if route.validates:
        rehearsed = {"description": "It would go well; nothing was stored."} | _json(shapes["validated"])
        found = {str(SUCCESS): rehearsed} | found
    for status in sorted(route.error_statuses(assumptions)):
        found[str(status)] = {"description": HTTPStatus(status).phrase} | _json(shapes["error"])
    return found


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


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
    """Return the parameters of a route: names in its path, and keys of its query."""
    found = [_path_parameter(name, assumptions) for name in re.findall(r"\{(\w+)\}", route.path)]
    if route.listing:
        found += _query_parameters(route.listing, assumptions)
    if route.validates:
        found.append(_query_parameter("validate", {"const": "true"}, "Only check what is sent: nothing is stored."))
    return found


def describe_body(route: Route, body: dict[str, Any] | None, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the request body of a route.

    Args:
        route: the route.
        body: schema of its JSON body, or of the part `spec` of its form.
        parameters: schema of the part `parameters`.
    """
    if route.reads == "nothing":
        empty = {"type": "object", "maxProperties": 0}
        described = {"required": False, "content": {"application/json": {"schema": empty}}}
        # A body on GET has no meaning in HTTP, so the document does not offer one.
        return {} if route.method == "GET" else {"requestBody": described}
    example = {"example": EXAMPLES[route.name]} if route.name in EXAMPLES else {}
    if route.reads == "json":
        about = f"At most {JSON_LIMIT} bytes."
        content = {"application/json": {"schema": body, **example}}
        return {"requestBody": {"description": about, "required": True, "content": content}}
    content = {"multipart/form-data": {**_form(route, body, parameters), **example}}
    about = f"The parts come in the order {', '.join(route.parts)}."
    return {"requestBody": {"description": about, "required": True, "content": content}}


def _path_parameter(name: str, assumptions: Assumptions) -> dict[str, Any]:
    schema, about = PATHS[name]
    if name in ALIASED and assumptions.latest_alias == "accept":
        schema = {"anyOf": [schema, LATEST]}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": about}


def _query_parameters(listing: Listing, assumptions: Assumptions) -> Iterator[dict[str, Any]]:
    for key, (_, allowed) in listing.choices.items():
        yield _query_parameter(key, _array_of(allowed), f"Only those with one of these as {key}.")
    for key in listing.prefixes:
        yield _query_parameter(key, {"type": "string"}, f"Only those whose {key} begins so.")
    for key in listing.flags:
        yield _query_parameter(key, {"type": "boolean"}, f"Only those that are, or are not, {key}.")
    orders = [*listing.sorts, *(f"{field}:{direction}" for field in listing.sorts for direction in DIRECTIONS)]
    yield _query_parameter(SORT, _array_of(orders), "Order, by the first field, then by the next.")
    size = {
        "type": "integer",
        "minimum": 1,
        "maximum": assumptions.max_page_size,
        "default": assumptions.default_page_size,
    }
    yield _query_parameter(PAGE_SIZE, size, "Items on a page.")
    number = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_NUMBER, "default": 1}
    yield _query_parameter(PAGE_NUMBER, number, "Which page.")


def _query_parameter(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": about}


def _array_of(allowed: Any) -> dict[str, Any]:
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


AUTH_TYPES: Final[list[str]] = json_schema(Auth)["properties"]["type"]["enum"]
"""Of authentication."""


def _one_of(*keys: str) -> dict[str, Any]:
    """Exactly one of the keys is there."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def _kind_and_config(kind: str, config: str) -> dict[str, Any]:
    return {"properties": {"kind": {"const": kind}, "config": {"$ref": f"#/components/schemas/{config}"}}}


RULES: Final[Mapping[str, dict[str, Any]]] = {
    "SpecBody": {
        "oneOf": [_kind_and_config("workflow", "WorkflowConfig"), _kind_and_config("service", "ServiceConfig")]
    },
    "StandardStep": _one_of("image", "imageRef", "imageDetails"),
    "SqlStep": _one_of("sqlQueryPath", "repository"),
    "Trigger": _one_of("cron", "webhook"),
    "Watcher": _one_of("user", "webhook", "email"),
    "Auth": {
        "anyOf": [
            *({"properties": {"type": {"const": way}}, "required": list(needs)} for way, needs in AUTH_NEEDS.items()),
            {"properties": {"type": {"enum": [way for way in AUTH_TYPES if way not in AUTH_NEEDS]}}},
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
    """Return the shapes with what the rules add to them."""
    return {name: {**schema, **RULES.get(name, {})} for name, schema in shapes.items()}


BODY_ID: Final = "$response.body#/id"
SPEC_ID: Final = "$request.path.spec_id"
DEPLOYMENT_ID: Final = "$request.path.deployment_id"

OF_SPEC: Final = (
    "describe_spec", "update_spec_metadata", "delete_spec", "create_spec_release", "list_spec_releases",
)  # fmt: skip
OF_DEPLOYMENT: Final = (
    "describe_deployment", "update_deployment_metadata", "redeploy", "delete_deployment", "create_deployment_revision",
    "list_deployment_revisions", "get_parameters", "patch_parameters", "execute_resources",
)  # fmt: skip


def _links(names: tuple[str, ...], **parameters: str) -> dict[str, dict[str, Any]]:
    return {name: {"operationId": name, "parameters": parameters} for name in names}


LINKS: Final[dict[str, dict[str, Any]]] = {
    "create_spec": {
        **_links(OF_SPEC, spec_id=BODY_ID),
        "create_deployment": {"operationId": "create_deployment", "requestBody": {"spec": {"id": BODY_ID}}},
    },
    "create_spec_release": _links(
        ("describe_spec_release",), spec_id=SPEC_ID, version="$response.body#/release/version"
    ),
    "create_deployment": _links(OF_DEPLOYMENT, deployment_id=BODY_ID),
    "create_deployment_revision": _links(
        ("describe_deployment_revision",), deployment_id=DEPLOYMENT_ID, revision="$response.body#/revision"
    ),
}
"""By the name of the call whose answer they go on from, then by a name of their own."""


UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
CONFIG: Final = {
    "triggers": [{"cron": "0 0 * * *"}],
    "steps": {
        "load": {"imageDetails": {"id": 1, "versionId": 1}, "command": "python load.py"},
        "report": {"imageDetails": {"id": 1}, "command": "python report.py", "parents": ["load"]},
    },
}
PARAMETERS: Final = {
    "run": [{"name": "rows", "type": "number", "required": False, "title": "Rows", "defaultValue": 10}],
}
METADATA: Final = {"name": "orders", "title": "Orders", "summary": "Loads orders.", "tags": [{"name": "sales"}]}

EXAMPLES: Final[Mapping[str, Any]] = {
    "create_spec": {
        "spec": {
            "version": 1,
            "kind": "workflow",
            "metadata": METADATA,
            "release": {"version": "1.0.0", "notes": "The first"},
            "config": CONFIG,
        },
        "featured": None,
        "scope": "private",
        "autoRunOnDeploy": None,
        "parameters": PARAMETERS,
    },
    "create_spec_release": {
        "spec": {"release": {"version": "1.1.0", "notes": "Faster"}, "config": CONFIG},
        "autoRunOnDeploy": True,
        "parameters": PARAMETERS,
    },
    "update_spec_metadata": {"metadata": {"title": "All orders"}, "featured": True},
    "create_deployment": {
        "metadata": {"name": "orders-live", "summary": "The orders of the live shop."},
        "spec": {"id": UNKNOWN, "release": {"version": "1.0.0"}},
        "revision": {"notes": "The first"},
        "parameters": {"run": {"rows": 100}},
    },
    "update_deployment_metadata": {"title": "Orders, live"},
    "create_deployment_revision": {"release": {"version": "1.1.0"}, "revision": {"notes": "Faster"}},
    "patch_parameters": {"rows": 50},
}
"""Body, or parts of the form, by name of the call."""
