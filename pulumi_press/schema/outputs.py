"""Texts that Python writes for an output of a program, where its value was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_press.schema.failures import CheckFailure, join

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_output_texts", "holds_output_text"]

WRITTEN = re.compile(r"Calling __str__ on an Output|<pulumi\.output\.Output object at 0x")

WHY = (
    "holds the text that Python writes for an output, not its value: use pulumi.Output.concat or "
    "pulumi.Output.format in place of an f-string, or the output's apply"
)


def holds_output_text(text: str) -> bool:
    """Tell whether a text was made of an output itself, as by an f-string."""
    return WRITTEN.search(text) is not None


def find_output_texts(value: object, at: str = "") -> Iterator[CheckFailure]:
    """Find every such text in a value, among its keys too."""
    if isinstance(value, str):
        if holds_output_text(value):
            yield CheckFailure(at, WHY)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str) and holds_output_text(key):
                yield CheckFailure(at, f"has a key that {WHY}")
            else:
                yield from find_output_texts(item, join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_output_texts(item, join(at, index))
