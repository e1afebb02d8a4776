"""Every place of every body, read from the declarations themselves: a field that is added is tried without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press import schema
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOTS = [name for name in dir(schema) if name.endswith(("Args", "Body", "Patch"))]

# What the rules that join fields want beside the required fields, so that only the place under trial is ever wrong.
BESIDE: dict[str, dict[str, Any]] = {
    "Auth": {"clientId": "text", "authUrl": "text", "username": "text", "bearerToken": "text"},
    "WorkflowConfig": {"images": {"text": {}}},
}

# Of these fields a shape has exactly one.
ONE_OF = {
    "ServiceConfig": ("imageDetails", "image"),
    "SqlStep": ("sqlQueryPath", "repository"),
    "StandardStep": ("imageDetails", "image", "imageRef"),
    "Trigger": ("cron", "webhook"),
    "Watcher": ("user", "webhook", "email"),
}

JSON_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}

# Strange enough that none can be met in a message by chance.
WRONG: tuple[Any, ...] = (None, True, 918273645, 5647.25, "", "s3cr3t", ["s3cr3t"], {"s3cr3t": "s3cr3t"})


@dataclass(frozen=True)
class Place:
    """A place in a body: where it is, what may stand there, and how to put a value there with all else right."""

    root: str
    parts: tuple[int | str, ...]
    node: dict[str, Any]
    put: Callable[[Any], Any]
    definitions: dict[str, Any]

    @property
    def shape(self) -> Any:
        """The shape of the whole body."""
        return getattr(schema, self.root)

    @property
    def path(self) -> str:
        """The place as a path."""
        return join("", *self.parts)

    @property
    def cases(self) -> list[dict[str, Any]]:
        """What may stand here, one by one."""
        return list(split(self.node, self.definitions))

    @property
    def objects(self) -> list[tuple[dict[str, Any], list[str]]]:
        """Objects that may stand here, with the names that each must have, but for the type that tells its case."""
        objects = []
        for case in self.cases:
            if "properties" in case:
                needed = [name for name in case.get("required", ()) if "const" not in case["properties"][name]]
                objects.append((fill(case, self.definitions), needed))
        return objects

    @property
    def right(self) -> list[Any]:
        """Values that may stand here: one for each case, all that are listed."""
        return [value for case in self.cases for value in case.get("enum", [sample(case, self.definitions)])]

    @property
    def wrong(self) -> list[Any]:
        """Values that may not stand here."""
        edges = [case[edge] + step for case in self.cases for edge, step in _EDGES if edge in case]
        return [value for value in (*WRONG, *edges) if not any(fits(case, value) for case in self.cases)]


_EDGES = (("minimum", -1), ("maximum", 1))


def split(node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the cases of a node, references followed."""
    if "$ref" in node:
        yield from split(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    elif cases := node.get("anyOf") or node.get("oneOf"):
        for case in cases:
            yield from split(case, definitions)
    else:
        yield node


def fits(case: dict[str, Any], value: Any) -> bool:
    """Tell whether a value may stand where this case may, looking no deeper than the value itself."""
    options = case.get("enum", [case["const"]] if "const" in case else None)
    if options is not None:
        return any(type(option) is type(value) and option == value for option in options)
    kinds = {"integer", "number"} if type(value) is int else {JSON_TYPES.get(type(value), "null")}
    if "type" not in case:
        return True
    if case["type"] not in kinds:
        return False
    if isinstance(value, str):
        return len(value) >= case.get("minLength", 0) and bool(re.search(case.get("pattern", ""), value))
    if isinstance(value, (int, float)):
        return bool(case.get("minimum", value) <= value <= case.get("maximum", value))
    return True


def sample(node: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """Give the least value that may stand at a node."""
    case = next(split(node, definitions))
    for key in ("examples", "enum"):
        if key in case:
            return case[key][0]
    if "const" in case:
        return case["const"]
    if "properties" in case:
        return fill(case, definitions)
    if case.get("type") == "array":
        return [sample(case["items"], definitions)]
    if case.get("type") == "object":
        child = case["additionalProperties"]
        return {"text": sample(child, definitions) if isinstance(child, dict) else "text"}
    return {"integer": case.get("minimum", 3), "number": 3.5, "boolean": True}.get(case.get("type", "string"), "text")


def fill(case: dict[str, Any], definitions: dict[str, Any], *given: str) -> dict[str, Any]:
    """Give an object what it must have, but for the fields that are given."""
    one_of = ONE_OF.get(case["title"], ())
    needed = [*case.get("required", ()), *(one_of[:1] if not set(one_of) & set(given) else ())]
    fields = {name: sample(case["properties"][name], definitions) for name in needed if name not in given}
    return {**fields, **{name: value for name, value in BESIDE.get(case["title"], {}).items() if name not in given}}


def find_all_places() -> list[Place]:
    """Find the places of all bodies."""
    known: set[str] = set()
    return [place for root in ROOTS for place in find_places(root, known)]


def find_places(root: str, known: set[str]) -> Iterator[Place]:
    """Walk a body's shape down to every place in it, in each case, but not into shapes that another body has shown.

    What holds itself, such as the conditions of a parameter, is gone into twice.
    """
    whole = schema.json_schema(getattr(schema, root))
    definitions = whole.pop("$defs", {})

    def walk(node: dict[str, Any], parts: tuple[int | str, ...], put: Callable[[Any], Any]) -> Iterator[Place]:
        yield Place(root, parts, node, put, definitions)
        for case in split(node, definitions):
            if "properties" in case and case["title"] not in known:
                for name, child in case["properties"].items():
                    if parts.count(name) < 2:
                        yield from walk(child, (*parts, name), put_beside(fill(case, definitions, name), name, put))
            elif isinstance(child := case.get("additionalProperties"), dict):
                yield from walk(child, (*parts, "key"), put_beside({"text": sample(child, definitions)}, "key", put))
            elif case.get("type") == "array":
                yield from walk(case["items"], (*parts, 0), lambda value: put([value]))

    yield from walk(whole, (), lambda value: value)
    known |= {definition["title"] for definition in definitions.values()}


def put_beside(beside: dict[str, Any], key: str, put: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put a value into an object beside others, and the object where it belongs; a spec is of its config's kind."""

    def place(value: Any) -> Any:
        body = {**beside, key: value}
        if body.get("kind") in ("workflow", "service") and isinstance(body.get("config"), dict):
            body["kind"] = "workflow" if {"images", "steps"} & body["config"].keys() else "service"
        return put(body)

    return place


PLACES = find_all_places()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a `place` once for each."""
    if "place" in metafunc.fixturenames:
        metafunc.parametrize("place", PLACES, ids=[f"{place.root}:{place.path}" for place in PLACES])


@pytest.fixture
def shapes_tried() -> set[str]:
    """Names of the shapes that some place takes."""
    return {case["title"] for place in PLACES for case in place.cases if "properties" in case}
