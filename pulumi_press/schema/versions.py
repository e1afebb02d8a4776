"""Release versions: semantic versions, compared by precedence."""

from __future__ import annotations

import re

import semver

__all__ = ["FIRST", "PATTERN", "describe_twin", "next_patch", "parse"]

FIRST = "1.0.0"
"""The version of a first release for which none was chosen."""

PATTERN = (
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-((0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$"
)
"""The pattern that semver.org publishes."""


def parse(text: str) -> semver.Version:
    """Return a parsed semantic version.

    Raises:
        ValueError: the text is not one; the message says what one looks like.
    """
    # Older versions of the library accept a line break, and the digits of other scripts.
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError(f"{text!r} is not a semantic version; write one like 1.0.0 or 1.1.0-beta.1")
    return semver.Version.parse(text)


def next_patch(text: str) -> str:
    """Return the next free patch version after `text`: 1.0.0 -> 1.0.1, 1.1.0-beta.1 -> 1.1.0."""
    version = parse(text)
    return str(version.finalize_version() if version.prerelease else version.bump_patch())


def describe_twin(released: str, free: str) -> str:
    """Return why a version that differs from a released one only by its `+build` is refused, and a free one."""
    return (
        f"differs from the released {released} only in the build metadata, which does not count; "
        f"raise it, for example to {free}"
    )
