"""The `multipart/form-data` body of `create_spec` and `create_spec_release`, read from disk as it is sent.

Iterating it again gives the same bytes again, so a request can be tried a second time. It has a length, so it is never
sent chunked. Only a small buffer of it is in memory at any time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Form"]

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Form:
    """An artifact, if there is one, and text parts in their order.

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
        """Measure the artifact, once."""
        try:
            size = 0 if self.artifact is None else self.artifact.stat().st_size
        except OSError as error:
            raise _unreadable(self.artifact, error) from None
        object.__setattr__(self, "artifact_size", size)  # The class is frozen; this is part of making it.

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __len__(self) -> int:
        """Return the number of bytes of the whole body."""
        return len(self._head()) + self.artifact_size + len(self._tail())

    def __iter__(self) -> Iterator[bytes]:
        """Give the body from its beginning, in pieces."""
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
        # An OSError must not leave from here: while a body is sent, it would pass for a broken connection.
        try:
            with path.open("rb") as file:
                while left and (chunk := file.read(min(_CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise _unreadable(path, error) from None
        if left:
            raise InvalidArgument(f"the packed artifact {path} became smaller while it was sent")

    def _tail(self) -> bytes:
        end_of_artifact = "\r\n" if self.artifact is not None else ""
        parts = "".join(
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in self.fields
        )
        return f"{end_of_artifact}{parts}--{self.boundary}--\r\n".encode()


def _unreadable(path: Path | None, error: OSError) -> InvalidArgument:
    return InvalidArgument(f"the packed artifact {path} cannot be read: {error.strerror or error}")
