"""The multipart form of a spec or a release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from pulumi_press.emulator.bodies import GONE, JSON_LIMIT, parse, stream
from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from pulumi_press.emulator.artifacts import Artifact
    from pulumi_press.emulator.settings import Settings

__all__ = ["CREATE", "RELEASE", "Form", "Upload", "read_form", "understand"]

CREATE = ("artifact", "spec", "featured", "scope", "autoRunOnDeploy", "tenants", "parameters")
"""Parts of `create_spec`, in the order in which the client sends them."""

RELEASE = ("artifact", "spec", "autoRunOnDeploy", "parameters")
"""Parts of `create_spec_release`."""

ZIP = "application/zip"
JSON_PARTS: Mapping[str, tuple[type | None, str]] = {
    "spec": (dict, "an object"),
    "featured": (bool, "true, false or null"),
    "autoRunOnDeploy": (bool, "true, false or null"),
    "tenants": (list, "a list"),
    "parameters": (dict, "an object"),
}
FLAGS = ("featured", "autoRunOnDeploy")


@dataclass(frozen=True)
class Upload:
    """A file of a form, as it came."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """What a form says. What was not sent is None or empty.

    Args:
        spec: body of the call.
        featured: as sent; the text `null` is None.
        scope: as sent.
        auto_run: as `featured`.
        tenants: as sent.
        parameters: what the release declares.
        artifact: the zip, once it was looked through.
    """

    spec: Any
    featured: bool | None = None
    scope: str | None = None
    auto_run: bool | None = None
    tenants: Any = ()
    parameters: Any = field(default_factory=dict)
    artifact: Artifact | None = None


async def read_form(request: Request, settings: Settings) -> list[tuple[str, str | Upload]]:
    """Read the parts of a form, in the order sent.

    Raises:
        Refusal: 400, it is no form; 413, it is too large; 408, it does not come.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "multipart/form-data":
        raise Refusal(400, f"The body must be multipart/form-data, not {kind.partition(';')[0] or 'none'}.")
    limit = settings.assumptions.artifact_limit + JSON_LIMIT
    source = _Source(stream(request, limit, settings.stall))
    parser = _Parser(request.headers, source.pieces(), max_files=2, max_fields=20, max_part_size=JSON_LIMIT)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise source.failure or Refusal(400, f"The form cannot be read: {error.message}") from None
    parts = await _take(form)
    if not parser.ended:
        raise Refusal(400, "The form cannot be read: its end is missing.")
    return parts


class _Source:
    """Gives the parser its bytes, and keeps what went wrong: only after an error of its own does it close its files."""

    failure: Exception | None = None

    def __init__(self, pieces: AsyncGenerator[bytes, None]) -> None:
        self._pieces = pieces

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in self._pieces:
                yield piece
        except (Refusal, GONE) as failure:
            self.failure = failure
            raise MultiPartException(str(failure)) from failure


class _Parser(MultiPartParser):
    """Knows whether the form's last boundary came: without it, a part may be missing."""

    ended = False

    def on_end(self) -> None:
        self.ended = True


async def _take(form: FormData) -> list[tuple[str, str | Upload]]:
    parts: list[tuple[str, str | Upload]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            upload = Upload(value.filename or "", value.content_type or "", await value.read())
            parts.append((name, upload))
        else:
            parts.append((name, value))
    await form.close()
    return parts


def understand(parts: list[tuple[str, str | Upload]], order: tuple[str, ...], *, strict_order: bool) -> Form:
    """Make sense of the parts, all but the artifact.

    Args:
        parts: the parts in the order sent.
        order: the parts that the call has, in their order.
        strict_order: whether they must come in it.

    Raises:
        Mistaken: parts are missing, unknown, there twice, out of order, or not what they should be.
    """
    names = [name for name, _ in parts]
    mistakes = [
        CheckFailure(name, f"is no part of this form; there are: {', '.join(order)}")
        for name in names
        if name not in order
    ]
    mistakes += [CheckFailure(name, "is there more than once") for name in order if names.count(name) > 1]
    known = [name for name in names if name in order]
    if strict_order and known != sorted(known, key=order.index):
        mistakes.append(
            CheckFailure("", f"The parts must come in the order {', '.join(order)}, not {', '.join(known)}")
        )
    if "spec" not in names:
        mistakes.append(CheckFailure("spec", "is required"))
    values: dict[str, Any] = {}
    for name, value in parts:
        if name in order:
            values[name] = _read_part(name, value, mistakes)
    if mistakes:
        raise Mistaken(mistakes)
    values.pop("artifact", None)
    values["auto_run"] = values.pop("autoRunOnDeploy", None)
    return Form(**values)


def _read_part(name: str, value: str | Upload, mistakes: list[CheckFailure]) -> Any:
    if name == "artifact":
        if not isinstance(value, Upload) or value.content_type != ZIP:
            mistakes.append(CheckFailure(name, f"must be a file of type {ZIP}"))
        return None
    if isinstance(value, Upload):
        mistakes.append(CheckFailure(name, "must be a text, not a file"))
        return None
    if name == "scope":
        return value
    kind, words = JSON_PARTS[name]
    try:
        read = parse(value)
    except ValueError as error:
        mistakes.append(CheckFailure(name, f"is not JSON: {error}"))
        return None
    if not (type(read) is kind or (name in FLAGS and read is None)):
        mistakes.append(CheckFailure(name, f"must be {words}"))
    return read
