"""The line on the scenarios that run both ways."""

from __future__ import annotations

from tests.support.scenarios import count_scenarios


def test_scenario_counts_once_and_each_way_by_itself() -> None:
    """A scenario is there once, whatever its other parameters; a way has passed it if all its reports have."""
    ran = [
        ("a.py::test_one[dynamic]", {"way": "dynamic"}, True),
        ("a.py::test_one[native]", {"way": "native"}, True),
        ("a.py::test_two[x-dynamic-y]", {"way": "dynamic"}, True),
        ("a.py::test_two[x-native-y]", {"way": "native"}, False),
        ("a.py::test_three[native]", {"way": "native"}, True),
        ("a.py::test_three[native]", {"way": "native"}, False),
        ("a.py::test_other", {}, True),
    ]

    assert count_scenarios(ran) == "scenarios: 3, dynamic 2 passed, native 1 passed"


def test_no_scenario_is_no_line() -> None:
    """A run without scenarios says nothing of them."""
    assert count_scenarios([("a.py::test_other", {}, True)]) == ""
