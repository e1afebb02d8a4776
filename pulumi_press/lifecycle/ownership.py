"""Which objects belong to which resource, so that no two manage one object and none deletes what another still has.

A resource that is renamed without an alias is made anew before the old one is deleted: the new one may find the object
and take it over, and the deletion of the old one must then leave it alone, also in a later run. Other stacks show only
by their marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.lifecycle.errors import TakenError
from pulumi_press.lifecycle.intents import digest
from pulumi_press.lifecycle.marks import find_owner, name_stack

if TYPE_CHECKING:
    from pulumi_press.lifecycle.context import Context
    from pulumi_press.lifecycle.intents import Intent

__all__ = [
    "claim",
    "is_taken_over",
    "note_owner",
    "refuse_other_stack",
    "refuse_shared",
    "release_claim",
    "warn_of_other_stack",
]


def note_owner(noun: str, identity: str, context: Context, *, is_unchanged: bool = False) -> None:
    """Keep in mind which resource manages an object: the one that the engine compares with its state.

    Args:
        noun: the kind of object.
        identity: its id.
        context: the surroundings.
        is_unchanged: whether the engine was told that nothing changed, and so lets it live.
    """
    if not context.owner:
        return
    if is_unchanged:
        context.memory.unchanged.add((noun, identity))
    context.memory.owners.setdefault((noun, identity), context.owner)
    holder = _holder(noun, identity, context)
    # The resource that took the object over may have another name by now, through an alias.
    if holder.recall() is not None and not _is_held_by(holder, context.owner):
        holder.note({"urn": digest(context.owner)})


def claim(noun: str, identity: str, context: Context) -> None:
    """Take an object over for the resource that the operation is about.

    It is noted too: a run that fails halfway leaves a state with both resources, and the old one may be deleted later.

    Raises:
        TakenError: another resource of this program manages it.
    """
    refuse_shared(noun, identity, context)
    context.memory.taken_over.add((noun, identity))
    context.memory.owners[noun, identity] = context.owner
    if context.owner:
        _holder(noun, identity, context).note({"urn": digest(context.owner)})


def release_claim(noun: str, identity: str, context: Context) -> None:
    """Forget who took over an object that is gone."""
    _holder(noun, identity, context).forget()


def refuse_shared(noun: str, identity: str, context: Context) -> None:
    """Refuse an object that another resource of this program manages.

    Raises:
        TakenError: there is such a resource.
    """
    other = _other_owner(noun, identity, context)
    if other:
        name = other.rpartition("::")[2]
        raise TakenError(
            f"metadata.name: the {noun} {identity} is managed by the resource {name!r} of this program already; "
            "declare it once, or use an alias to rename the resource"
        )


def is_taken_over(noun: str, identity: str, context: Context) -> bool:
    """Tell whether the object must outlive the resource that the operation is about.

    This process or an earlier one gave it to another resource, and the state may hold both.
    """
    holder = _holder(noun, identity, context)
    return (
        (noun, identity) in context.memory.taken_over
        or bool(_other_owner(noun, identity, context))
        or (holder.recall() is not None and not _is_held_by(holder, context.owner))
        # The resource took over what its own old entry still names: what lives on is not to be deleted with that one.
        or ((noun, identity) in context.memory.unchanged and _is_held_by(holder, context.owner))
    )


def refuse_other_stack(noun: str, live: Any, context: Context) -> None:
    """Refuse to change an object that carries another stack's mark by now.

    Raises:
        TakenError: it does.
    """
    if other := _other_stack(live, context):
        raise TakenError(
            f"the {noun} carries the mark of the stack {other}, which took it over; nothing was changed. Run `pulumi "
            "state delete` to leave it to that stack, or take that tag off to keep it here"
        )


def warn_of_other_stack(noun: str, live: Any, context: Context) -> bool:
    """Warn of an object that carries another stack's mark by now, and tell whether it does."""
    other = _other_stack(live, context)
    if other:
        context.tell(f"the {noun} carries the mark of the stack {other}, which took it over", warning=True)
    return bool(other)


def _other_stack(live: Any, context: Context) -> str:
    own, other = name_stack(context), find_owner(live)
    return other if own and other != own else ""


def _other_owner(noun: str, identity: str, context: Context) -> str:
    owner = context.memory.owners.get((noun, identity), "")
    return "" if owner == context.owner else owner


def _holder(noun: str, identity: str, context: Context) -> Intent:
    settings = context.settings()
    return context.intents.find(settings.endpoint, settings.stage, "holder", noun, identity)


def _is_held_by(holder: Intent, owner: str) -> bool:
    record = holder.recall()
    return record is not None and record.get("urn") == digest(owner)
