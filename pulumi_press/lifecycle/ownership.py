"""Which objects belong to which resource of this process, so that no two resources manage one object.

A resource that is renamed without an alias, or replaced, is made anew before the old one is deleted: the new one finds
the object, takes it over, and the deletion of the old one must then leave it alone.
"""

from __future__ import annotations

from pulumi_press.lifecycle.errors import TakenError

__all__ = ["claim", "is_taken_over", "note_owner"]

_owners: dict[tuple[str, str], str] = {}
_taken_over: set[tuple[str, str]] = set()


def note_owner(noun: str, identity: str, owner: str) -> None:
    """Keep in mind which resource manages an object."""
    if owner:
        _owners.setdefault((noun, identity), owner)


def claim(noun: str, identity: str, owner: str) -> None:
    """Take an object over for a resource.

    Raises:
        TakenError: another resource of this program manages it.
    """
    other = _owners.get((noun, identity))
    if other is not None and other != owner:
        name = other.rpartition("::")[2]
        raise TakenError(
            f"metadata.name: the {noun} {identity} is managed by the resource {name!r} of this program already; "
            "declare it once, or use an alias to rename the resource"
        )
    _taken_over.add((noun, identity))
    _owners[noun, identity] = owner


def is_taken_over(noun: str, identity: str) -> bool:
    """Tell whether this process took the object over, so that it must outlive the resource it belonged to before."""
    return (noun, identity) in _taken_over
