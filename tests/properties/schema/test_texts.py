"""What a shape accepts as a text can be read again."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as some

from pulumi_press.client.responses import ShapeError, text
from pulumi_press.schema.bodies import Tag
from pulumi_press.schema.validation import validate


@given(some.text() | some.integers() | some.none())
def test_text_is_accepted_exactly_if_it_can_be_read(value: object) -> None:
    """The rule for what is sent and the rule for what is answered are one."""
    is_read = False
    with suppress(ShapeError):
        text(value, "name")
        is_read = True

    assert is_read is (validate(Tag, {"name": value}) == [])
