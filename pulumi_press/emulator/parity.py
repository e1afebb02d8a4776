"""What the local Press shares with the real service, thing by thing: how each is known, and which setting changes it.

The things themselves are read from the declarations that the server works by. Here stands what those do not say: how
the fields of requests are known. Those of answers say so themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import TypeAdapter
from typing_extensions import get_type_hints, is_typeddict

from pulumi_press.emulator.answers import Error, Validated
from pulumi_press.emulator.knowledge import Known
from pulumi_press.emulator.queries import NUMBER, SIZE, SORT
from pulumi_press.emulator.routes import ROUTES
from pulumi_press.schema.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator.queries import Listing

__all__ = ["EVERYWHERE", "Thing", "answer_fields", "body_fields", "form_parts", "query_keys"]

EVERYWHERE: Final = ("answer_date", "error_body", "mistake_status", "unknown_query")
"""Assumptions that are about every call."""

BODIES: Final[dict[str, Known]] = {
    "SpecBody.version": Known("documented", ("body_version",), "a number in words, a text in an example"),
    "SpecMetadata.name": Known("documented", ("duplicate_name",)),
    "SpecMetadataPatch.name": Known("documented", ("duplicate_name",)),
    "SpecMetadataPatch.tags": Known("documented", ("patch_tags",)),
    "SpecPatch.tenants": Known("documented", ("patch_tenants", "shared_without_tenants", "tenants_without_shared")),
    "SpecPatch.scope": Known("documented", ("shared_without_tenants", "tenants_without_shared")),
    "Release.version": Known("documented", ("older_version",)),
    "Texts.name": Known("documented", ("duplicate_name",)),
    "Texts.tags": Known("documented", ("patch_tags",)),
    "DeploymentMetadata.name": Known("documented", ("duplicate_name",)),
    "DeploymentSpec.id": Known("documented", ("archived_spec", "invisible")),
    "ParameterValues.run": Known("documented", ("revision_parameters",)),
    "WorkflowConfig.images": Known("documented", ("artifact_when_building",)),
    "StandardStep.image": Known("documented", ("artifact_when_building",)),
    "ServiceConfig.image": Known("documented", ("artifact_when_building",)),
    "Parameter.hideValue": Known("documented", ("masked_value", "get_parameters_hidden")),
    "Parameter.properties": Known("code"),
    "Parameter.defaultValue": Known("documented", (), "a text, and required, in words; typed, or left out, in samples"),
    "Parameter.conditions": Known("documented", (), "for run parameters only"),
    "StepParameters.inherit": Known("documented", (), "of releases only"),
    "DeploymentMetadata.summary": Known("documented", (), "required by the library, optional for the command"),
    "DeploymentBody.revision": Known("documented", (), "required by the library, optional for the command"),
}
"""Fields of bodies that are not simply documented, or that a setting changes, as `Shape.field`."""

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "artifact": ("artifact_when_building", "artifact_limit", "unpacked_limit", "form_order"),
    "scope": ("shared_without_tenants", "tenants_without_shared", "form_order"),
    "tenants": ("shared_without_tenants", "tenants_without_shared", "form_order"),
}
"""Assumptions about a part of a form; all others hang on the order only."""

KEYS: Final[dict[str, tuple[str, ...]]] = {
    SORT: ("list_order", "comma_lists"),
    SIZE: ("default_page_size", "max_page_size"),
    NUMBER: ("page_beyond_end",),
}
"""Assumptions about a key of a query."""


@dataclass(frozen=True)
class Thing:
    """A key, a part or a field.

    Args:
        where: call or shape that has it.
        name: its name.
        known: how it is known.
        is_required: whether it must be there; of an answer, whether it always is.
    """

    where: str
    name: str
    known: Known
    is_required: bool = False


def query_keys() -> Iterator[Thing]:
    """Give the keys of every query: all were seen on the wire, and their values are documented."""
    for route in ROUTES:
        for name in _keys(route.listing) if route.listing else ():
            several = bool(route.listing and name in route.listing.choices)
            settings = KEYS.get(name, ("comma_lists",) if several else ())
            yield Thing(route.name, name, Known("wire", settings))
        if route.validates:
            yield Thing(route.name, "validate", Known("wire"))


def form_parts() -> Iterator[Thing]:
    """Give the parts of every form: all were seen on the wire."""
    for route in ROUTES:
        for name in route.parts:
            yield Thing(route.name, name, Known("wire", PARTS.get(name, ("form_order",))), name == "spec")


def body_fields() -> Iterator[Thing]:
    """Give the fields of every shape that bodies are made of."""
    bodies = [route.body for route in ROUTES if is_typeddict(route.body)]
    for name, schema in _shapes([*bodies, Parameters]).items():
        for field in schema.get("properties", {}):
            known = BODIES.get(f"{name}.{field}", Known("documented"))
            yield Thing(name, field, known, field in schema.get("required", ()))


def answer_fields() -> Iterator[Thing]:
    """Give the fields of every shape that answers are made of, but for those that were submitted."""
    seen: list[Any] = []
    for shape in (Error, Validated, *(route.answers for route in ROUTES)):
        _collect(shape, seen)
    for shape in seen:
        for field, annotation in get_type_hints(shape, include_extras=True).items():
            known = next(_facts(annotation), None)
            if known is None:
                raise TypeError(f"{shape.__name__}.{field} does not say how it is known")
            yield Thing(shape.__name__, field, known, field in shape.__required_keys__)


def _keys(listing: Listing) -> Iterator[str]:
    yield from (*listing.choices, *listing.prefixes, *listing.flags, SORT, SIZE, NUMBER)


def _shapes(bodies: list[Any]) -> dict[str, dict[str, Any]]:
    inputs: Any = [(str(number), "validation", TypeAdapter(body)) for number, body in enumerate(bodies)]
    return TypeAdapter.json_schemas(inputs)[1]["$defs"]  # type: ignore[no-any-return]  # It is a JSON Schema.


def _collect(annotation: Any, seen: list[Any]) -> None:
    """Collect the shapes of answers that an annotation holds, each once, the outer ones first."""
    if is_typeddict(annotation):
        if annotation.__module__.startswith("pulumi_press.emulator.answers") and annotation not in seen:
            seen.append(annotation)
            for inner in get_type_hints(annotation, include_extras=True).values():
                _collect(inner, seen)
        return
    for inner in get_args(annotation):
        _collect(inner, seen)


def _facts(annotation: Any) -> Iterator[Known]:
    """Give what an annotation says of how the field itself is known."""
    for inner in get_args(annotation):
        if isinstance(inner, Known):
            yield inner
    for inner in get_args(annotation)[:1]:
        yield from _facts(inner)
