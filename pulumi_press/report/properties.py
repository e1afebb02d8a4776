"""Property paths, and which properties differ between two states of a resource."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pulumi_press.plugin.tokens import load_native, load_resource
from pulumi_press.provider.fields import Effect, Field, find_changes
from pulumi_press.provider.values import find_changed_paths
from pulumi_press.report.model import ABSENT, SECRET, Files, PropertyDiff
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.plugin.tokens import Token
    from pulumi_press.provider.values import Values

__all__ = [
    "DIGEST",
    "FILES",
    "FOLLOWS",
    "compare",
    "compare_files",
    "is_artifact",
    "is_behind",
    "list_properties",
    "look_up",
    "parse_path",
]

Keys = tuple[str | int, ...]
"""The keys of a path."""

_PART = re.compile(r'\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[]+)|(.)', re.DOTALL)


@lru_cache(maxsize=4096)
def parse_path(path: str) -> Keys:
    """Split a path: `a["b.c"][0]` is `("a", "b.c", 0)`. Never fails: any text is a path."""
    keys: list[str | int] = []
    for index, quoted, plain, _ in _PART.findall(path):
        if index:
            keys.append(int(index))
        elif plain:
            keys.append(plain)
        else:
            keys.append(re.sub(r"\\(.)", r"\1", quoted))
    return tuple(keys)


def covers(one: Keys, other: Keys) -> bool:
    """Return whether one of two paths is a prefix of the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def look_up(value: Any, keys: Keys) -> Any:
    """Return the value at a path, `ABSENT` if there is none."""
    for key in keys:
        value = _go_down(value, key)
    return value


def _go_down(value: Any, key: str | int) -> Any:
    if isinstance(value, list):
        return value[key] if isinstance(key, int) and key < len(value) else ABSENT
    return value.get(key, ABSENT) if isinstance(value, dict) else ABSENT


HIDDEN = "hidden"
"""An input that only lists secret parameters; not reported."""

FOLLOWS = "spec.release.version"
LATEST = "latest"
"""What a deployment runs that names no release."""

FILES = ("artifact", "files")
DIGEST = ("artifact", "digest")


def compare(token: Token | None, before: Values, after: Values, diff_paths: Iterable[str] = ()) -> list[PropertyDiff]:
    """Return the properties that differ.

    Args:
        token: type token of the resource; None for another package.
        before: its values before, with the names of the core.
        after: its values after.
        diff_paths: the paths that differ according to the engine, which also knows which secrets differ.
    """
    if token is None:
        paths = [path for path in diff_paths if path != "__provider"] or list(find_changed_paths(before, after))
        return [_read_property(path, before, after) for path in dict.fromkeys(paths) if path]
    found = [
        _read_property(path, before, after, change.field)
        for change in find_changes(_list_fields(token), before, after)
        for path in change.paths
        if change.field.path != HIDDEN
    ]
    known = [parse_path(diff.path) for diff in found]
    for path in diff_paths:
        keys = parse_path(path)
        if not any(covers(keys, other) for other in known) and _is_masked(before, after, path):
            found.append(_read_property(path, before, after, _field_of(token, path)))
    return found


def _read_property(path: str, before: Values, after: Values, field: Field | None = None) -> PropertyDiff:
    old, new = (look_up(values, parse_path(path)) for values in (before, after))
    if field is None:
        return PropertyDiff(path, old, new)
    left_out = LATEST if path == FOLLOWS else field.default
    if path == field.path and left_out not in (None, [], {}):
        # The service uses this value where the input is left out.
        old, new = (left_out if value is ABSENT else value for value in (old, new))
    return PropertyDiff(path, old, new, field.effect.value)


def _is_masked(before: Values, after: Values, path: str) -> bool:
    """Return whether a path leads to or into a secret."""
    keys = parse_path(path)
    return any(look_up(values, keys[:end]) == SECRET for values in (before, after) for end in range(1, len(keys) + 1))


def _list_fields(token: Token) -> Iterable[Field]:
    return (load_native if token.is_native else load_resource)(token.kind).fields


def _field_of(token: Token, path: str) -> Field:
    keys = parse_path(path)
    fields = (field for field in _list_fields(token) if covers(parse_path(field.path), keys))
    return next(fields, Field(path, Effect.NONE))


def list_properties(values: Values) -> list[PropertyDiff]:
    """Return all properties of a new resource."""
    return [PropertyDiff(path, ABSENT, value) for path, value in _flatten(values) if path != HIDDEN]


def _flatten(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and (value or not at):
        for key, item in value.items():
            yield from _flatten(item, join(at, key))
    else:
        yield at, value


def is_artifact(path: str) -> bool:
    """Return whether a path is the artifact, its digest or one of its files."""
    keys = parse_path(path)
    return keys == ("artifact",) or keys[:2] in (FILES, DIGEST)


def compare_files(before: Values, after: Values) -> Files:
    """Return the files of the artifact that differ."""
    old, new = _files(before), _files(after)
    if old is None or new is None:
        digests = [look_up(values, DIGEST) for values in (before, after)]
        return Files(unlisted=digests[0] != digests[1])
    return Files(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _files(values: Values) -> dict[str, Any] | None:
    """Return the listed files; `{}` without an artifact; None if there are too many to list."""
    if "artifact" not in values:
        return {}
    files = look_up(values, FILES)
    return files if isinstance(files, dict) else None


def is_behind(properties: Iterable[PropertyDiff]) -> bool:
    """Return whether the only difference is a newer release, for a deployment that follows the latest."""
    return [(diff.path, diff.old) for diff in properties if diff.effect] == [(FOLLOWS, LATEST)]
