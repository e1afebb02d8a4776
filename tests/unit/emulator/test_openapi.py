"""The OpenAPI document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_press.emulator.api.routes import ROUTES
from pulumi_press.emulator.assumptions import Assumptions
from pulumi_press.emulator.openapi import EXAMPLES, LINKS, RULES, build_document
from pulumi_press.schema.bodies import DeploymentBody, ReleaseBody, RevisionBody, SpecBody, SpecPatch, Texts
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.emulator.conftest import Api

DOCUMENT = build_document(Assumptions())
OPERATIONS: dict[str, Any] = {
    operation["operationId"]: operation for methods in DOCUMENT["paths"].values() for operation in methods.values()
}
BODIES = {
    "create_spec": SpecBody,
    "create_spec_release": ReleaseBody,
    "update_spec_metadata": SpecPatch,
    "create_deployment": DeploymentBody,
    "update_deployment_metadata": Texts,
    "create_deployment_revision": RevisionBody,
}


def walk(value: Any) -> Iterator[Any]:
    """Give a value and everything in it."""
    yield value
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        yield from walk(item)


def test_it_is_served_without_a_token_and_not_noted(api: Api) -> None:
    """Whoever can reach the local Press may read it, and reading it is no call of Press."""
    answer = requests.get(f"{api.press.url}/openapi.json", timeout=30)
    assert (answer.status_code, answer.json()) == (200, DOCUMENT)
    assert api.press.requests() == []


def test_every_route_is_there() -> None:
    """Each has its path, its method, a summary, and all the statuses that it can answer with."""
    assert {route.name for route in ROUTES} == set(OPERATIONS)
    for route in ROUTES:
        operation = DOCUMENT["paths"][route.path][route.method.lower()]
        assert operation["summary"]
        statuses = {int(status) for status in operation["responses"]}
        assert statuses >= {route.success(Assumptions()), *route.errors}
        assert [item["name"] for item in operation["parameters"] if item["in"] == "path"] == re.findall(
            r"\{(\w+)\}", route.path
        )


def test_every_reference_leads_somewhere() -> None:
    """No `$ref` is dangling, every shape is used, and every rule is about a shape that is there."""
    schemas = DOCUMENT["components"]["schemas"]
    references = {
        item["$ref"].rpartition("/")[2] for item in walk(DOCUMENT) if isinstance(item, dict) and "$ref" in item
    }
    assert references == set(schemas)
    assert set(RULES) <= set(schemas)


def test_every_link_leads_to_a_call_and_gives_it_what_it_needs() -> None:
    """A link names a call that there is, and a name for each brace in that call's path."""
    for links in LINKS.values():
        for link in links.values():
            target = OPERATIONS[link["operationId"]]
            needed = {item["name"] for item in target["parameters"] if item["in"] == "path"}
            assert set(link.get("parameters", {})) == needed


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_right(name: str) -> None:
    """Each example passes the checks of the shape that it is an example of."""
    example = EXAMPLES[name]
    if "spec" in example and name.startswith("create_spec"):
        assert validate(Parameters, example["parameters"]) == []
        example = example["spec"]
    if name in BODIES:
        assert validate(BODIES[name], example) == []
    assert set(EXAMPLES) == {*BODIES, "patch_parameters"}


def test_the_document_is_that_of_the_settings() -> None:
    """What assumptions change, the document of that local Press says."""
    other = build_document(
        Assumptions.of(
            {
                "create_status": 202,
                "delete_status": 204,
                "duplicate_name": 409,
                "older_version": 409,
                "max_page_size": 7,
                "latest_alias": "accept",
                "mistake_status": "400",
            }
        )
    )
    specs, spec = (other["paths"][path] for path in ("/v1/blocks/specs/", "/v1/blocks/specs/{spec_id}"))
    release = other["paths"]["/v1/blocks/specs/{spec_id}/releases/{version}"]["get"]
    assert {"200", "202", "409"} <= set(specs["post"]["responses"])
    assert "201" not in specs["post"]["responses"]
    assert "content" not in spec["delete"]["responses"]["204"]
    assert "400" in spec["delete"]["responses"]
    sizes = [item["schema"]["maximum"] for item in specs["get"]["parameters"] if item["name"] == "pageSize"]
    assert sizes == [7]
    assert {"const": "latest"} in release["parameters"][1]["schema"]["anyOf"]
    assert "409" in other["paths"]["/v1/blocks/specs/{spec_id}/releases"]["post"]["responses"]
