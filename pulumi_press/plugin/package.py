"""The package of the native plugin: its version, and its schema as it is shipped."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCHEMA", "SHORTCUTS", "VERSION", "read_schema", "to_semver"]

SCHEMA = Path(__file__).with_name("schema.json")
"""The schema, which `python -m tools.plugin_schema` writes."""

SHORTCUTS: Mapping[str, Mapping[str, str]] = {
    "BlockSpec": {"release_version": "release.version"},
    "BlockSpecRelease": {"version": "release.version"},
}
"""Outputs of each kind that repeat what stands deeper, where a typed language would have to ask whether it is there."""


def to_semver(text: str) -> str:
    """Return a version of Python's as Pulumi writes versions: `1.2.0rc1` -> `1.2.0-rc1`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)*)(.*)", text)
    release, rest = match.groups() if match else ("0", "")
    numbers = [*release.split("."), "0", "0"][:3]
    suffix = re.sub(r"[^0-9A-Za-z.-]+", ".", rest).strip(".-")
    return ".".join(numbers) + (f"-{suffix}" if suffix else "")


VERSION = to_semver(version("pulumi-press"))
"""The version of this package."""


def read_schema() -> str:
    """Return the schema as JSON, with the version of this package."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return json.dumps({**schema, "version": VERSION})
