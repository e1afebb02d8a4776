"""The types of calls: written from the shapes, which they are at run time."""

from __future__ import annotations

import ast

import pytest

import pulumi_press as press
from pulumi_press import schema
from tools.input_shapes import TARGET, render

CLASSES = [node.name for node in ast.parse(render()).body if isinstance(node, ast.ClassDef)]


def test_shipped_types_are_those_that_the_shapes_give() -> None:
    """`python -m tools.input_shapes` renews them."""
    assert TARGET.read_text(encoding="utf-8") == render()


@pytest.mark.parametrize("name", CLASSES)
def test_type_is_the_shape_at_run_time(name: str) -> None:
    """A program that names a type of calls runs, and the dict that it makes is the shape's."""
    assert getattr(press.schema.inputs, name) is getattr(schema, name)


def test_unknown_type_is_an_error() -> None:
    """A name that no shape has is told as one of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'BlockSpecArguments'"):
        _ = schema.inputs.BlockSpecArguments  # type: ignore[attr-defined]  # That is the mistake.
