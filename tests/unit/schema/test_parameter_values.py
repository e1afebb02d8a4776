"""Values for the parameters that a release declares."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.parameter_values import check_values
from pulumi_press.schema.plain import UNKNOWN

WORDS = {
    "boolean": "must be true or false",
    "string": "must be a text",
    "number": "must be a number",
    "object": "must be an object",
    "string_array": "must be a list of texts",
    "number_array": "must be a list of numbers",
    "object_array": "must be a list of objects",
}

FITS: dict[str, list[Any]] = {
    "boolean": [True, False],
    "string": ["", "a"],
    "number": [0, -1, 2.5],
    "object": [{}, {"a": [1]}, {"a": UNKNOWN}],
    "string_array": [[], ["a", ""], ["a", UNKNOWN]],
    "number_array": [[], [1, 2.5], [UNKNOWN]],
    "object_array": [[], [{}, {"a": 1}]],
}


def declare(kind: Any = "string", **more: Any) -> list[dict[str, Any]]:
    """Declare one parameter, `p`."""
    return [{"name": "p", "type": kind, "required": False, **more}]


def choose(*options: Any) -> list[dict[str, Any]]:
    """Make options of values."""
    return [{"title": str(option), "value": option} for option in options]


@pytest.mark.parametrize("kind", FITS)
def test_a_value_of_the_declared_type_fits(kind: str) -> None:
    """So do a value that is not known yet, and a reference to a build parameter."""
    for value in (*FITS[kind], UNKNOWN, "@param:other"):
        assert check_values(declare(kind), {"p": value}) == []


@pytest.mark.parametrize("kind", FITS)
def test_a_value_of_another_type_is_told(kind: str) -> None:
    """The message has the type that is wanted and not the value."""
    others: list[Any] = [value for other, values in FITS.items() if other != kind for value in values if value != []]
    others = [value for value in others if not (kind.endswith("_array") and value == [UNKNOWN])]

    for value in (*others, None, [None], [["a"]], [True, "a"]):
        assert check_values(declare(kind), {"p": value}) == [CheckFailure("parameters.run.p", WORDS[kind])]


def test_a_type_that_is_not_known_takes_anything() -> None:
    """A later service may know more types than this package."""
    values: tuple[Any, ...] = (1, "a", [], {}, True, UNKNOWN)
    for value in values:
        assert check_values(declare("date"), {"p": value}) == []
        assert check_values(declare(UNKNOWN), {"p": value}) == []


def test_a_name_that_is_not_declared_is_told() -> None:
    """The message has the names that are declared."""
    declared = [*declare(), {"name": "a", "type": "string", "required": False}]

    assert check_values(declared, {"q": UNKNOWN}) == [
        CheckFailure("parameters.run.q", "is not declared by the release (declared: a, p)")
    ]
    assert check_values([], {"q": "s3cr3t"}, at="parameters.build") == [
        CheckFailure("parameters.build.q", "is not declared by the release (declared: none)")
    ]


@pytest.mark.parametrize("given", ["shop", "Shops", "shosp"])
def test_a_name_that_is_almost_declared_is_told_with_the_right_one(given: str) -> None:
    """A misspelt name of a parameter is told with the one that was meant."""
    declared = [{"name": name, "type": "string_array", "required": False} for name in ("rows", "shops")]

    assert check_values(declared, {given: []}) == [
        CheckFailure(
            f"parameters.run.{given}",
            "is not declared by the release (declared: rows, shops); did you mean `shops`?",
        )
    ]


@pytest.mark.parametrize(
    ("more", "missed"),
    [
        ({"required": True}, True),
        ({"required": True, "options": choose("a")}, True),
        ({"required": True, "conditions": []}, True),
        ({"required": False}, False),
        ({"required": UNKNOWN}, False),
        ({"required": True, "defaultValue": ""}, False),
        ({"required": True, "defaultValue": UNKNOWN}, False),
        ({"required": True, "conditions": [{"dependsOn": "a", "operator": "equals", "value": 1}]}, False),
    ],
)
def test_a_required_value_is_missed_unless_something_stands_in_for_it(more: dict[str, Any], missed: bool) -> None:  # noqa: FBT001  (a column of the table)
    """A default stands in for it, and whether a conditional one is asked for cannot be told from here."""
    expected = [CheckFailure("parameters.run.p", "is required by the release")] if missed else []

    assert check_values(declare(**more), {}) == expected
    assert check_values(declare(**more), {"p": UNKNOWN}) == []


@pytest.mark.parametrize(
    ("kind", "options", "value"),
    [
        ("number", choose(10, 50), 10),
        ("number", choose(10, 50), 50.0),
        ("string", choose("a", "b"), "@param:other"),
        ("string", choose("a", UNKNOWN), "c"),
        ("string", [UNKNOWN], "c"),
        ("string", UNKNOWN, "c"),
        ("string_array", choose("a", "b"), ["b", "a"]),
        ("string_array", choose("a", "b"), []),
        ("string_array", choose("a", "b"), ["a", UNKNOWN]),
        ("string_array", choose(["a", "b"], ["c"]), ["a", "b"]),
        ("string_array", choose(["a"]), [UNKNOWN]),
        ("object", choose({"a": 1}), {"a": UNKNOWN}),
        ("string", [], "c"),
    ],
)
def test_a_value_among_the_options_fits(kind: str, options: Any, value: Any) -> None:
    """A list is one of the options, or made of them; what is not known is not judged."""
    assert check_values(declare(kind, options=options), {"p": value}) == []


@pytest.mark.parametrize(
    ("kind", "options", "value"),
    [
        ("number", choose(10, 50), 11),
        ("string", choose("a", "b"), "c"),
        ("string_array", choose("a", "b"), ["a", "c"]),
        ("string_array", choose("a", "b"), [UNKNOWN, "c"]),
        ("string_array", choose(["a", "b"]), ["b", "a"]),
        ("object", choose({"a": 1}), {}),
    ],
)
def test_a_value_outside_the_options_is_told(kind: str, options: Any, value: Any) -> None:
    """The message does not have the value."""
    assert check_values(declare(kind, options=options), {"p": value}) == [
        CheckFailure("parameters.run.p", "is not one of the options that the release declares")
    ]


def test_all_mistakes_are_told_at_once() -> None:
    """Wrong values come first, in the order given, then those that are missing, in the order declared."""
    declared = [
        {"name": "b", "type": "number", "required": True},
        {"name": "a", "type": "boolean", "required": True},
        {"name": "c", "type": "string_array", "required": True},
    ]

    assert [str(failure) for failure in check_values(declared, {"z": 1, "c": "x"}, at="")] == [
        "z: is not declared by the release (declared: a, b, c)",
        "c: must be a list of texts",
        "b: is required by the release",
        "a: is required by the release",
    ]


def test_names_with_dots_are_quoted() -> None:
    """Names are free, paths stay readable."""
    declared = [{"name": "a.b", "type": "string", "required": True}]

    assert check_values(declared, {}) == [CheckFailure('parameters.run["a.b"]', "is required by the release")]


def test_long_names_of_a_release_leave_the_message_short() -> None:
    """A release may declare names of any length and number; the message still says what is wrong with which one."""
    long = "y" * 100_000
    many = [{"name": f"{index}-{'z' * 90}", "type": "string"} for index in range(1_000)]

    (missing,) = check_values([{"name": long, "type": "string", "required": True}], {})
    (unknown,) = check_values([{"name": long, "type": "string"}, *many], {"p": 1})
    (wrong,) = check_values([{"name": long, "type": "string"}], {long: 1})

    assert str(missing).startswith("parameters.run")
    assert str(missing).endswith("is required by the release")
    assert str(unknown).startswith("parameters.run.p: is not declared by the release (declared: ")
    assert str(wrong).endswith("must be a text")
    assert max(len(str(failure)) for failure in (missing, unknown, wrong)) < 1_500
