"""The metadata that specs and deployments share: patching it, and reading it as inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import StatusError
from pulumi_press.provider.marks import add_tag, name_stack, strip_tags
from pulumi_press.provider.values import Values, align, is_empty, is_equal, put
from pulumi_press.schema.plain import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_press.provider.context import Context

__all__ = ["CLEARED", "add_default_tags", "add_mark", "flatten_metadata", "patch_metadata", "send_patch"]

UNCHANGED = "No changes detected"

# What a PATCH sends for a text that the program no longer sets. How the service clears a field is not documented: an
# empty text or list says it in the plainest way, and the content type has a value that means nothing special.
CLEARED: Values = {"tags": [], "descriptionContentType": "text/plain", "status": "available"}


def patch_metadata(olds: Any, news: Any) -> Values:
    """Give the part of a metadata PATCH that turns `olds` into `news`."""
    before, after = _dict(olds), _dict(news)
    changed: Iterable[str] = (
        key for key in dict.fromkeys([*before, *after]) if not _is_equal(before.get(key), after.get(key))
    )
    return {key: after.get(key, CLEARED.get(key, "")) for key in changed}


def send_patch(send: Callable[[], object]) -> None:
    """Send a metadata PATCH. A service that finds no change in it already has what is wanted.

    A try whose answer was lost, or somebody else, may have made the change. That the service refuses a PATCH without
    change is hinted at by its own client, which looks for these words.
    """
    try:
        send()
    except StatusError as error:
        if UNCHANGED not in error.detail:
            raise


def flatten_metadata(live: Any, previous: Any) -> Values:
    """Write live metadata as inputs: a text that was not set shows only if somebody gave it a value."""
    live, previous = _dict(live), _dict(previous)
    projected = {}
    for key in TEXTS:
        before, now = previous.get(key), live.get(key)
        if key == "tags" and now:
            # What the service adds to a tag is no part of what was given.
            now = [{"name": tag["name"]} for tag in strip_tags(now)]
        if _is_equal(before, now):
            if before is not None:
                projected[key] = before
        elif not is_empty(now) and not (before is None and now == CLEARED.get(key)):
            projected[key] = now
    return projected


def add_mark(patch: Values, news: Values, context: Context) -> Values:
    """Add the stack's mark to a metadata PATCH that says something: its tags take the place of all that were there."""
    if not patch or not name_stack(context):
        return patch
    return {**patch, "tags": add_tag(_dict(news.get("metadata")).get("tags"), context)}


def add_default_tags(inputs: Values, tags: tuple[str, ...]) -> Values:
    """Add the tags of the settings to those of the metadata; ones that are there already are not added again."""
    metadata = inputs.get("metadata")
    own = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not tags or not isinstance(own, list):
        return inputs
    missing = [{"name": tag} for tag in tags if {"name": tag} not in own]
    return put(inputs, "metadata.tags", [*own, *missing])


def _is_equal(old: Any, new: Any) -> bool:
    # Tags are a set: their order is the service's.
    return is_equal(*align(old, new), empty_is_absent=True)


def _dict(value: Any) -> Values:
    return value if isinstance(value, dict) else {}
