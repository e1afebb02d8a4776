"""Which objects belong to which resource of this process, so that no two resources manage one object.

A resource that is renamed without an alias, or replaced, is made anew before the old one is deleted: the new one finds
the object, takes it over, and the deletion of the old one must then leave it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.lifecycle.errors import TakenError

if TYPE_CHECKING:
    from pulumi_press.lifecycle.context import Context

__all__ = ["claim", "is_taken_over", "note_owner", "refuse_shared"]


def note_owner(noun: str, identity: str, context: Context) -> None:
    """Keep in mind which resource manages an object."""
    if context.owner:
        context.memory.owners.setdefault((noun, identity), context.owner)


def claim(noun: str, identity: str, context: Context) -> None:
    """Take an object over for the resource that the operation is about.

    Raises:
        TakenError: another resource of this program manages it.
    """
    refuse_shared(noun, identity, context)
    context.memory.taken_over.add((noun, identity))
    context.memory.owners[noun, identity] = context.owner


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

    Either this process took it over, or an earlier one did and was ended before it could forget the old resource: then
    the state holds two resources of one object, and the program still declares the other one.
    """
    return (noun, identity) in context.memory.taken_over or bool(_other_owner(noun, identity, context))


def _other_owner(noun: str, identity: str, context: Context) -> str:
    owner = context.memory.owners.get((noun, identity), "")
    return "" if owner == context.owner else owner
