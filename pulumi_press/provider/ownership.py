"""Which objects belong to which resource, so that no two manage one object and none deletes what another still has.

A resource that is renamed without an alias is made anew before the old one is deleted: the new one may find the object
and take it over, and the deletion of the old one must then leave it alone, also in a later run. Other stacks show only
by their marks.
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.marks import find_owner, name_stack
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.intents import Intent
    from pulumi_press.provider.values import Values

__all__ = [
    "CLAIM",
    "claim",
    "has_entry",
    "is_taken_over",
    "keep_claim",
    "note_entry",
    "note_owner",
    "refuse_other_stack",
    "refuse_shared",
    "release_claim",
    "warn_of_other_stack",
]


CLAIM = "__claim"
"""The output that tells the entry of a state which took its object over from any other entry of the same object."""


def note_owner(kind: str, id: str, context: Context) -> None:
    """Keep in mind which resource manages an object: the one that the engine compares with its state."""
    if context.urn:
        context.cache.owners.setdefault((kind, id), context.urn)


def note_entry(request: Request) -> None:
    """Keep in mind that the state has an entry of the resource that the request is about, with its block's name.

    The engine checks a replacement that somebody demands twice: as a change, and then as if nothing were there before.
    """
    if request.old and request.urn:
        request.cache.entries.add(_entry(request.olds, request))


def has_entry(inputs: Values, context: Context) -> bool:
    """Tell whether the state has an entry of the resource with a block of this name, which is what is replaced."""
    return bool(context.urn) and _entry(inputs, context) in context.cache.entries


def claim(kind: str, id: str, outputs: Values, context: Context) -> Values:
    """Take an object over for the resource that the operation is about; give its outputs, which say so.

    It is noted too: a run that fails halfway leaves a state with two entries of the object, and the old one, be it
    another resource's or an old entry of the same, may be deleted by a later run.

    Raises:
        AlreadyExistsError: another resource of this program manages it.
    """
    refuse_shared(kind, id, context)
    context.cache.owners[kind, id] = context.urn
    mark = token_hex(8)
    _holder(kind, id, context).note({"claim": mark})
    return {**outputs, CLAIM: mark}


def keep_claim(olds: Values, news: Values) -> Values:
    """Give new outputs of a resource that has its object from before."""
    return {**news, CLAIM: olds[CLAIM]} if CLAIM in olds else news


def release_claim(kind: str, id: str, context: Context) -> None:
    """Forget who took over an object that is gone."""
    _holder(kind, id, context).forget()


def refuse_shared(kind: str, id: str, context: Context) -> None:
    """Refuse an object that another resource of this program manages.

    Raises:
        AlreadyExistsError: there is such a resource.
    """
    other = _other_owner(kind, id, context)
    if other:
        name = other.rpartition("::")[2]
        raise AlreadyExistsError(
            f"metadata.name: the {kind} {id} is managed by the resource {name!r} of this program already; "
            "declare it once, or use an alias to rename the resource"
        )


def is_taken_over(kind: str, id: str, outputs: Values, context: Context) -> bool:
    """Tell whether the object must outlive the entry of the state that is deleted.

    This run or an earlier one gave it to another entry, and the state may hold both.
    """
    record = _holder(kind, id, context).recall()
    is_old = record is not None and record.get("claim") != outputs.get(CLAIM)
    return is_old or bool(_other_owner(kind, id, context))


def refuse_other_stack(kind: str, live: Any, context: Context) -> None:
    """Refuse to change an object that carries another stack's mark by now.

    Raises:
        AlreadyExistsError: it does.
    """
    if other := _other_stack(live, context):
        raise AlreadyExistsError(
            f"the {kind} carries the mark of the stack {other}, which took it over; nothing was changed. Run `pulumi "
            "state delete` to leave it to that stack, or take that tag off to keep it here"
        )


def warn_of_other_stack(kind: str, live: Any, context: Context) -> bool:
    """Warn of an object that carries another stack's mark by now, and tell whether it does."""
    other = _other_stack(live, context)
    if other:
        context.log(f"the {kind} carries the mark of the stack {other}, which took it over", warning=True)
    return bool(other)


def _other_stack(live: Any, context: Context) -> str:
    own, other = name_stack(context), find_owner(live)
    return other if own and other != own else ""


def _other_owner(kind: str, id: str, context: Context) -> str:
    owner = context.cache.owners.get((kind, id), "")
    return "" if owner == context.urn else owner


def _entry(inputs: Values, context: Context) -> tuple[str, str, str]:
    return (context.urn, str(inputs.get("kind")), str(get(inputs, "metadata.name")))


def _holder(kind: str, id: str, context: Context) -> Intent:
    settings = context.settings()
    return context.intents.find(settings.endpoint, settings.stage, "holder", kind, id)
