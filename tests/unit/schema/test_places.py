"""Every place of every body: what may stand there, what may not, and what is said of it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from typing_extensions import Required, get_type_hints, is_typeddict

from pulumi_press import schema
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.validation import json_schema, validate


def find_shapes() -> dict[str, Any]:
    """Find every TypedDict that a module of the room declares, but those that only others build on."""
    modules = [
        importlib.import_module(f"{schema.__name__}.{file.name}") for file in pkgutil.iter_modules(schema.__path__)
    ]
    declared = [value for module in modules for value in vars(module).values() if is_typeddict(value)]
    return {
        shape.__name__: shape
        for shape in declared
        if shape.__module__.startswith(schema.__name__) and not shape.__name__.startswith("_")
    }


SHAPES = find_shapes()

SECRETS = ("s3cr3t", "918273645", "5647.25")
VERSION = "is not a semantic version"
"""A version is repeated, so that a slip of the finger is seen."""


@pytest.mark.parametrize("name", SHAPES)
def test_the_table_of_places_has_every_field(name: str) -> None:
    """The JSON Schema that the table is made from has every field that the TypedDict declares."""
    declared = SHAPES[name]
    described = json_schema(declared)
    described = described.get("$defs", {}).get(name, described)

    hints = get_type_hints(declared, include_extras=True)
    required = {
        name for name, hint in hints.items() if declared.__total__ or getattr(hint, "__origin__", None) is Required
    }

    assert set(hints) == set(described["properties"])
    assert required == set(described.get("required", ()))


def test_the_table_of_places_has_every_shape(shapes_tried: set[str]) -> None:
    """No shape is declared that no body leads to."""
    assert set(SHAPES) == shapes_tried


def test_what_may_stand_there_is_accepted(place: Any) -> None:
    """Each kind of value that a place takes, and each of its listed values, is no mistake."""
    for value in place.right:
        assert validate(place.shape, place.put(value)) == []


def test_what_may_not_stand_there_is_refused_by_path(place: Any) -> None:
    """A value of another type or outside the limits is one mistake, exactly there, told without the value."""
    for value in place.wrong:
        failures = validate(place.shape, place.put(value))

        assert [failure.property for failure in failures] == [place.path]
        assert [
            said for said in map(str, failures) for secret in SECRETS if secret in said and VERSION not in said
        ] == []


def test_an_unknown_value_is_no_mistake(place: Any) -> None:
    """What is not known yet is neither right nor wrong, wherever it stands."""
    assert validate(place.shape, place.put(UNKNOWN)) == []


def test_a_key_that_is_not_declared_is_refused(place: Any) -> None:
    """An object with one key too many is one mistake, at that key."""
    for value, _ in place.objects:
        failures = validate(place.shape, place.put({**value, "unheard": "s3cr3t"}))

        assert [failure.property for failure in failures] == [join(place.path, "unheard")]
        assert failures[0].reason.startswith("is not a known property")


def test_a_missing_key_is_told(place: Any) -> None:
    """An object without a key that it must have is one mistake, at that key."""
    for value, required in place.objects:
        for name in required:
            failures = validate(place.shape, place.put({key: item for key, item in value.items() if key != name}))

            assert failures == [CheckFailure(join(place.path, name), "is required")]


def test_paths_start_where_they_are_told_to(place: Any) -> None:
    """The path of the value itself is put before each path."""
    for value in place.wrong[:1]:
        failures = validate(place.shape, place.put(value), at="inputs[0]")

        assert [failure.property for failure in failures] == [join("inputs[0]", *place.parts)]
