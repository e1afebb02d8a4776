"""The metadata that specs and deployments share: patching it, and reading it as inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.lifecycle.values import Values, is_empty, is_equal
from pulumi_press.schema import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["patch_metadata", "project_metadata"]

KEYS = tuple(Texts.__annotations__)
"""The texts that a program may set."""

# What a PATCH sends for a text that the program no longer sets. How the service clears a field is not documented: an
# empty text or list says it in the plainest way, and the content type has a value that means nothing special.
CLEARED: Values = {"tags": [], "descriptionContentType": "text/plain"}


def patch_metadata(olds: Any, news: Any) -> Values:
    """Give the part of a metadata PATCH that turns `olds` into `news`."""
    before, after = _dict(olds), _dict(news)
    changed: Iterable[str] = (
        key for key in dict.fromkeys([*before, *after]) if not is_equal(before.get(key), after.get(key), lenient=True)
    )
    return {key: after.get(key, CLEARED.get(key, "")) for key in changed}


def project_metadata(live: Any, previous: Any) -> Values:
    """Write live metadata as inputs: a text that was not set shows only if somebody gave it a value."""
    live, previous = _dict(live), _dict(previous)
    projected = {}
    for key in KEYS:
        before, now = previous.get(key), live.get(key)
        if is_equal(before, now, lenient=True):
            if before is not None:
                projected[key] = before
        elif not is_empty(now) and not (before is None and now == CLEARED.get(key)):
            projected[key] = now
    return projected


def _dict(value: Any) -> Values:
    return value if isinstance(value, dict) else {}
