"""Marks: how a block says which stack made it, where `press:marks` is `owner`.

A spec or deployment carries the tag `pulumi:<project>/<stack>`. The notes of a release or revision end in
`[pulumi:<digest>]`, 12 hexadecimal digits of what it was made of. So any machine can tell a block of its own stack from
another's, and a release or revision of its own from one that has to be made still. Nobody who reads inputs sees them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.intents import digest
from pulumi_press.provider.secrets import drop_secrets
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = [
    "add_tag",
    "digest_public",
    "find_imitations",
    "find_other_owner",
    "find_owner",
    "is_of_stack",
    "mark_notes",
    "name_stack",
    "read_digest",
    "strip_marks",
    "strip_notes",
    "strip_tags",
]

DIGITS = 12

_TAG = re.compile(r"pulumi:(?P<stack>[^/\s]+/[^/\s]+)")
_NOTES = re.compile(r"\s*\[pulumi:(?P<digest>[0-9a-f]{12})\]\s*\Z")
_URN = re.compile(r"urn:pulumi:(?P<stack>.+?)::(?P<project>.+?)::")


def name_stack(context: Context) -> str:
    """Give the stack that marks name, as `project/stack`; empty where nothing is marked."""
    return _own_stack(context) if context.settings().marks == "owner" else ""


def add_tag(tags: Any, context: Context) -> Any:
    """Add the stack's tag to the tags that are sent."""
    stack = name_stack(context)
    return [*strip_tags(tags or []), {"name": f"pulumi:{stack}"}] if stack else tags


def strip_tags(tags: Any) -> Any:
    """Take marks out of tags."""
    return [tag for tag in tags if not _is_mark(tag)] if isinstance(tags, list) else tags


def find_owner(live: Any) -> str:
    """Give the stack whose mark a live block carries, as `project/stack`; empty where it carries none."""
    tags = get(live, "metadata.tags")
    names = [str(get(tag, "name")) for tag in tags if _is_mark(tag)] if isinstance(tags, list) else []
    # Where a service adds tags to those that are there, the last one is the latest.
    return names[-1].partition(":")[2] if names else ""


def find_other_owner(live: Any, context: Context) -> str:
    """Give the other stack whose mark a live block carries, whether this one marks its own or not."""
    other = find_owner(live)
    return "" if other == _own_stack(context) else other


def is_of_stack(live: Any, context: Context) -> bool:
    """Tell whether a live block carries this stack's mark, where marks count."""
    own = name_stack(context)
    return bool(own) and find_owner(live) == own


def mark_notes(notes: str | None, digested: str, context: Context) -> str | None:
    """Add a digest to the notes that are sent."""
    if not name_stack(context):
        return notes
    return f"{strip_notes(notes) or ''} [pulumi:{digested}]".lstrip()


def strip_notes(notes: Any) -> Any:
    """Take the mark off notes; None where nothing else was in them."""
    return (_NOTES.sub("", notes) or None) if isinstance(notes, str) and _NOTES.search(notes) else notes


def read_digest(notes: Any) -> str:
    """Give the digest in the mark of live notes; empty where there is none."""
    mark = _NOTES.search(notes) if isinstance(notes, str) else None
    return mark["digest"] if mark else ""


def digest_public(inputs: Values, paths: tuple[str, ...]) -> str:
    """Give a digest of inputs for everybody to see: without what is secret by itself, which it could be guessed from.

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
    """Refuse tags and notes that look like marks: nobody could tell them from one, and they would not be read back."""
    tags = get(inputs, "metadata.tags")
    failures = [
        CheckFailure(
            f"metadata.tags[{index}].name", "has the form of a mark (pulumi:<project>/<stack>); choose another"
        )
        for index, tag in enumerate(tags if isinstance(tags, list) else [])
        if _is_mark(tag)
    ]
    failures += [
        CheckFailure(path, "ends in the form of a mark ([pulumi:<12 hexadecimal digits>]); leave that out")
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
