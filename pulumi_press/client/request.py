"""One request: where it goes, what it carries, and whether it may be sent twice."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["STAGES", "Form", "Request", "base_url", "encode_query", "json_text", "new_request", "url_path"]

_HOSTS = {
    "prod": "press.peak.ai",
    "dev": "press.dev.peak.ai",
    "latest": "press.dev.peak.ai",
    "test": "press.test.peak.ai",
    "beta": "press.beta.peak.ai",
    "parvati": "press.parvati.peak.ai",
}

STAGES = tuple(_HOSTS)
"""The stages there are, in lower case only. `latest` is another name of `dev`."""


def base_url(endpoint: str | None = None, stage: str | None = None) -> str:
    """Return the URL that every path is appended to, without a slash at its end.

    Args:
        endpoint: An http or https URL, perhaps with a path in front of the API's own. Wins over `stage`.
        stage: One of `STAGES`. Default: `prod`.

    Raises:
        InvalidArgument: The endpoint is not such a URL, or there is no such stage.
    """
    if endpoint is not None:
        return _checked(endpoint)
    stage = "prod" if stage is None else stage
    if stage not in _HOSTS:
        raise InvalidArgument(f"stage {stage!r} does not exist: it is one of {', '.join(STAGES)}, in lower case")
    return f"https://{_HOSTS[stage]}"


def _checked(endpoint: str) -> str:
    if "@" in endpoint:  # First, and without the value: it may hold a password.
        raise InvalidArgument("the endpoint must not hold a user name or password: remove everything up to the @")
    example = "give a URL such as https://press.peak.ai"
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # A port that is no number, or a broken IPv6 address.
        raise InvalidArgument(f"endpoint {endpoint!r} is not a URL ({error}): {example}") from None
    if not usable or not endpoint.isprintable() or " " in endpoint:
        raise InvalidArgument(f"endpoint {endpoint!r} is not an http or https URL with a host: {example}")
    if "?" in endpoint or "#" in endpoint:
        raise InvalidArgument(f"endpoint {endpoint!r} must end with its path: remove everything from the ? or # on")
    return endpoint.rstrip("/")


_SAFE_TO_REPEAT = frozenset({"GET", "PATCH", "DELETE"})

QueryValue = str | int | bool | Sequence[str] | None


@dataclass(frozen=True)
class Request:
    """One request."""

    method: str
    path: str
    """Escaped, from the first slash on, without the query."""
    query: tuple[tuple[str, str], ...]
    body: bytes | Form
    writes: bool
    """Whether it changes something on the service."""

    @property
    def idempotent(self) -> bool:
        """Whether it may be sent again after it may have been carried out."""
        return not self.writes or self.method in _SAFE_TO_REPEAT

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return self.body.content_type if isinstance(self.body, Form) else "application/json"

    def with_query(self, **values: QueryValue) -> Request:
        """Return the same request with more query keys."""
        return replace(self, query=self.query + encode_query(values))


def new_request(
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | Form | None = None,
    query: Mapping[str, QueryValue] | None = None,
    dry_run: bool = False,
) -> Request:
    """Return a request. Without a body, `{}` is sent, on GET and DELETE too, as the SDK does.

    `dry_run` marks a POST that changes nothing.

    Raises:
        InvalidArgument: The body cannot be written as JSON.
    """
    sent = body if isinstance(body, Form) else json_text(body or {}, "body").encode("ascii")
    return Request(method, path, encode_query(query or {}), sent, writes=method != "GET" and not dry_run)


def json_text(value: Any, name: str) -> str:
    """Return JSON as the SDK writes it: ASCII only, one space after commas and colons.

    Raises:
        InvalidArgument: The value holds something that JSON cannot express, such as NaN or a date.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise InvalidArgument(f"{name} cannot be written as JSON: {reason}")


def encode_query(values: Mapping[str, QueryValue]) -> tuple[tuple[str, str], ...]:
    """Return query pairs: a list as repeated keys, nothing for None and an empty list, and `True` or `False`."""
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        if value is None:
            continue
        items = (value,) if isinstance(value, (str, int)) else value
        pairs += [(key, str(item)) for item in items]
    return tuple(pairs)


def url_path(template: str, **ids: str | int) -> str:
    """Return a path with ids filled in, escaped so that none can lead to another path.

    Raises:
        InvalidArgument: An id is empty, is not text or a whole number, or holds a segment `.` or `..`, which
            cannot be escaped: proxies and servers normalize URLs.
    """
    return template.format(**{name: _segment(name, value) for name, value in ids.items()})


def _segment(name: str, value: str | int) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InvalidArgument(f"{name} must be text, not {type(value).__name__}")
    text = str(value)
    if not text.strip():
        raise InvalidArgument(f"{name} is empty")
    if any(piece in {".", ".."} for piece in text.replace("\\", "/").split("/")):
        raise InvalidArgument(f"{name} {text!r} is not an id: it would lead to another path")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        pass
    raise InvalidArgument(f"{name} {text!r} is not an id: it holds half of a surrogate pair")


_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Form:
    """The `multipart/form-data` body of a new spec or release: an artifact, if there is one, and text parts in order.

    It is read from disk while it is sent, in small pieces. Iterating it again yields the same bytes, so a request can
    be retried, and it has a length, so it is never sent chunked.

    Raises:
        InvalidArgument: The packed artifact cannot be read, or its size changed while it was sent.
    """

    fields: tuple[tuple[str, str], ...]
    """Name and text of each part after the artifact."""
    artifact: Path | None = None
    """The packed artifact, a zip file."""
    boundary: str = field(default_factory=lambda: uuid.uuid4().hex)
    """32 hexadecimal digits."""
    artifact_size: int = field(init=False)
    """In bytes."""

    def __post_init__(self) -> None:
        """Read the size of the artifact, once."""
        try:
            size = 0 if self.artifact is None else self.artifact.stat().st_size
        except OSError as error:
            raise _unreadable(self.artifact, error) from None
        object.__setattr__(self, "artifact_size", size)  # The class is frozen; this is part of its construction.

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __len__(self) -> int:
        """Return the number of bytes of the whole body."""
        return len(self._head()) + self.artifact_size + len(self._tail())

    def __iter__(self) -> Iterator[bytes]:
        """Yield the body from its beginning, in pieces."""
        if self.artifact is not None:
            yield self._head()
            yield from self._packed(self.artifact)
        yield self._tail()

    def _head(self) -> bytes:
        if self.artifact is None:
            return b""
        head = (
            'Content-Disposition: form-data; name="artifact"; filename="artifact.zip"\r\nContent-Type: application/zip'
        )
        return f"--{self.boundary}\r\n{head}\r\n\r\n".encode()

    def _packed(self, path: Path) -> Iterator[bytes]:
        left = self.artifact_size
        # Not an OSError: while a body is sent, that would be taken for a broken connection.
        try:
            with path.open("rb") as file:
                while left and (chunk := file.read(min(_CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise _unreadable(path, error) from None
        if left:
            raise InvalidArgument(f"the packed artifact {path} was truncated while it was sent")

    def _tail(self) -> bytes:
        end_of_artifact = "\r\n" if self.artifact is not None else ""
        parts = "".join(
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in self.fields
        )
        return f"{end_of_artifact}{parts}--{self.boundary}--\r\n".encode()


def _unreadable(path: Path | None, error: OSError) -> InvalidArgument:
    return InvalidArgument(f"the packed artifact {path} cannot be read: {error.strerror or error}")
