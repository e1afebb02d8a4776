"""Literals: Python reads back the same value, and lines are no longer than necessary."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_press.codegen.literals import WIDTH, Expression, write_text, write_value

TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(["word", "a", "\n", " ", '"', "'", "\\"]), max_size=80).map(
    "".join
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def write(value: Any, **options: Any) -> str:
    """Write a value as one text."""
    return "\n".join(write_value(value, **options))


@given(VALUES)
def test_python_reads_the_value_back(value: Any) -> None:
    """A literal evaluates to its value, for any content."""
    assert ast.literal_eval(write(value)) == value


@given(st.lists(st.sampled_from(["word", "a ", "\n", " ", '"', "'", "\\"]), max_size=80).map("".join))
def test_no_line_is_too_long_where_words_are_short(text: str) -> None:
    """Texts are split at line breaks and spaces."""
    spaced = text.replace("word", "word ")

    assert all(len(line) <= WIDTH for line in write({"key": spaced}, indent=8).split("\n"))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ('it\'s "both"', "'it\\'s \"both\"'"),
        ("two\nlines\t", '"two\\nlines\\t"'),
        ("naïve ☕", '"naïve ☕"'),
        ("bell \x07", '"bell \\x07"'),
        ("back\\slash", '"back\\\\slash"'),
    ],
)
def test_a_text_is_in_double_quotes(text: str, literal: str) -> None:
    """Double quotes, unless they need more backslashes."""
    assert write_text(text) == literal


def test_what_fits_on_a_line_stands_on_one() -> None:
    """Short values stay on one line."""
    assert write({"a": [1, True, None], "b": {}}, before="x=", after=",", indent=4) == (
        '    x={"a": [1, True, None], "b": {}},'
    )


def test_what_does_not_fit_has_an_entry_a_line() -> None:
    """Long values take several lines, each entry with a comma; long texts are joined from parts."""
    value = {"names": ["n" * 40, "m" * 60], "payload": "{\n" + '  "key": "value",\n' * 6 + "}\n"}

    assert write(value, before="x=").split("\n") == [
        "x={",
        '    "names": [',
        f'        "{"n" * 40}",',
        f'        "{"m" * 60}",',
        "    ],",
        '    "payload": (',
        '        "{\\n"',
        *['        \'  "key": "value",\\n\''] * 6,
        '        "}\\n"',
        "    ),",
        "}",
    ]


def test_code_stands_as_it_is_below_its_comment() -> None:
    """An expression is not quoted, and its comment is above its line."""
    value = {"id": Expression("orders.id"), "run": {"key": Expression('config.get_secret("key")', comment="Masked.")}}

    assert write(value).split("\n") == [
        "{",
        '    "id": orders.id,',
        '    "run": {',
        "        # Masked.",
        '        "key": config.get_secret("key"),',
        "    },",
        "}",
    ]
