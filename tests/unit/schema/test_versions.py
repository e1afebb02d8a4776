"""Release versions."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pulumi_press.schema import versions
from pulumi_press.schema.bodies import ReleaseVersion
from pulumi_press.schema.validation import validate

ORDERED = ["0.0.1", "0.9.10", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2"]
ORDERED += ["1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0", "10.0.0"]

RIGHT = [*ORDERED, "1.0.0+build", "1.0.0-a+b.1", "0.1.0-a0000001", "1.0.0--", "99999999999999999999.0.0"]

WRONG = ["", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.0\n", " 1.0.0", "1.0.0 ", "01.0.0", "1.00.0", "1.0.0-", "1.0.0-01"]
WRONG += [
    "1.0.0-a..b",
    "1.0.0+",
    "-1.0.0",
    "1.0.x",
    "latest",
    "1\u0663.0.0",
    "1.0.0-\u00e4",
]  # The digit is an Arabic 3.


def test_versions_are_ordered_by_precedence() -> None:
    """Numbers count as numbers, and a pre-release comes before its release."""
    wrong = [(lower, upper) for lower, upper in pairwise(ORDERED) if not versions.parse(lower) < versions.parse(upper)]

    assert wrong == []


@pytest.mark.parametrize("text", RIGHT)
def test_a_semantic_version_is_read(text: str) -> None:
    """What is read says again what was written."""
    assert str(versions.parse(text)) == text
    assert validate(ReleaseVersion, {"version": text}) == []


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused(text: str) -> None:
    """What is no semantic version is refused with a word on what one looks like."""
    expected = f"{text!r} is not a semantic version; write one like 1.0.0 or 1.1.0-beta.1"

    with pytest.raises(ValueError, match="semantic version") as refusal:
        versions.parse(text)

    assert str(refusal.value) == expected
    assert [str(failure) for failure in validate(ReleaseVersion, {"version": text})] == [f"version: {expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0.0", "1.0.1"),
        ("1.9.9", "1.9.10"),
        ("1.1.0-beta.1", "1.1.0"),
        ("1.0.0+build", "1.0.1"),
        ("1.0.0-a+build", "1.0.0"),
    ],
)
def test_the_next_patch_version_is_the_first_that_is_free(text: str, expected: str) -> None:
    """A pre-release is followed by its release, a release by the next patch."""
    assert versions.next_patch(text) == expected
    assert versions.parse(expected) > versions.parse(text)


def test_the_first_version_is_one() -> None:
    """The version that is chosen for a first release is itself right."""
    assert str(versions.parse(versions.FIRST)) == "1.0.0"
