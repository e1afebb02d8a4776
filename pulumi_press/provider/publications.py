"""The releases of one spec that a program publishes: their versions differ, and go up in the order that they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.provider.cache import Publication
from pulumi_press.provider.values import get
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = ["find_clashes", "note_spec"]

PATH = "release.version"


def note_spec(olds: Values, news: Values, context: Context) -> None:
    """Keep in mind which release a spec publishes itself: the others of the program come after it."""
    version = get(news, "release.version")
    if isinstance(version, str) and context.urn:
        is_new = version != get(olds, "release.version") or olds.get("kind") != news.get("kind")
        spec = Publication(frozenset({context.urn}), version, is_new, frozenset())
        context.cache.publications[context.urn] = spec


def find_clashes(publication: Publication, context: Context) -> Iterator[CheckFailure]:
    """Find what cannot be of a release beside those that the program declared so far, and keep it in mind.

    Args:
        publication: the release.
        context: the surroundings; the owner is the resource that publishes it.
    """
    known = context.cache.publications
    known[context.urn] = publication
    for owner, other in list(known.items()):
        if owner != context.urn and publication.keys & other.keys and (publication.is_new or other.is_new):
            yield from _compare(publication, other, owner)


def _compare(publication: Publication, other: Publication, owner: str) -> Iterator[CheckFailure]:
    name, version = owner.rpartition("::")[2], versions.parse(publication.version)
    earlier = versions.parse(other.version)
    free = versions.next_patch(max(publication.version, other.version, key=versions.parse))
    if version == earlier:
        yield CheckFailure(
            PATH, f"is that of {name} too, and a spec has each version once; raise one, for example to {free}"
        )
    elif not (publication.is_new and other.is_new) or publication.after is None or other.after is None:
        return
    elif owner in publication.after:
        if version < earlier:
            yield CheckFailure(
                PATH,
                f"is lower than {other.version} of {name}, which is published before it, and versions only go up; "
                f"raise it, for example to {free}",
            )
    else:
        later = "this one" if version > earlier else name
        yield CheckFailure(
            PATH,
            f"may be published before or after {other.version} of {name}, and versions only go up; let {later} wait "
            "for the other: opts=pulumi.ResourceOptions(depends_on=[...])",
        )
