"""The table of all input fields: read from `fields.yaml`, and matched with what the schema declares."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from pulumi_press.schema import release_rules
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.failures import join
from pulumi_press.schema.validation import json_schema
from tests.support.managed import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
ARGUMENTS = {
    "BlockSpec": BlockSpecArgs,
    "BlockSpecRelease": BlockSpecReleaseArgs,
    "BlockDeployment": BlockDeploymentArgs,
}


class Change(NamedTuple):
    """A value and another one."""

    before: Any
    after: Any


@dataclass(frozen=True)
class Case:
    """A program, and another one that differs in one field.

    Args:
        at: path of the change.
        before: the program.
        after: the changed program.
        leaves: paths of all values that differ.
        fields: the fields that differ, as `declared_fields` names them.
    """

    at: str
    before: dict[str, Any]
    after: dict[str, Any]
    leaves: frozenset[str]
    fields: frozenset[str]


@cache
def read_cases(resource: str) -> list[Case]:
    """Read the cases of a resource from the table."""
    documents = yaml.load((HERE / "fields.yaml").read_text(), _Loader)[resource]  # noqa: S506  # A safe loader's child.
    top = _Place.top(resource)
    return [case for document in documents for case in _make_cases(top, document)]


def declared_fields(resource: str) -> set[str]:
    """Name every field that the schema declares, such as `config<WorkflowConfig>.steps.*<HttpStep>.url`.

    `[]` is any item, `*` any key, `<...>` the case of a union. A shape that holds itself is followed once.
    """
    return set(_declared(_Place.top(resource)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `case` for each case of its module's `RESOURCE`, or those that its `ONLY` names."""
    if "case" in metafunc.fixturenames:
        cases = read_cases(metafunc.module.RESOURCE)
        wanted = getattr(metafunc.module, "ONLY", {}).get(metafunc.function.__name__, ("",))
        chosen = [case for case in cases if case.at.startswith(wanted)]
        metafunc.parametrize("case", chosen, ids=[case.at or "+".join(sorted(case.leaves)) for case in chosen])


@pytest.fixture(autouse=True)
def any_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a field be changed alone, whether or not a release with it could work."""
    monkeypatch.setattr(release_rules, "find_content_failures", lambda _: ())


@pytest.fixture
def untried(request: pytest.FixtureRequest, tell: Callable[[str], None]) -> set[str]:
    """The declared fields of the module's resource that no case of the table changes; how many are is told."""
    resource = request.module.RESOURCE
    tried = {field for case in read_cases(resource) for field in case.fields}
    declared = declared_fields(resource)
    tell(f"{resource}: {len(tried & declared)} fields tried of {len(declared)} in the schema")
    return declared - tried


def ignore_changes(path: str, olds: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
    """Give the inputs that `check` is given under `ignore_changes=[path]`, as the engine makes them.

    The value of the old inputs at the path takes the place of the program's; where they have none, it is taken away.
    """
    keys = _split(path)
    inputs: dict[str, Any] = copied(program)
    old: Any = olds
    new: Any = inputs
    for key in keys[:-1]:
        old, new = old[key], new[key]
    if isinstance(old, list) or keys[-1] in old:
        new[keys[-1]] = copied(old[keys[-1]])
    else:
        new.pop(keys[-1], None)
    return inputs


def value_at(path: str, values: Any) -> Any:
    """Give the value at a path, None where there is none."""
    for key in _split(path):
        values = values.get(key) if isinstance(values, dict) else values[key]
    return values


def _split(path: str) -> list[Any]:
    return [int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)]


def ignored_paths(case: Case) -> dict[str, None]:
    """Give the path of a case, and that of the argument that it is in."""
    return dict.fromkeys([case.at, case.at.partition(".")[0].partition("[")[0]]) if case.at else {}


class _Loader(yaml.SafeLoader):
    """Reads `!change`."""


def _construct(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> Change:
    return Change(*loader.construct_sequence(node, deep=True))


_Loader.add_constructor("!change", _construct)


def _changes(document: Any, at: str) -> Iterator[tuple[str, Change]]:
    if isinstance(document, Change):
        yield at, document
    elif isinstance(document, dict):
        for key, item in document.items():
            yield from _changes(item, join(at, key))
    elif isinstance(document, list):
        for index, item in enumerate(document):
            yield from _changes(item, join(at, index))


def _settle(document: Any, chosen: str | None, at: str = "") -> Any:
    """Give the program in which only the chosen path has its other value."""
    if isinstance(document, Change):
        return document.after if at == chosen else document.before
    if isinstance(document, dict):
        items = {key: _settle(item, chosen, join(at, key)) for key, item in document.items()}
        return {key: item for key, item in items.items() if item is not None}
    if isinstance(document, list):
        return [_settle(item, chosen, join(at, index)) for index, item in enumerate(document)]
    return document


def _make_cases(top: _Place, document: Any) -> Iterator[Case]:
    before = _settle(document, None)
    there = dict(_found(top, before, ""))
    for at, change in _changes(document, ""):
        after, leaves = _settle(document, at), set(_differences(*change, at))
        # What is absent before is found after.
        found = there if at in there else {**dict(_found(top, after, "")), **there}
        fields = {field for path, field in found.items() for leaf in leaves if _is_within(leaf, path)}
        yield Case(at, before, after, frozenset(leaves), frozenset(fields))


def _differences(before: Any, after: Any, at: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {*before, *after}:
            yield from _differences(before.get(key), after.get(key), join(at, key))
    elif before != after or type(before) is not type(after):
        yield at


def _is_within(leaf: str, path: str) -> bool:
    return leaf == path or leaf.startswith((f"{path}.", f"{path}["))


@dataclass(frozen=True)
class _Place:
    """A place in a JSON schema.

    Args:
        shapes: the shapes that the schema names.
        node: what stands here.
        name: of the field.
        seen: the shapes around it.
    """

    shapes: dict[str, Any]
    node: dict[str, Any]
    name: str = ""
    seen: tuple[str, ...] = ()

    @classmethod
    def top(cls, resource: str) -> _Place:
        schema = json_schema(ARGUMENTS[resource])
        return cls(schema["$defs"], schema)

    def go(self, node: dict[str, Any], step: str) -> _Place:
        return replace(self, node=node, name=f"{self.name}{step}".removeprefix("."))

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is inside, or the shape is one of those around it."""
        return self.shape in self.seen or not (
            self.node.keys() & {"$ref", "properties", "items"} or self.cases or self.item
        )

    @property
    def shape(self) -> str:
        """Name of the shape that is referred to."""
        return str(self.node.get("$ref", "")).rpartition("/")[2]

    @property
    def cases(self) -> list[_Place]:
        """The cases of a union of shapes."""
        nodes = [node for node in self.node.get("oneOf", self.node.get("anyOf", [])) if "$ref" in node]
        return [self.go(node, f"<{replace(self, node=node).shape}>") for node in nodes]

    @property
    def item(self) -> _Place | None:
        """The item of a map."""
        node = self.node.get("additionalProperties")
        return self.go(node if isinstance(node, dict) else {}, ".*") if node else None

    def enter(self) -> _Place:
        """Follow a reference."""
        return replace(self, node=self.shapes[self.shape], seen=(*self.seen, self.shape))

    def fits(self, value: dict[str, Any]) -> bool:
        """Tell whether an object is of the shape that is referred to, by its keys and its constants."""
        shape = self.shapes[self.shape]
        constants = {key: inner["const"] for key, inner in shape["properties"].items() if "const" in inner}
        return set(shape.get("required", ())) <= set(value) <= set(shape["properties"]) and all(
            value.get(key, constant) == constant for key, constant in constants.items()
        )


def _declared(place: _Place) -> Iterator[str]:
    """Walk a JSON schema down to its leaves, and name them."""
    if place.is_leaf:
        yield place.name
    elif place.shape:
        yield from _declared(place.enter())
    elif "properties" in place.node:
        for key, inner in place.node["properties"].items():
            yield from _declared(place.go(inner, f".{key}"))
    elif "items" in place.node:
        yield from _declared(place.go(place.node["items"], "[]"))
    else:
        for inside in [*place.cases, *filter(None, [place.item])]:
            yield from _declared(inside)


def _found(place: _Place, value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Walk a value along its JSON schema, and give each leaf's path with the name of its field."""
    if place.is_leaf:
        yield at, place.name
    elif place.shape:
        yield from _found(place.enter(), value, at)
    elif "properties" in place.node:
        for key, item in value.items():
            yield from _found(place.go(place.node["properties"][key], f".{key}"), item, join(at, key))
    elif "items" in place.node:
        for index, item in enumerate(value):
            yield from _found(place.go(place.node["items"], "[]"), item, join(at, index))
    elif place.item:
        for key, item in value.items():
            yield from _found(place.item, item, join(at, key))
    else:
        (case,) = (case for case in place.cases if case.fits(value))
        yield from _found(case, value, at)
