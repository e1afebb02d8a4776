"""What holds of every release version."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_press.schema import versions

VERSIONS = st.from_regex(re.compile(versions.PATTERN, re.ASCII), fullmatch=True).map(str.strip)


@settings(max_examples=300, deadline=None)
@given(VERSIONS)
def test_what_has_the_pattern_is_read(text: str) -> None:
    """The published pattern and the library agree, and nothing is lost in reading."""
    assert str(versions.parse(text)) == text


@settings(max_examples=300, deadline=None)
@given(VERSIONS)
def test_the_next_patch_is_the_least_release_above(text: str) -> None:
    """It is greater, is no pre-release, and leaves no release between."""
    version, following = versions.parse(text), versions.parse(versions.next_patch(text))

    assert following > version
    assert following.prerelease is None
    assert following.patch == 0 or following.replace(patch=following.patch - 1) <= version.replace(prerelease=None)
    assert (following.major, following.minor) == (version.major, version.minor)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12) | st.text("0123456789.-+a", max_size=12))
def test_any_text_gets_an_answer(text: str) -> None:
    """A text is a version, or a mistake that says what one looks like."""
    try:
        assert str(versions.parse(text)) == text
    except ValueError as error:
        assert "write one like 1.0.0" in str(error)  # noqa: PT017  (either end is right)
