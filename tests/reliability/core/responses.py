"""What is wrong with a response of the plugin: names, secrets in clear, details that do not fit the values."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.plugin.package import SCHEMA
from tests.reliability.core.values import Secret, find_secrets, read

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

    from pulumi_press.provider.values import Values

__all__ = ["find_clear", "find_wrong_details", "find_wrong_names"]

STATE_ONLY = frozenset({"drift", "hidden"})
"""Outputs that only the state has."""

_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


@cache
def _schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def _names(kind: str) -> frozenset[str]:
    resource = _schema()["resources"][f"press:index:{kind}"]
    return frozenset(resource["inputProperties"]) | frozenset(resource["properties"]) | STATE_ONLY


@cache
def _required(kind: str) -> frozenset[str]:
    return frozenset(_schema()["resources"][f"press:index:{kind}"]["required"])


@cache
def _artifact_names() -> frozenset[str]:
    return frozenset(_schema()["types"]["press:index:PublishedArtifact"]["properties"])


def find_wrong_names(kind: str, struct: Struct, *, whole: bool) -> list[str]:
    """Say which names are not in the schema, and which outputs are missing.

    Args:
        kind: the resource's kind.
        struct: the values.
        whole: whether these are the outputs of an object that is there.
    """
    names = {name for name in struct.fields if not name.startswith("__")}
    found = [f"the schema has no {kind}.{name}" for name in sorted(names - _names(kind))]
    artifact = struct.fields["artifact"].struct_value.fields if "artifact" in struct.fields else ()
    found += [f"the schema has no {kind}.artifact.{name}" for name in sorted(set(artifact) - _artifact_names())]
    if whole:
        found += [f"{kind}.{name} is missing" for name in sorted(_required(kind) - names)]
    return found


def find_clear(values: Values, response: Values) -> list[str]:
    """Say what is secret in the values of a call, and not in its response."""
    found = []
    for path in find_secrets(values):
        value: Any = response
        for key in path:
            value = value.get(key) if isinstance(value, dict) else value if isinstance(value, Secret) else None
        if value is not None and not isinstance(value, Secret):
            found.append(f"{'.'.join(path)} is secret, and {value!r} in clear in the response")
    return found


def find_wrong_details(response: Any, olds: Struct, news: Struct) -> list[str]:
    """Say which details of a comparison do not fit the values that were compared."""
    found, tops = [], {_split(path)[0] for path in response.detailedDiff}
    before, after = read(olds, named=False), read(news, named=False)
    for path, detail in response.detailedDiff.items():
        kind = pb.PropertyDiff.Kind.Name(detail.kind)
        what, _, replaces = kind.partition("_")
        old, new = _at(before, path), _at(after, path)
        fits = "ADD" if old is None else "DELETE" if new is None else "UPDATE"
        if what != fits or (old is None and new is None) or old == new:
            found.append(f"{path} is said to be {kind}, and was {old!r} and is {new!r}")
        if replaces and _split(path)[0] not in response.replaces:
            found.append(f"{path} is said to be {kind}, and {list(response.replaces)} are said to replace")
    if not response.hasDetailedDiff or set(response.diffs) != tops or not set(response.replaces) <= tops:
        found.append(f"{list(response.diffs)} and {list(response.replaces)} are not those of the details {tops}")
    if (response.changes == pb.DiffResponse.DIFF_SOME) != bool(tops):
        found.append(f"there are {len(tops)} changes, and it says {response.changes}")
    return found


def _split(path: str) -> list[str | int]:
    return [int(index) if index else plain or quoted for plain, index, quoted in _STEP.findall(path)]


def _at(value: Any, path: str) -> Any:
    for step in _split(path):
        if isinstance(value, Secret):
            value = value.value
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
