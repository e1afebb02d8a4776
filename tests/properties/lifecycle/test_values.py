"""The quick comparison never says more than the careful one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from pulumi_press.provider.values import is_alike, is_equal
from pulumi_press.schema.plain import UNKNOWN, contains_unknown

LEAVES = some.sampled_from([None, True, False, 0, 1, 1.0, 0.5, "", "a", "1", UNKNOWN])
VALUES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(some.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


@given(VALUES, VALUES)
def test_what_is_alike_means_the_same(old: Any, new: Any) -> None:
    """A change that the careful comparison finds is never overlooked."""
    assert is_equal(old, new) or not is_alike(old, new)


@given(VALUES)
def test_a_copy_is_alike_unless_something_is_unknown(value: Any) -> None:
    """Equal values take the quick way, and what is unknown equals nothing."""
    assert is_alike(value, deepcopy(value)) is not contains_unknown(value)
