"""The marker for what is not known yet."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.schema.plain import UNKNOWN, contains_unknown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNKNOWN, True),
        ([UNKNOWN], True),
        ({"a": [{"b": UNKNOWN}, 1]}, True),
        (None, False),
        ("UNKNOWN", False),
        ({"a": [{"b": 1}], "c": {}}, False),
        ([], False),
    ],
)
def test_it_is_found_at_every_depth(value: Any, expected: bool) -> None:  # noqa: FBT001  (a column of the table)
    """A value holds something unknown when any part of it is."""
    assert contains_unknown(value) is expected


def test_it_reads_as_a_word() -> None:
    """An error or a log line shows the word, not an address in memory."""
    assert repr(UNKNOWN) == "UNKNOWN"
