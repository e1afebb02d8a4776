"""The response of each call: its JSON, and the shape that the provider relies on.

Whatever else a response holds is passed on as it came. A field that may be left out may also be null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.request import url_path
from pulumi_press.schema.plain import is_text

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
    "Check",
    "Json",
    "Shape",
    "ShapeError",
    "anything",
    "blocks_of",
    "changed",
    "each",
    "fields",
    "flag",
    "identity",
    "is_error",
    "maybe",
    "number",
    "page_of",
    "parent_of",
    "patched",
    "read_json",
    "shaped",
    "text",
    "version",
    "why_unusable",
    "words",
]

Json = dict[str, Any]
T = TypeVar("T")
Shape = Callable[[Any], T]
"""Takes the JSON of a response and returns what the caller gets, or raises `ShapeError`."""


_ERROR_FIELDS = frozenset({"detail", "error", "errors"})
_OF_AN_ERROR = _ERROR_FIELDS | {"code", "message", "path", "reason", "requestId", "status", "statusCode", "success"}


class ShapeError(ValueError):
    """The response does not have the documented shape; the message says how it differs."""


def read_json(body: bytes) -> Any:
    """Return the JSON of a 2xx body, whatever its content type. An empty body is None, as `null` is.

    Half of a surrogate pair, which JSON can hold and no encoding of text can, becomes U+FFFD.

    Raises:
        ShapeError: It is not JSON, or holds an infinite number.
    """
    if not body.strip():
        return None
    try:
        value = _parse(body)
        if b"\\u" in body or b"\xed" in body:
            text = json.dumps(value, ensure_ascii=False)
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            value = value if whole == text else _parse(whole)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError.
        reason = str(error)
    else:
        return value
    raise ShapeError(f"not JSON ({reason})")


def _parse(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_finite_int)


def is_error(body: Any) -> bool:
    """Return whether a body holds nothing but an error, whatever the status of its response."""
    return isinstance(body, dict) and bool(_ERROR_FIELDS & set(body)) and set(body) <= _OF_AN_ERROR


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _finite_int(digits: str) -> int:
    _finite(digits)
    return int(digits)


Check = Callable[[Any, str], None]
"""Takes a value and its path in the response, and raises `ShapeError` if it is not as expected."""

_ABSENT: Any = object()

_REPLACEMENT = "\ufffd"
"""What `read_json` makes of half of a surrogate pair."""

_LARGEST = 2**53
"""The largest whole number that every program represents exactly."""

_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    float: "a fractional number",
}


def shaped(check: Check) -> Shape[Json]:
    """Return the shape of a response that passes a check. What the check does not name is kept as it is."""

    def shape(body: Any) -> Json:
        check(body, "")
        given: Json = body
        return given

    return shape


def fields(**checks: Check) -> Check:
    """Return a check for an object whose named fields pass their checks."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(value, at, "an object")
        for name, inner in checks.items():
            inner(value.get(name, _ABSENT), f"{at}.{name}" if at else name)

    return check


def each(inner: Check) -> Check:
    """Return a check for a list whose items all pass a check."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise _wrong(value, at, "a list")
        for index, item in enumerate(value):
            inner(item, f"{at}[{index}]")

    return check


def maybe(inner: Check) -> Check:
    """Return a check for a value that passes a check, is null or is absent."""

    def check(value: Any, at: str) -> None:
        if value is not _ABSENT and value is not None:
            inner(value, at)

    return check


def text(value: Any, at: str) -> None:
    """Check for text that is not empty, such as a name or an id."""
    if not is_text(value):
        raise _wrong(value, at, "text")


_LONGEST_ID = 255  # characters; the service's own ids have 36


def identity(value: Any, at: str) -> None:
    """Check for an id: text that can be part of a request's path, and that a state and a message can hold."""
    text(value, at)
    if not value.strip():
        raise ShapeError(f"{at} is blank")
    if len(value) > _LONGEST_ID:
        raise ShapeError(f"{at} has {len(value)} characters, more than the {_LONGEST_ID} of an id")
    if not value.isprintable() or _REPLACEMENT in value:
        raise ShapeError(f"{at} holds a character that no id has: one that cannot be seen, or half of a surrogate pair")
    try:
        url_path("{id}", id=value)
    except InvalidArgument:
        raise ShapeError(f"{at} would lead to another path") from None


def why_unusable(item: Json) -> str:
    """Return what is wrong with the id of an item of a listing, which is listed all the same; empty if nothing is."""
    try:
        identity(item.get("id", _ABSENT), "id")
    except ShapeError as error:
        return str(error)
    return ""


def words(value: Any, at: str) -> None:
    """Check for text, perhaps empty."""
    if not isinstance(value, str):
        raise _wrong(value, at, "text")


def version(value: Any, at: str) -> None:
    """Check for a semantic version."""
    from pulumi_press.schema import versions  # Late: most responses hold no version.

    text(value, at)
    try:
        versions.parse(value)
    except ValueError:
        pass
    else:
        return
    raise ShapeError(f"{at} is not a semantic version")


def number(value: Any, at: str, least: int = 1) -> None:
    """Check for a whole number of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(value, at, "a whole number")
    if value < least:
        raise ShapeError(f"{at} is below {least}")
    if value > _LARGEST:
        raise ShapeError(f"{at} is above {_LARGEST}")


def flag(value: Any, at: str) -> None:
    """Check for true or false."""
    if not isinstance(value, bool):
        raise _wrong(value, at, "true or false")


def anything(value: Any, at: str) -> None:
    """Check that there is a value, of any type."""
    if value is _ABSENT:
        raise _wrong(value, at, "")


def _wrong(value: Any, at: str, expected: str) -> ShapeError:
    if value is _ABSENT:
        return ShapeError(f"{at} is missing")
    found = "nothing" if value is None or value == "" else _NAMES.get(type(value), type(value).__name__)
    if not at:
        return ShapeError(f"a JSON object was expected, not {found}")
    return ShapeError(f"{at} should be {expected}, not {found}")


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
    "id": identity,
    "kind": text,
    "metadata": fields(**_METADATA, status=maybe(text)),
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
_RUN = maybe(fields(run=maybe(each(anything))))  # The items are not documented.
_DEPLOYMENT = {
    "id": identity,
    "metadata": fields(**_METADATA, status=text),
    "latestRevision": fields(**_LATEST_REVISION),
}

AN_OBJECT: Shape[Json] = shaped(fields())
"""Any object."""

CREATED: Shape[Json] = shaped(fields(id=identity))
"""What a create returns: the new id."""

SPEC: Shape[Json] = shaped(
    fields(**_SPEC, latestRelease=fields(**_LATEST_RELEASE), parameters=_CONTENT["parameters"]),
)
"""A spec with its latest release."""

RELEASED: Shape[Json] = shaped(fields(id=identity, release=fields(version=version)))
"""What publishing a release returns: the spec's id, and the version."""

RELEASE: Shape[Json] = shaped(fields(id=maybe(identity), **_CONTENT))
"""A release. Its own version is not documented to be part of it."""

DEPLOYMENT: Shape[Json] = shaped(
    fields(
        **_DEPLOYMENT,
        spec=fields(id=identity, release=maybe(fields(currentVersion=maybe(version), latestVersion=maybe(version)))),
        parameters=_RUN,
    )
)
"""A deployment with its latest revision."""

REVISED: Shape[Json] = shaped(fields(revision=number))
"""What making a revision returns: its number."""

REVISION: Shape[Json] = shaped(
    fields(id=maybe(identity), **_LATEST_REVISION, spec=fields(release=fields(version=version)), parameters=_RUN),
)
"""A revision with the release that it runs."""

PARAMETERS: Shape[Json] = AN_OBJECT
"""Run parameters by name, so any object."""


def page_of(key: str) -> Shape[Json]:
    """Shape: one page of a listing, with its items under `key` and the number of pages under `pageCount`.

    Items are any objects: a malformed one must not hide all others.
    """
    return shaped(fields(**{key: each(fields())}, pageCount=partial(number, least=0)))


def changed(body: Any) -> Json:
    """Shape: what a change or a deletion returns; `{}` for an empty response.

    It is not read, so it may be any object except an error.
    """
    if body is None:
        return {}
    if is_error(body):
        raise ShapeError("the status reports success, but the body reports an error")
    return AN_OBJECT(body)


def patched(names: Collection[str]) -> Shape[Json]:
    """Shape: what a change of the run parameters with these names returns. A parameter may be named as errors are."""

    def shape(body: Any) -> Json:
        is_parameters = isinstance(body, dict) and any(name in body for name in names)
        return AN_OBJECT(body) if is_parameters else changed(body)

    return shape


def parent_of(body: Any) -> str | None:
    """Shape: the id of the app that a deployment belongs to, or None."""
    fields(parent=maybe(fields(id=identity)))(body, "")
    parent: Json = body.get("parent") or {}
    return parent.get("id")


def blocks_of(body: Any) -> list[Json]:
    """Shape: the blocks of an app's latest revision, under the SDK's names."""
    fields(latestRevision=fields(blocks=each(fields(**dict.fromkeys(_BLOCK.values(), anything)))))(body, "")
    return [{ours: block[theirs] for ours, theirs in _BLOCK.items()} for block in body["latestRevision"]["blocks"]]


_BLOCK = {"id": "deploymentId", "resource_id": "platformId", "kind": "kind", "name": "name", "status": "status"}
