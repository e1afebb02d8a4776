"""The tables of `docs/emulator.md`: what is open about the service, what is assumed, and how the rest is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import TypeAdapter
from typing_extensions import get_type_hints, is_typeddict

from pulumi_press.emulator.api import deployment_responses, spec_responses
from pulumi_press.emulator.api.objects import PAGE_NUMBER, PAGE_SIZE, SORT
from pulumi_press.emulator.api.routes import ROUTES
from pulumi_press.emulator.api.spec_responses import MEANINGS, Error, Known, Validated
from pulumi_press.emulator.assumptions import describe
from pulumi_press.schema.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.emulator.api.objects import Listing
    from pulumi_press.emulator.api.routes import Route
    from pulumi_press.emulator.assumptions import Assumption

__all__ = [
    "EVERYWHERE",
    "FIXED",
    "QUESTIONS",
    "Item",
    "body_fields",
    "form_parts",
    "query_keys",
    "response_fields",
    "update_tables",
    "write_assumptions",
    "write_parity",
]

QUESTIONS: Final[dict[int, str]] = {
    1: "status of each success",
    2: "body of an error beyond `detail`",
    3: "status of each mistake",
    4: "rules for names, tags and titles",
    5: "sizes, limits and order of pages",
    6: "spelling of `featured`, comma lists in a query",
    7: "the text `null` in a form",
    8: "type of a spec body's `version`",
    9: "`tenants` and `shared`, one without the other; when a change of scope takes effect",
    10: "what other tenants may do with a public or shared spec",
    11: "deleting a spec that has deployments",
    12: "deleting a deployment: when, and how",
    13: "how statuses move, and when a revision is superseded",
    14: "what `archived` and `unavailable` forbid",
    15: "what a patch merges, replaces and clears",
    16: "what patching run parameters does",
    17: "how hidden values are shown, and the shape of described parameters",
    18: "when `@param:` is replaced",
    19: "`required` against `defaultValue`; whether conditions are enforced",
    20: "which artifact a config demands, and which fields exclude each other",
    21: "limits and features of zips",
    22: "when images are built",
    23: "instance types, storage and secrets",
    24: "rate limits, idempotency, caching, order of a form's parts",
    25: "`latest` in a path",
    26: "fields beyond the examples, and absent values",
    27: "tokens",
}
"""What the client and its documentation leave open: only the real service could answer it."""

FIXED: Final[tuple[tuple[int, str], ...]] = (
    (2, "`detail` is one sentence in words of the local Press; `errors` has every failure, not only the first."),
    (4, "Names and tags are any text that is not empty. Names are compared, and prefixes matched, letter by letter."),
    (5, "Page 0 and page size 0 are invalid. Equal items are listed in the order in which they were created."),
    (6, "`featured` is read in Python's spelling and in JSON's."),
    (7, "The text `null` for `featured` and `autoRunOnDeploy` means that nothing was given, which means false."),
    (
        9,
        "A deployment keeps running when its spec is no longer visible to its tenant. The owner need not be listed.",
    ),
    (10, "A tenant that sees a spec may deploy it. Deployments are visible to their own tenant only."),
    (11, "The name of a deleted spec or deployment is free again as soon as it is gone."),
    (
        12,
        "Deleting a deployment that is being deleted is a success. There are no apps, so no deployment has a `parent`.",
    ),
    (13, "After a rollback the deployment has the status `rollback_complete`, and the revision before is live."),
    (13, "A deployment that is being redeployed is `redeploying`, its revision `deploying`."),
    (13, "A rollout succeeds unless an outcome rule says otherwise: nothing else makes it fail, warn or roll back."),
    (14, "Only new deployments may be forbidden: a spec of any status is described, patched, released and deleted."),
    (15, "A field cannot be cleared by null: texts are cleared by an empty text, lists by an empty list."),
    (16, "Nothing runs, so nothing is restarted."),
    (17, "`groups` is always empty: no request contains groups."),
    (18, "`@param:` stays as it was submitted, whatever name follows. A value is never converted to another type."),
    (19, "A default fills in for a required parameter. `conditions` are for user interfaces: they are not enforced."),
    (
        20,
        "Exactly one of `image`, `imageRef` and `imageDetails`; `sqlQueryPath` or `repository`; `cron` or `webhook`.",
    ),
    (20, "Paths in `dockerfile`, `context` and `sqlQueryPath` are not looked up in the artifact."),
    (21, "Refused in a zip: links, encryption, names twice, names that leave the folder, wrong checksums."),
    (22, "Images are not built, so their versions may repeat."),
    (23, "Every instance type, storage size and secret exists."),
    (24, "No rate limit unless a fault sets one; no ETags, no caching, no CORS. JSON may have 8 MiB."),
    (24, "`x-peak-requestId` is logged and has no effect: a call that is sent twice is handled twice."),
    (25, "A revision is its number in digits."),
    (26, "A deployment has one platform resource, named as its spec, with version `0.0.<revision>`."),
    (27, "A token is any text and never expires; its user is `user@<tenant>.example`."),
)
"""What the local Press does without a setting, by number of the question."""


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
    PAGE_SIZE: ("default_page_size", "max_page_size"),
    PAGE_NUMBER: ("page_beyond_end",),
}
"""Assumptions about a key of a query."""


RESPONSE_MODULES: Final = (spec_responses.__name__, deployment_responses.__name__)
"""Where the shapes of responses are; the other shapes in them are those of requests."""


@dataclass(frozen=True)
class Item:
    """A key, a part or a field.

    Args:
        where: call or shape that has it.
        name: its name.
        known: how it is known.
        is_required: whether it must be there; of a response, whether it always is.
    """

    where: str
    name: str
    known: Known
    is_required: bool = False


def query_keys() -> Iterator[Item]:
    """Return the keys of every query: all were seen on the wire, and their values are documented."""
    for route in ROUTES:
        for name in _query_keys_of(route.listing) if route.listing else ():
            several = bool(route.listing and name in route.listing.choices)
            settings = KEYS.get(name, ("comma_lists",) if several else ())
            yield Item(route.name, name, Known("wire", settings))
        if route.validates:
            yield Item(route.name, "validate", Known("wire"))


def form_parts() -> Iterator[Item]:
    """Return the parts of every form: all were seen on the wire."""
    for route in ROUTES:
        for name in route.parts:
            yield Item(route.name, name, Known("wire", PARTS.get(name, ("form_order",))), name == "spec")


def body_fields() -> Iterator[Item]:
    """Return the fields of every shape in request bodies."""
    bodies = [route.body for route in ROUTES if is_typeddict(route.body)]
    for name, schema in _body_shapes([*bodies, Parameters]).items():
        for field in schema.get("properties", {}):
            known = BODIES.get(f"{name}.{field}", Known("documented"))
            yield Item(name, field, known, field in schema.get("required", ()))


def response_fields() -> Iterator[Item]:
    """Return the fields of every shape in responses, except those that are parts of requests."""
    seen: list[Any] = []
    for shape in (Error, Validated, *(route.response for route in ROUTES)):
        _collect_shapes(shape, seen)
    for shape in seen:
        for field, annotation in get_type_hints(shape, include_extras=True).items():
            known = next(_find_known(annotation), None)
            if known is None:
                raise TypeError(f"{shape.__name__}.{field} does not say how it is known")
            yield Item(shape.__name__, field, known, field in shape.__required_keys__)


def _query_keys_of(listing: Listing) -> Iterator[str]:
    yield from (*listing.choices, *listing.prefixes, *listing.flags, SORT, PAGE_SIZE, PAGE_NUMBER)


def _body_shapes(bodies: list[Any]) -> dict[str, dict[str, Any]]:
    inputs: Any = [(str(number), "validation", TypeAdapter(body)) for number, body in enumerate(bodies)]
    return TypeAdapter.json_schemas(inputs)[1]["$defs"]  # type: ignore[no-any-return]  # It is a JSON Schema.


def _collect_shapes(annotation: Any, seen: list[Any]) -> None:
    """Collect the response shapes in an annotation, each once, outer ones first."""
    if is_typeddict(annotation):
        if annotation.__module__ in RESPONSE_MODULES and annotation not in seen:
            seen.append(annotation)
            for inner in get_type_hints(annotation, include_extras=True).values():
                _collect_shapes(inner, seen)
        return
    for inner in get_args(annotation):
        _collect_shapes(inner, seen)


def _find_known(annotation: Any) -> Iterator[Known]:
    """Return how the field of an annotation is known, if the annotation says so."""
    for inner in get_args(annotation):
        if isinstance(inner, Known):
            yield inner
    for inner in get_args(annotation)[:1]:
        yield from _find_known(inner)


ON_CALLS = """\
Method and path of each call are known by wire, its errors by documentation, its success by assumption. 500
is documented for each, and never intended. About every call: {settings}."""
ON_BODIES = """\
Required ones are in bold. Where a number or a boolean is expected, `@param:<name>` is taken too, as samples
have it. The rules that join several fields are in `pulumi_press/schema/rules.py`."""
ON_RESPONSES = """\
Those that are always there are in bold. A config and its parameters come back as they were submitted."""


def write_assumptions() -> str:
    """Return the tables of the questions, of the assumptions, and of what has no setting."""
    settings = [
        (f"{item.unknown}", f"`{item.name}`", f"`{item.default}`", _others(item), item.what, item.because)
        for item in describe()
    ]
    return "\n\n".join(
        [
            _table(("question", "what is open"), ((str(number), what) for number, what in QUESTIONS.items())),
            _table(("question", "setting", "default", "else", "what it decides", "why the default"), settings),
            "Settled without a choice:",
            _table(("question", "what is so"), ((str(number), says) for number, says in FIXED)),
        ]
    )


def write_parity() -> str:
    """Return the tables of how each route, key, part and field is known."""
    heads = ("known by", "settings and remarks")
    return "\n\n".join(
        [
            _table(("known by", "what that means"), ((how, what) for how, what in MEANINGS.items())),
            "### Calls",
            ON_CALLS.format(settings=_names(EVERYWHERE)),
            _table(("call", "method and path", "success", "errors", "settings"), map(_call, ROUTES)),
            "### Keys of queries",
            _table(("key", "calls", *heads), _by_name(query_keys())),
            "### Parts of forms",
            _table(("part", "calls", *heads), _by_name(form_parts())),
            "### Fields of bodies",
            ON_BODIES,
            _table(("shape", "fields", *heads), _by_place(body_fields())),
            "### Fields of answers",
            ON_RESPONSES,
            _table(("shape", "fields", *heads), _by_place(response_fields())),
        ]
    )


def update_tables(text: str) -> str:
    """Return the text of a page with its tables renewed; a page without their markers is returned as it is."""
    for name, write in (("assumptions", write_assumptions), ("parity", write_parity)):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        if begin in text:
            before, _, rest = text.partition(begin)
            text = f"{before}{begin}\n{write()}\n{end}{rest.partition(end)[2]}"
    return text


def _call(route: Route) -> tuple[str, ...]:
    success = f"`{route.status}`" if route.status else "200"
    errors = ", ".join(map(str, route.errors)) or "none"
    if route.more_errors:
        errors += f"; assumed: {', '.join(map(str, route.more_errors))}"
    settings = _names((*route.refusals, *route.settings))
    return f"`{route.name}`", f"`{route.method} {route.path}`", success, errors, settings


def _by_name(items: Iterable[Item]) -> Iterator[tuple[str, ...]]:
    """Return a row for each name, with the calls that have it."""
    for name, group in groupby(sorted(items, key=lambda item: item.name), lambda item: item.name):
        for known, same in groupby(group, lambda item: item.known):
            yield f"`{name}`", ", ".join(f"`{item.where}`" for item in same), known.how, _remarks(known)


def _by_place(items: Iterable[Item]) -> Iterator[tuple[str, ...]]:
    """Return a row for the fields of a shape that are known in the same way."""
    for where, group in groupby(items, lambda item: item.where):
        for known, same in groupby(sorted(group, key=lambda item: str(item.known)), lambda item: item.known):
            names = (f"**`{item.name}`**" if item.is_required else f"`{item.name}`" for item in same)
            yield where, ", ".join(names), known.how, _remarks(known)


def _remarks(known: Known) -> str:
    return "; ".join(text for text in (_names(known.settings), known.remark) if text)


def _names(settings: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in settings)


def _others(assumption: Assumption) -> str:
    if isinstance(assumption.allowed, str):
        return assumption.allowed
    return ", ".join(f"`{value}`" for value in assumption.allowed if value != assumption.default)


def _table(heads: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(re.sub(r"^\| --- .*", lambda rule: rule[0].replace(" ", ""), _line(cells)) for cells in lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
