"""What holds of the checks for every value, right or wrong, known or not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from pulumi_press import schema
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.parameter_values import check_values
from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.validation import json_schema, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHAPES = {name: getattr(schema, name) for name in dir(schema) if is_typeddict(getattr(schema, name))}
SHAPES |= {"Step": schema.Step, "Config": schema.Config}
SCHEMAS = {name: json_schema(shape) for name, shape in SHAPES.items()}

# Shapes with rules that join fields: a value can be right by its shape, and wrong by them.
RULED = {"BlockSpecArgs", "BlockSpecReleaseArgs", "SpecBody", "ReleaseBody", "Parameters"}
RULED |= {"Config", "ServiceConfig", "WorkflowConfig"}

# Few names, so that steps, images, parents and parameters meet often.
NAMES = st.sampled_from(["a", "b", "c"])
KEYS = NAMES | st.sampled_from(["config", "steps", "type", "image", "parents", "run", "<http>", "[key]", "x.y", ""])
KEYS |= st.text(max_size=3)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(UNKNOWN)
SCALARS |= st.sampled_from(["http", "sql", "workflow", "service", "@param:a", "1.0.0", "AND"])
JSON_SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON_SCALARS |= st.floats(allow_nan=False, allow_infinity=False)
JSON_LIKE: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
JSON: st.SearchStrategy[Any] = st.recursive(
    JSON_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@st.composite
def bodies(draw: Callable[..., Any], name: str, *, slips: bool) -> Any:
    """Draw a value from a shape's JSON Schema; with slips, one part in a few is something else."""
    definitions = SCHEMAS[name].get("$defs", {})

    def value(node: dict[str, Any], depth: int) -> Any:
        if slips and draw(st.integers(0, 24)) == 0:
            return draw(JSON_LIKE)
        if "$ref" in node:
            return value(definitions[node["$ref"].removeprefix("#/$defs/")], depth)
        if cases := node.get("anyOf") or node.get("oneOf"):
            return value(draw(st.sampled_from(cases)), depth)
        for key in ("enum", "examples"):
            if key in node:
                return draw(st.sampled_from(node[key]))
        return node["const"] if "const" in node else values[node.get("type", "any")](node, depth - 1)

    def thing(node: dict[str, Any], depth: int) -> dict[str, Any]:
        if "properties" not in node:
            child = node["additionalProperties"]
            keys = draw(st.lists(NAMES, unique=True, min_size=node.get("minProperties", 0), max_size=3))
            return {key: value(child if isinstance(child, dict) else {}, depth) for key in keys}
        required = node.get("required", [])
        others = [key for key in node["properties"] if key not in required and depth > 0]
        chosen = draw(st.lists(st.sampled_from(others), unique=True, max_size=4)) if others else []
        return {key: value(node["properties"][key], depth) for key in [*required, *chosen]}

    def items(node: dict[str, Any], depth: int) -> list[Any]:
        least = node.get("minItems", 0)
        return [value(node["items"], depth) for _ in range(draw(st.integers(least, 2 if depth > 0 else least)))]

    values: dict[str, Callable[[dict[str, Any], int], Any]] = {
        "object": thing,
        "array": items,
        "string": lambda _node, _depth: draw(NAMES),
        "boolean": lambda _node, _depth: draw(st.booleans()),
        "integer": lambda node, _depth: draw(st.integers(node.get("minimum"), node.get("maximum"))),
        "number": lambda node, _depth: draw(
            st.floats(node.get("minimum"), node.get("maximum"), allow_nan=False, allow_infinity=False)
        ),
        "any": lambda _node, _depth: draw(JSON_LIKE if slips else JSON),
    }
    return value(SCHEMAS[name], 8)


def find_parts(value: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Give the way to every part of a value, the whole first."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from find_parts(child, (*path, key))


def forget(value: Any, path: tuple[Any, ...]) -> Any:
    """Copy a value with one part of it no longer known."""
    if not path:
        return UNKNOWN
    key, *rest = path
    if isinstance(value, dict):
        return {**value, key: forget(value[key], tuple(rest))}
    return [forget(item, tuple(rest)) if index == key else item for index, item in enumerate(value)]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), JSON_LIKE)
def test_any_value_gets_an_answer(name: str, value: Any) -> None:
    """Whatever a program passes is answered by mistakes, never by an exception."""
    assert all(type(failure) is CheckFailure and failure.reason for failure in validate(SHAPES[name], value))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHAPES)))
def test_a_body_with_slips_gets_an_answer(data: st.DataObject, name: str) -> None:
    """So is what looks like a body, with anything at all in some of its places; the same question, the same answer."""
    body = data.draw(bodies(name, slips=True))

    failures = validate(SHAPES[name], body)

    assert all(type(failure) is CheckFailure and failure.reason for failure in failures)
    assert failures == validate(SHAPES[name], body)
    assert len(failures) == len(set(failures))


@settings(max_examples=500, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHAPES)) | st.sampled_from(sorted(RULED)), st.booleans())
def test_knowing_less_never_tells_more(data: st.DataObject, name: str, slips: bool) -> None:  # noqa: FBT001  (a draw)
    """A part that becomes unknown takes mistakes away and adds none, neither there nor anywhere else."""
    body = data.draw(bodies(name, slips=slips))
    parts = list(find_parts(body))
    part = data.draw(st.sampled_from([part for part in parts if len(part) < 3]) | st.sampled_from(parts))

    assert set(validate(SHAPES[name], forget(body, part))) <= set(validate(SHAPES[name], body))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHAPES.keys() - RULED)))
def test_what_the_json_schema_allows_is_accepted(data: st.DataObject, name: str) -> None:
    """Whoever writes by the JSON Schema makes no mistake, as far as no rule joins the fields."""
    assert validate(SHAPES[name], data.draw(bodies(name, slips=False))) == []


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHAPES)))
def test_a_start_is_put_before_every_path(data: st.DataObject, name: str) -> None:
    """Where the value stands changes the paths, and nothing else."""
    body = data.draw(bodies(name, slips=True))
    expected = [
        failure._replace(
            property=f"inputs{'.' if (path := failure.property) and not path.startswith('[') else ''}{path}"
        )
        for failure in validate(SHAPES[name], body)
    ]

    assert validate(SHAPES[name], body, at="inputs") == expected


@settings(max_examples=250, deadline=None)
@given(st.lists(bodies("Parameter", slips=False), max_size=3), st.dictionaries(NAMES, JSON_LIKE, max_size=3))
def test_any_run_parameters_get_an_answer(declared: list[Any], values: dict[str, Any]) -> None:
    """Whatever is given for what is declared is answered, and a value that becomes unknown adds no mistake."""
    failures = check_values(declared, values)

    for name in values:
        assert set(check_values(declared, {**values, name: UNKNOWN})) <= set(failures)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(SHAPES)))
def test_checking_changes_nothing(data: st.DataObject, name: str) -> None:
    """The value is left as it was."""
    body = data.draw(bodies(name, slips=True))
    before = json.dumps(body, default=repr)

    validate(SHAPES[name], body)

    assert json.dumps(body, default=repr) == before
