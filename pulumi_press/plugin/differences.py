"""What changed, as a response of the engine's protocol: each leaf with its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.plugin.names import split_path, write_path
from pulumi_press.provider.fields import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_press.provider.base import Diff
    from pulumi_press.provider.fields import Field
    from pulumi_press.provider.values import SecretPath, Values

__all__ = ["DELETED", "UPDATED", "describe_changes", "describe_new_secrets", "diff_response"]

_KINDS: Mapping[tuple[str, bool], Any] = {
    ("add", False): pb.PropertyDiff.ADD,
    ("add", True): pb.PropertyDiff.ADD_REPLACE,
    ("delete", False): pb.PropertyDiff.DELETE,
    ("delete", True): pb.PropertyDiff.DELETE_REPLACE,
    ("update", False): pb.PropertyDiff.UPDATE,
    ("update", True): pb.PropertyDiff.UPDATE_REPLACE,
}

DELETED = pb.PropertyDiff(kind=pb.PropertyDiff.DELETE)
"""The detail of an output that an update drops."""

UPDATED = pb.PropertyDiff(kind=pb.PropertyDiff.UPDATE, inputDiff=True)
"""The detail of an input that changes."""


def diff_response(
    details: Mapping[str, Any], replaces: Iterable[str] = (), *, delete_before_replace: bool = False
) -> Any:
    """Return the response.

    Args:
        details: what happens to each path.
        replaces: the paths that force a replacement.
        delete_before_replace: whether the old object must be deleted before the new one can be made.
    """
    return pb.DiffResponse(
        changes=pb.DiffResponse.DIFF_SOME if details else pb.DiffResponse.DIFF_NONE,
        diffs=sorted({_top(path) for path in details}),
        replaces=sorted({_top(path) for path in replaces}),
        detailedDiff=details,
        hasDetailedDiff=True,
        deleteBeforeReplace=delete_before_replace,
    )


def describe_changes(fields: Iterable[Field], diff: Diff, olds: Values, news: Values) -> dict[str, Any]:
    """Return each changed leaf with its kind, by the path that the engine reads.

    What the provider chooses is left out where something else replaces the object: it is chosen once more, for the new
    one. A value that takes the place of a default is an addition for the engine, which knows no defaults.
    """
    decided = {field.path for field in fields if field.computed or field.chosen}
    details = {}
    for change in diff.changes:
        replaces = change.field.effect is Effect.REPLACE
        if diff.replaces and not replaces and change.field.path in decided:
            continue
        for path, kind in change.kinds.items():
            seen = "add" if _at(olds, path) is None else "delete" if _at(news, path) is None else kind
            details[write_path(path)] = pb.PropertyDiff(kind=_KINDS[seen, replaces], inputDiff=True)
    return details


def _at(value: Any, path: str) -> Any:
    return _follow(value, split_path(path))


def _follow(value: Any, path: SecretPath) -> Any:
    for key in path:
        if isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _top(path: str) -> str:
    return str(split_path(write_path(path))[0])


def describe_new_secrets(olds: Values, before: Iterable[SecretPath], after: Iterable[SecretPath]) -> dict[str, Any]:
    """Return the properties in which something is secret from now on, which the state must not keep in clear.

    Args:
        olds: the outputs of the state.
        before: where secrets stand in them.
        after: where secrets stand in the program.
    """
    known = frozenset(before)
    return {
        write_path(str(path[0])): UPDATED
        for path in after
        if _follow(olds, path) is not None
        if not any(path[:length] in known for length in range(len(path) + 1))
    }
