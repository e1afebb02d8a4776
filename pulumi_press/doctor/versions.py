"""Versions, as programs tell them and as packages ask for them."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version

from semver import Version

__all__ = ["PACKAGE", "least_sdk", "own_version", "read_version"]

PACKAGE = "pulumi-press"
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,2}")


def read_version(text: str) -> Version | None:
    """Read a version such as `v3.259.0` or `3.9`; None if the text holds none."""
    found = _NUMBERS.search(text)
    if found is None:
        return None
    return Version.parse(found.group(), optional_minor_and_patch=True)


def own_version() -> str:
    """Give the version of this package; empty if it is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return ""


def least_sdk() -> Version | None:
    """Give the least version of Pulumi's SDK that this package asks for."""
    try:
        wanted = requires(PACKAGE) or []
    except PackageNotFoundError:
        return None
    return next((read_version(line) for line in wanted if re.match(r"pulumi\s*>=", line)), None)
