"""How paths are written, and how a mistake reads."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.schema.failures import CheckFailure, join


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("config",), "config"),
        (("config", "steps", "train"), "config.steps.train"),
        (("run", 2, "type"), "run[2].type"),
        (("", 0, "name"), "[0].name"),
        (("a", 0, 1), "a[0][1]"),
        (("a", "c.d", "e"), 'a["c.d"].e'),
        (("a", "b[0]"), 'a["b[0]"]'),
        (("", "a.b"), '["a.b"]'),
        (("a", 'say "yes"'), r'a["say \"yes\""]'),
        (("a", ""), 'a[""]'),
        (("a.b", "c"), "a.b.c"),
        (("a", "two words", "ä"), "a.two words.ä"),
    ],
)
def test_keys_and_indexes_make_a_path(parts: tuple[Any, ...], expected: str) -> None:
    """Keys are joined by dots, indexes stand in brackets, and so does a key that would be misread."""
    assert join(*parts) == expected


def test_a_mistake_reads_as_its_path_and_message() -> None:
    """What people see is the path, then what is wrong there."""
    assert str(CheckFailure("config.steps", "is required")) == "config.steps: is required"


def test_a_mistake_of_the_whole_reads_as_its_message() -> None:
    """The whole has no path."""
    assert str(CheckFailure("", "must be an object, not a list")) == "must be an object, not a list"
