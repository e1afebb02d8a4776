"""Comparing values by what they mean, and reaching into them."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.provider.values import find_changed_paths, get, is_equal, normalize, put
from pulumi_press.provider.waiting import format_duration, parse_duration
from pulumi_press.schema.plain import UNKNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        ([{"a": 1}], [{"a": 1.0}]),
        (None, None),
        ({"a": None}, {}),
    ],
)
def test_same_meaning(old: Any, new: Any) -> None:
    """The order of keys, and the type of a whole number, are no difference."""
    assert is_equal(old, new)
    assert is_equal(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (1, True),
        (0, False),
        ([1], [True]),
        ("1", 1),
        ("", None),
        ([], None),
        ({}, None),
        ([1, 2], [2, 1]),
        (UNKNOWN, UNKNOWN),
        ({"a": UNKNOWN}, {"a": 1}),
        ({"a": 1}, {"a": UNKNOWN}),
    ],
)
def test_other_meaning(old: Any, new: Any) -> None:
    """Truth is no number, empty is not absent, order in a list counts, and the unknown equals nothing."""
    assert not is_equal(old, new)


@pytest.mark.parametrize(
    ("old", "new"), [("", None), ([], None), ({}, None), ({"a": ""}, {}), ({"a": []}, {"a": None})]
)
def test_empty_is_absent_where_the_service_makes_no_difference(old: Any, new: Any) -> None:
    """A lenient comparison takes empty for absent, and nothing else."""
    assert is_equal(old, new, empty_is_absent=True)
    for other in ("text", 0, False):
        assert not is_equal(other, None, empty_is_absent=True)
        assert not is_equal(old, other, empty_is_absent=True)


def test_leaves_are_the_smallest_parts_that_differ() -> None:
    """Paths are written as in messages: keys with odd signs in quotes, items by index, a list of other length whole."""
    old = {"same": 1, "a": {"b.c": 1}, "list": [1, {"x": 1}], "longer": [1], "kind": {"z": 1}, "gone": {"y": 1}}
    new = {"same": 1, "a": {"b.c": 2}, "list": [1, {"x": 2}], "longer": [1, 2], "kind": [1], "come": 0}

    assert list(find_changed_paths(old, new)) == ['a["b.c"]', "list[1].x", "longer", "kind", "gone", "come"]


def test_normal_form() -> None:
    """Whole numbers are whole, nothing is left out of lists, and what is not there is not there."""
    value = {"whole": 3.0, "part": 0.5, "flag": True, "list": [1.0, None], "gone": None, "deep": {"gone": None}}

    assert repr(normalize(value)) == repr({"whole": 3, "part": 0.5, "flag": True, "list": [1, None], "deep": {}})


def test_reaching_in() -> None:
    """A path leads through dicts only; below what is unknown everything is."""
    values = {"a": {"b": 1}, "open": UNKNOWN, "list": [1]}

    assert [get(values, path) for path in ("a.b", "a.c", "a.b.c", "list.0", "none.b")] == [1, None, None, None, None]
    assert get(values, "open.any.thing") is UNKNOWN


def test_putting_leaves_the_original_alone() -> None:
    """A value is put into a copy; taking the last one out of a dict takes the dict."""
    values = {"a": {"b": 1}, "c": 2}

    assert put(values, "a.d", 3) == {"a": {"b": 1, "d": 3}, "c": 2}
    assert put(values, "x.y.z", 3) == {**values, "x": {"y": {"z": 3}}}
    assert put(values, "a.b", None) == {"c": 2}
    assert put(values, "x.y", None) == values
    assert values == {"a": {"b": 1}, "c": 2}


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("20m", 1200), ("1h30m", 5400), ("2h", 7200), ("1h1m1s", 3661), ("0s", 0)]
)
def test_duration(text: str, seconds: int) -> None:
    """A duration is hours, minutes and seconds, in that order."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "1d", "m", "30m1h", "-1s", "1.5h"])
def test_wrong_duration(text: str) -> None:
    """Anything else is refused with what one looks like."""
    with pytest.raises(ValueError, match="is not a duration; write one like 90s, 20m or 1h30m"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (0.4, "0s"), (59.6, "1m"), (90, "1m30s"), (5400, "1h30m"), (3601, "1h1s")]
)
def test_duration_as_people_write_it(seconds: float, text: str) -> None:
    """Parts that are nothing are left out."""
    assert format_duration(seconds) == text
