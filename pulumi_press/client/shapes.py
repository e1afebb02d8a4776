"""The shape of each answer: what the provider reads of it, and of that what it cannot go on without.

Whatever else an answer holds is passed on as it came. A field that may be left out may also be null.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi_press.client.answers import Json, Shape, WrongShape, tells_of_an_error
from pulumi_press.client.checks import (
    anything,
    each,
    fields,
    flag,
    maybe,
    number,
    shaped,
    text,
    version,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "AN_OBJECT",
    "CREATED",
    "DEPLOYMENT",
    "PARAMETERS",
    "RELEASE",
    "RELEASED",
    "REVISED",
    "REVISION",
    "SPEC",
    "blocks_of",
    "changed",
    "page_of",
    "parent_of",
    "patched",
]

_METADATA = {
    "name": text,
    **dict.fromkeys(("title", "summary", "description", "descriptionContentType", "imageUrl"), maybe(words)),
    "tags": maybe(each(fields(name=text))),
}
_PARAMETER = fields(
    name=text,
    type=maybe(text),
    required=maybe(flag),
    title=maybe(words),
    description=maybe(words),
    hideValue=maybe(flag),
    options=maybe(each(fields(title=maybe(words)))),
)
_DECLARED = maybe(each(_PARAMETER))
_CONTENT = {
    "config": fields(),
    "parameters": maybe(fields(build=_DECLARED, run=_DECLARED)),
    "notes": maybe(words),
    "autoRunOnDeploy": maybe(flag),
}
_LATEST_RELEASE = {**_CONTENT, "config": maybe(fields()), "version": version}
_SPEC = {
    "id": text,
    "kind": text,
    "metadata": fields(**_METADATA),
    "featured": maybe(flag),
    "scope": maybe(text),
    "tenants": maybe(each(text)),
}
_RESOURCE = fields(
    name=maybe(words),
    kind=maybe(words),
    status=maybe(words),
    errors=maybe(each(fields(message=maybe(words)))),
)
_LATEST_REVISION = {
    "revision": number,
    "status": maybe(text),
    "notes": maybe(words),
    "resources": maybe(each(_RESOURCE)),
}
_RUN = maybe(fields(run=maybe(each(anything))))  # What is in the list is documented nowhere.
_DEPLOYMENT = {"id": text, "metadata": fields(**_METADATA, status=text), "latestRevision": fields(**_LATEST_REVISION)}

AN_OBJECT: Shape[Json] = shaped(fields())
"""Any object."""

CREATED: Shape[Json] = shaped(fields(id=text))
"""What a create answers: the new id."""

SPEC: Shape[Json] = shaped(
    fields(**_SPEC, latestRelease=fields(**_LATEST_RELEASE), parameters=_CONTENT["parameters"]),
)
"""A spec with its latest release."""

RELEASED: Shape[Json] = shaped(fields(id=text, release=fields(version=version)))
"""What publishing a release answers: the spec's id, and the version."""

RELEASE: Shape[Json] = shaped(fields(id=maybe(text), **_CONTENT))
"""A release. It is not documented to say its own version."""

DEPLOYMENT: Shape[Json] = shaped(
    fields(
        **_DEPLOYMENT,
        spec=fields(id=text, release=maybe(fields(currentVersion=maybe(version), latestVersion=maybe(version)))),
        parameters=_RUN,
    )
)
"""A deployment with its latest revision."""

REVISED: Shape[Json] = shaped(fields(revision=number))
"""What making a revision answers: its number."""

REVISION: Shape[Json] = shaped(
    fields(id=maybe(text), **_LATEST_REVISION, spec=fields(release=fields(version=version)), parameters=_RUN),
)
"""A revision with the release that it runs."""

PARAMETERS: Shape[Json] = AN_OBJECT
"""Run parameters by name, so any object."""


def page_of(key: str) -> Shape[Json]:
    """Shape: one page of a listing, with its items under `key` and the number of pages under `pageCount`.

    Items are any objects: one that is odd must not keep anybody from all others.
    """
    return shaped(fields(**{key: each(fields())}, pageCount=partial(number, least=0)))


def changed(answer: Any) -> Json:
    """Shape: what a change or a deletion answers, if it answers anything; `{}` for nothing.

    Nobody reads it, so it may be any object, except one that tells of an error.
    """
    if answer is None:
        return {}
    if tells_of_an_error(answer):
        raise WrongShape("the status says that it went well, and the answer that it did not")
    return AN_OBJECT(answer)


def patched(names: Collection[str]) -> Shape[Json]:
    """Shape: what a change of the run parameters with these names answers. A parameter may be named as errors are."""

    def shape(answer: Any) -> Json:
        is_told = isinstance(answer, dict) and any(name in answer for name in names)
        return AN_OBJECT(answer) if is_told else changed(answer)

    return shape


def parent_of(answer: Any) -> str | None:
    """Shape: the id of the app that a deployment belongs to, or None."""
    fields(parent=maybe(fields(id=text)))(answer, "")
    parent: Json = answer.get("parent") or {}
    return parent.get("id")


def blocks_of(answer: Any) -> list[Json]:
    """Shape: the blocks of an app's latest revision, in the SDK's own words."""
    fields(latestRevision=fields(blocks=each(fields(**dict.fromkeys(_BLOCK.values(), anything)))))(answer, "")
    return [{ours: block[theirs] for ours, theirs in _BLOCK.items()} for block in answer["latestRevision"]["blocks"]]


_BLOCK = {"id": "deploymentId", "resource_id": "platformId", "kind": "kind", "name": "name", "status": "status"}
