"""Names of variables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_press.codegen.program import choose_names


@pytest.mark.parametrize(
    ("resource", "variable"),
    [
        ("orders", "orders"),
        ("Orders-Prod 2", "orders_prod_2"),
        ("2nd", "block_2nd"),
        ("class", "class_block"),
        ("match", "match_block"),
        ("press", "press_block"),
        ("print", "print_block"),
        ("--", "block"),
        ("größe", "größe"),
        ("or\u3164ders\ufe0f", "orders"),
    ],
)
def test_a_variable_is_named_after_its_resource(resource: str, variable: str) -> None:
    """As close to the resource's name as Python allows."""
    assert choose_names([resource]) == [variable]


def test_each_has_its_own() -> None:
    """Resources with the same variable are numbered."""
    assert choose_names(["a-b", "a_b", "a b", "a_b_2"]) == ["a_b", "a_b_2", "a_b_3", "a_b_2_2"]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_any_name_gives_a_variable(resources: list[str]) -> None:
    """For any names, the variables are identifiers, all different."""
    names = choose_names(resources)

    assert all(name.isidentifier() and name.isprintable() for name in names)
    assert len(set(names)) == len(resources)
