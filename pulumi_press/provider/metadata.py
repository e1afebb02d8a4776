"""The metadata that specs and deployments share, and the marks in it that say which stack made a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import StatusError
from pulumi_press.provider.create_once import digest
from pulumi_press.provider.fields import Effect
from pulumi_press.provider.secrets import drop_secrets
from pulumi_press.provider.values import Values, align, get, is_empty, is_equal, put
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.fields import Field

__all__ = [
    "CLEARED",
    "add_default_tags",
    "add_mark",
    "add_tag",
    "digest_public",
    "find_imitations",
    "find_other_owner",
    "find_owner",
    "flatten_metadata",
    "flatten_spec",
    "is_of_stack",
    "mark_notes",
    "name_stack",
    "patch_metadata",
    "read_digest",
    "send_patch",
    "strip_marks",
    "strip_notes",
    "strip_tags",
]

DIGITS = 12

_TAG = re.compile(r"pulumi:(?P<stack>[^/\s]+/[^/\s]+)")
_NOTES = re.compile(r"\s*\[pulumi:(?P<digest>[0-9a-f]{12})\]\s*\Z")
_URN = re.compile(r"urn:pulumi:(?P<stack>.+?)::(?P<project>.+?)::")


def name_stack(context: Context) -> str:
    """Return the stack that marks name, as `project/stack`; empty where nothing is marked."""
    return _own_stack(context) if context.settings().marks == "owner" else ""


def add_tag(tags: Any, context: Context) -> Any:
    """Add the stack's tag to the tags that are sent."""
    stack = name_stack(context)
    return [*strip_tags(tags or []), {"name": f"pulumi:{stack}"}] if stack else tags


def strip_tags(tags: Any) -> Any:
    """Remove marks from tags."""
    return [tag for tag in tags if not _is_mark(tag)] if isinstance(tags, list) else tags


def find_owner(live: Any) -> str:
    """Return the stack whose mark a live block carries, as `project/stack`; empty where it carries none."""
    tags = get(live, "metadata.tags")
    names = [str(get(tag, "name")) for tag in tags if _is_mark(tag)] if isinstance(tags, list) else []
    # Where a service adds tags to those that are there, the last one is the latest.
    return names[-1].partition(":")[2] if names else ""


def find_other_owner(live: Any, context: Context) -> str:
    """Return the other stack whose mark a live block carries, whether this one marks its own or not."""
    other = find_owner(live)
    return "" if other == _own_stack(context) else other


def is_of_stack(live: Any, context: Context) -> bool:
    """Return whether a live block carries this stack's mark, where marks count."""
    own = name_stack(context)
    return bool(own) and find_owner(live) == own


def mark_notes(notes: str | None, digested: str, context: Context) -> str | None:
    """Add a digest to the notes that are sent."""
    if not name_stack(context):
        return notes
    return f"{strip_notes(notes) or ''} [pulumi:{digested}]".lstrip()


def strip_notes(notes: Any) -> Any:
    """Remove the mark from notes; None where nothing else was in them."""
    return (_NOTES.sub("", notes) or None) if isinstance(notes, str) and _NOTES.search(notes) else notes


def read_digest(notes: Any) -> str:
    """Return the digest in the mark of live notes; empty where there is none."""
    mark = _NOTES.search(notes) if isinstance(notes, str) else None
    return mark["digest"] if mark else ""


def digest_public(inputs: Values, paths: tuple[str, ...]) -> str:
    """Return a digest of inputs that is not secret: values that are secret by themselves are left out.

    Args:
        inputs: the inputs of a resource.
        paths: those that count.
    """
    public = drop_secrets(inputs)
    return digest([get(public, path) or None for path in paths])[:DIGITS]


def strip_marks(answer: Any) -> Any:
    """Copy an answer of the service, or a list of them, without marks."""
    if isinstance(answer, list):
        return [strip_marks(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    for part in ("latestRelease", "latestRevision"):
        if isinstance(answer.get(part), dict):
            answer = {**answer, part: strip_marks(answer[part])}
    if read_digest(answer.get("notes")):
        answer = {**answer, "notes": strip_notes(answer["notes"]) or ""}
    if find_owner(answer):
        answer = put(answer, "metadata.tags", strip_tags(answer["metadata"]["tags"]))
    return answer


def find_imitations(inputs: Values) -> list[CheckFailure]:
    """Refuse tags and notes that look like marks: they could not be distinguished, and would not be read back."""
    tags = get(inputs, "metadata.tags")
    failures = [
        CheckFailure(
            f"metadata.tags[{index}].name",
            "has the form of an owner mark (pulumi:<project>/<stack>); choose another name",
        )
        for index, tag in enumerate(tags if isinstance(tags, list) else [])
        if _is_mark(tag)
    ]
    failures += [
        CheckFailure(path, "ends like an owner mark ([pulumi:<12 hexadecimal digits>]); remove that part")
        for path in ("release.notes", "revision.notes")
        if read_digest(get(inputs, path))
    ]
    return failures


def _own_stack(context: Context) -> str:
    urn = _URN.match(context.urn)
    return f"{urn['project']}/{urn['stack']}" if urn else ""


def _is_mark(tag: Any) -> bool:
    name = get(tag, "name")
    return isinstance(name, str) and _TAG.fullmatch(name) is not None


UNCHANGED = "No changes detected"

# What a PATCH sends for a text that the program no longer sets. How the service clears a field is not documented: an
# empty text or list is the plainest way, and the content type has a neutral value.
CLEARED: Values = {"tags": [], "descriptionContentType": "text/plain", "status": "available"}


def patch_metadata(olds: Any, news: Any) -> Values:
    """Return the part of a metadata PATCH that turns `olds` into `news`."""
    before, after = _dict(olds), _dict(news)
    changed: Iterable[str] = (
        key for key in dict.fromkeys([*before, *after]) if not _is_equal(before.get(key), after.get(key))
    )
    return {key: after.get(key, CLEARED.get(key, "")) for key in changed}


def send_patch(send: Callable[[], object]) -> None:
    """Send a metadata PATCH. A service that finds no change in it already has what is wanted.

    An attempt whose response was lost, or somebody else, may have made the change. That the service refuses a PATCH
    without change is known from its own client, which looks for this text.
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


def flatten_spec(live: Values, previous: Values, fields: Iterable[Field]) -> Values:
    """Write a live spec as inputs, without its release."""
    inputs: Values = {
        "kind": live.get("kind") or previous.get("kind"),
        "metadata": flatten_metadata(live.get("metadata"), previous.get("metadata")),
    }
    # No program sets a status. Of a spec that is only looked at it is no input either.
    status = get(live, "metadata.status")
    if previous.get("metadata") and status not in (None, CLEARED["status"]):
        inputs = put(inputs, "metadata.status", status)
    for field in fields:
        if field.effect is Effect.PATCH and field.path != "metadata":
            # The service answers with its default where the program says nothing.
            now = live.get(field.path)
            now = field.default if now is None else now
            if not is_equal(*align(field.value(previous), now)):
                inputs[field.path] = now
    return inputs


def add_mark(patch: Values, news: Values, context: Context) -> Values:
    """Add the stack's mark to a metadata PATCH that is not empty: its tags replace all that were there."""
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
