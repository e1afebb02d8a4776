"""Which properties differ between two states of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.plugin.kinds import load_resource
from pulumi_press.provider.fields import Effect, Field, find_changes
from pulumi_press.provider.values import find_changed_paths
from pulumi_press.report.paths import ABSENT, covers, look_up, parse_path
from pulumi_press.report.report import Files, Leaf
from pulumi_press.report.secrecy import SECRET
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.provider.values import Values

__all__ = ["FOLLOWS", "LATEST", "compare", "compare_files", "is_artifact", "list_leaves"]

UNTOLD = "hidden"
"""The one input that only says what must not be shown."""

FOLLOWS = "spec.release.version"
LATEST = "latest"
"""The release that a deployment runs which names none."""

FILES = "artifact.files"
DIGEST = "artifact.digest"


def compare(kind: str | None, before: Values, after: Values, diff: Iterable[str] = ()) -> list[Leaf]:
    """Find what differs.

    Args:
        kind: kind of the resource, None for one of another package.
        before: its inputs before.
        after: its inputs after.
        diff: the paths in which the engine sees a difference; it knows which secrets differ, and tells only that.
    """
    if kind is None:
        paths = [path for path in diff if path != "__provider"] or list(find_changed_paths(before, after))
        return [_read_leaf(path, before, after) for path in dict.fromkeys(paths) if path]
    found = [
        _read_leaf(path, before, after, change.field)
        for change in find_changes(load_resource(kind).fields, before, after)
        for path in change.paths
        if change.field.path != UNTOLD
    ]
    known = [parse_path(leaf.path) for leaf in found]
    for path in diff:
        keys = parse_path(path)
        if not any(covers(keys, other) for other in known) and _is_masked(before, after, path):
            found.append(_read_leaf(path, before, after, _field_of(kind, path)))
    return found


def _read_leaf(path: str, before: Values, after: Values, field: Field | None = None) -> Leaf:
    old, new = (look_up(values, parse_path(path)) for values in (before, after))
    if field is None:
        return Leaf(path, old, new)
    left_out = LATEST if path == FOLLOWS else field.default
    if path == field.path and left_out not in (None, [], {}):
        # What is left out has this value on the service.
        old, new = (left_out if value is ABSENT else value for value in (old, new))
    return Leaf(path, old, new, field.effect.value)


def _is_masked(before: Values, after: Values, path: str) -> bool:
    """Tell whether a path leads to a secret, or into one."""
    keys = parse_path(path)
    return any(look_up(values, keys[:end]) == SECRET for values in (before, after) for end in range(1, len(keys) + 1))


def _field_of(kind: str, path: str) -> Field:
    keys = parse_path(path)
    fields = (field for field in load_resource(kind).fields if covers(parse_path(field.path), keys))
    return next(fields, Field(path, Effect.NONE))


def list_leaves(values: Values) -> list[Leaf]:
    """Give every property of a new resource."""
    return [Leaf(path, ABSENT, value) for path, value in _flatten(values) if path != UNTOLD]


def _flatten(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and (value or not at):
        for key, item in value.items():
            yield from _flatten(item, join(at, key))
    else:
        yield at, value


def is_artifact(path: str) -> bool:
    """Tell whether a path is one of those that stand for the artifact's files."""
    keys = parse_path(path)
    return keys == ("artifact",) or keys[:2] in (parse_path(FILES), parse_path(DIGEST))


def compare_files(before: Values, after: Values) -> Files:
    """Find what differs in the artifact."""
    old, new = _files(before), _files(after)
    if old is None or new is None:
        digests = [look_up(values, parse_path(DIGEST)) for values in (before, after)]
        return Files(unlisted=digests[0] != digests[1])
    return Files(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _files(values: Values) -> dict[str, Any] | None:
    """Give the listed files; none of no artifact; None where there are too many to be listed."""
    if "artifact" not in values:
        return {}
    files = look_up(values, parse_path(FILES))
    return files if isinstance(files, dict) else None
