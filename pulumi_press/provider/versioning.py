"""The versions of releases: choosing one, and refusing one that cannot be; each spec has each version once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import PressError
from pulumi_press.provider.artifacts import add_description
from pulumi_press.provider.base import CheckResult, has_failures
from pulumi_press.provider.context import Publication
from pulumi_press.provider.fields import describe_reasons, find_changes
from pulumi_press.provider.listings import find_spec
from pulumi_press.provider.metadata import name_stack
from pulumi_press.provider.publishing import (
    CONTENT,
    digest_content,
    is_proven,
)
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import UNKNOWN, Unknown, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.values import Values

__all__ = ["choose_version", "find_clashes", "is_later", "note_spec", "refuse_version"]


PATH = "release.version"


def is_later(live: Values, inputs: Values) -> bool:
    """Return whether the version that is there is higher than the one that is wanted."""
    there, wanted = get(live, "release.version"), get(inputs, "release.version")
    known = isinstance(there, str) and isinstance(wanted, str)
    return known and versions.parse(there) > versions.parse(wanted)


def note_spec(olds: Values, news: Values, context: Context) -> None:
    """Remember which release a spec publishes itself: the others of the program come after it."""
    version = get(news, "release.version")
    if isinstance(version, str) and context.urn:
        is_new = version != get(olds, "release.version") or olds.get("kind") != news.get("kind")
        spec = Publication(frozenset({context.urn}), version, is_new, frozenset())
        context.cache.publications[context.urn] = spec


def find_clashes(publication: Publication, context: Context) -> Iterator[CheckFailure]:
    """Find what cannot be of a release beside those that the program declared so far, and remember it.

    Args:
        publication: the release.
        context: the cache; its URN is the resource that publishes it.
    """
    known = context.cache.publications
    known[context.urn] = publication
    for urn, other in list(known.items()):
        if urn != context.urn and publication.keys & other.keys and (publication.is_new or other.is_new):
            yield from _compare(publication, other, urn)


def _compare(publication: Publication, other: Publication, urn: str) -> Iterator[CheckFailure]:
    name, version = urn.rpartition("::")[2], versions.parse(publication.version)
    earlier = versions.parse(other.version)
    free = versions.next_patch(max(publication.version, other.version, key=versions.parse))
    if version == earlier:
        yield CheckFailure(
            PATH, f"is that of {name} too, and a spec has each version once; raise one, for example to {free}"
        )
    elif not (publication.is_new and other.is_new) or publication.after is None or other.after is None:
        return
    elif urn in publication.after:
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


PATH = "release.version"


def choose_version(olds: Values, news: Values, context: Context) -> tuple[Any, list[CheckFailure]]:
    """Choose the version of the release that the inputs describe.

    Args:
        olds: the checked inputs of last time, empty for a new spec.
        news: the inputs, with the artifact described.
        context: used to learn the service's latest version, only when a next one must be chosen.

    Returns:
        The version, unknown where it depends on what is unknown, and why it cannot be.
    """
    if olds and news.get("kind") != olds.get("kind"):
        # Another kind is another spec, whose releases begin anew.
        if isinstance(news.get("kind"), Unknown):
            return get(news, PATH) or UNKNOWN, []
        olds = {}
    given, released = get(news, PATH), get(olds, PATH)
    if given is not None:
        return given, _refuse(given, released, olds, news, context)
    if released is None:
        return versions.FIRST, []
    changes = find_changes(CONTENT, olds, news)
    if not changes:
        return released, []
    if all(_is_open(path, news) for change in changes for path in change.paths):
        return UNKNOWN, []
    return _choose_next(released, olds, news, context), []


def refuse_version(checked: CheckResult, request: Request) -> list[CheckFailure]:
    """Find what is wrong with a given version beside other mistakes, where they leave that to be told."""
    is_given = get(checked.inputs, PATH) is not None
    if not is_given or not request.knows_outputs or has_failures(checked.failures, "kind", "release", "artifact"):
        return []
    return choose_version(request.olds, add_description(checked.inputs, request), request)[1]


def _refuse(given: Any, released: Any, olds: Values, news: Values, context: Context) -> list[CheckFailure]:
    if isinstance(given, Unknown) or released is None:
        return []
    if versions.parse(given) < versions.parse(released):
        higher = versions.next_patch(released)
        message = f"is lower than the released {released}; versions only go up: raise it, for example to {higher}"
        return [CheckFailure(PATH, message)]
    if given != released:
        return _refuse_build(given, released, olds, news, context)
    paths = [path for change in find_changes(CONTENT, olds, news) for path in change.paths if not _is_open(path, news)]
    if not paths:
        return []
    reasons = describe_reasons(paths, olds, news)
    free = versions.next_patch(_find_latest(given, olds, news, context)[1])
    message = (
        f"is {given} still, but the content of that release changed ({reasons}); "
        f"raise it to {free}, or leave it out, of ignore_changes too, to have it chosen"
    )
    return [CheckFailure(PATH, message)]


def _refuse_build(given: str, released: str, olds: Values, news: Values, context: Context) -> list[CheckFailure]:
    """Refuse a version that the service takes for the one before."""
    if versions.parse(given) != versions.parse(released):
        return []
    free = versions.next_patch(_find_latest(released, olds, news, context)[1])
    return [CheckFailure(PATH, versions.describe_twin(released, free))]


def _is_open(path: str, news: Values) -> bool:
    """Return whether a changed leaf may turn out not to be changed, since its value is not known yet."""
    # Leaves inside lists or with odd names are looked up by their nearest plain ancestor.
    return contains_unknown(get(news, path.partition("[")[0]))


def _choose_next(released: str, olds: Values, news: Values, context: Context) -> str:
    """Choose the next version, or the latest one where an ended run published it."""
    spec_id, latest, live = _find_latest(released, olds, news, context)
    if latest != released and _is_own(spec_id, live, latest, news, context):
        return latest
    return versions.next_patch(latest)


def _is_own(spec_id: str, live: Values | None, latest: str, news: Values, context: Context) -> bool:
    """Return whether a run of this stack published just this content: by its note, or by the mark on the release."""
    if context.intent("release", spec_id, latest).holds(digest_content(news)):
        return True
    return bool(name_stack(context)) and is_proven(get(live, "latestRelease") or {}, news)


def _find_latest(released: str, olds: Values, news: Values, context: Context) -> tuple[str, str, Values | None]:
    """Return the spec's id, its latest version and what the listing says.

    Somebody else, or another resource, may have published since.
    """
    try:
        live = find_spec(context.client, olds)
        if live is None and isinstance(name := get(news, "metadata.name"), str):
            # A run that was ended halfway may have renamed it already.
            live = find_spec(context.client, put(olds, "metadata.name", name))
    except PressError as error:
        context.log(f"the latest release cannot be read, so the next version may exist already: {error}", warning=True)
        return "", released, None
    latest = get(live, "latestRelease.version")
    latest = max(released, latest, key=versions.parse) if isinstance(latest, str) else released
    return str(get(live, "id")), latest, live
