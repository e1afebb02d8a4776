"""The document: every route with what it takes and what it answers."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from pulumi_press.emulator.answers import Error, Validated
from pulumi_press.emulator.openapi.links import LINKS
from pulumi_press.emulator.openapi.requests import describe_body, describe_parameters
from pulumi_press.emulator.openapi.rules import apply_rules
from pulumi_press.emulator.routes import ROUTES, SUCCESS
from pulumi_press.schema.bodies import Scope
from pulumi_press.schema.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.routes import Route

__all__ = ["build_document"]

OPENAPI: Final = "3.1.0"
REFERENCES: Final = "#/components/schemas/{model}"
NO_CONTENT: Final = 204
ABOUT: Final = """The HTTP API of Press Blocks, as a local Press speaks it under its present assumptions.

Calls without a body take `{}` as well, which the real client sends. What is not described here is refused: another key
of a query with the status of a mistake, another method with 405, and another path with 501."""


def build_document(assumptions: Assumptions) -> dict[str, Any]:
    """Build the OpenAPI document of a local Press.

    Args:
        assumptions: those that it works by.
    """
    shapes, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, shapes, assumptions)
    return {
        "openapi": OPENAPI,
        "info": {"title": "Press Blocks (local)", "version": version("pulumi-press"), "description": ABOUT},
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
    """Give the schema of each body and answer, by a name of its own, and the named shapes that they point to."""
    wanted: dict[str, Any] = {"error": Error, "validated": Validated, "parameters": Parameters}
    for route in ROUTES:
        wanted[f"{route.name} answers"] = route.answers
        if route.body is not None:
            wanted[f"{route.name} takes"] = route.body
    inputs: Iterable[Any] = [(name, "validation", TypeAdapter(shape)) for name, shape in wanted.items()]
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=REFERENCES)
    named = {**definitions["$defs"], "Scope": TypeAdapter(Scope).json_schema()}
    return {str(name): schema for (name, _), schema in schemas.items()}, apply_rules(named)


def _operation(route: Route, shapes: dict[str, dict[str, Any]], assumptions: Assumptions) -> dict[str, Any]:
    summary = (route.work.__doc__ or "").partition("\n")[0]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": summary.rstrip("."),
        "parameters": describe_parameters(route, assumptions),
        **describe_body(route, shapes.get(f"{route.name} takes"), shapes["parameters"]),
        "responses": _responses(route, shapes, assumptions),
    }
    return {**operation, "security": []} if route.is_open else operation


def _responses(route: Route, shapes: dict[str, dict[str, Any]], assumptions: Assumptions) -> dict[str, Any]:
    success = route.success(assumptions)
    answer = {"description": "It went well."} | (
        {} if success == NO_CONTENT else _json(shapes[f"{route.name} answers"])
    )
    if route.name in LINKS:
        answer["links"] = LINKS[route.name]
    found = {str(success): answer}
    if route.validates:
        rehearsed = {"description": "It would go well; nothing was stored."} | _json(shapes["validated"])
        found = {str(SUCCESS): rehearsed} | found
    for status in sorted(route.failures(assumptions)):
        found[str(status)] = {"description": HTTPStatus(status).phrase} | _json(shapes["error"])
    return found


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
