"""The multipart form of a spec or a release, and the zip in it."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from copy import copy
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from pulumi_press.emulator.api.calls import (
    JSON_LIMIT,
    APIError,
    Artifact,
    Form,
    InvalidRequestError,
    Upload,
    parse_json,
    stream_body,
)
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from pulumi_press.emulator.assumptions import Assumptions, Settings

__all__ = ["CREATE_PARTS", "RELEASE_PARTS", "inspect_zip", "parse_form", "read_form"]

CREATE_PARTS = ("artifact", "spec", "featured", "scope", "autoRunOnDeploy", "tenants", "parameters")
"""Parts of `create_spec`, in the order in which the client sends them."""

RELEASE_PARTS = ("artifact", "spec", "autoRunOnDeploy", "parameters")
"""Parts of `create_spec_release`."""

ZIP = "application/zip"
JSON_PARTS: Mapping[str, tuple[type | None, str]] = {
    "spec": (dict, "an object"),
    "featured": (bool, "true, false or null"),
    "autoRunOnDeploy": (bool, "true, false or null"),
    "tenants": (list, "a list"),
    "parameters": (dict, "an object"),
}
FLAG_PARTS = ("featured", "autoRunOnDeploy")


async def read_form(request: Request, settings: Settings) -> list[tuple[str, str | Upload]]:
    """Return the parts of a form, in the order sent.

    Raises:
        APIError: 400, it is not a form; 413, it is too large; 408, it is not sent.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "multipart/form-data":
        raise APIError(400, f"The body must be multipart/form-data, not {kind.partition(';')[0] or 'none'}.")
    limit = settings.assumptions.artifact_limit + JSON_LIMIT
    source = _Source(stream_body(request, limit, settings.stall))
    parser = _Parser(request.headers, source.pieces(), max_files=2, max_fields=20, max_part_size=JSON_LIMIT)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise source.failure or APIError(400, f"The form cannot be read: {error.message}") from None
    parts = await _take(form)
    if not parser.ended:
        raise APIError(400, "The form cannot be read: its end is missing.")
    return parts


class _Source:
    """Passes the body to the parser, with errors as the parser's own: only after those it closes its files."""

    failure: Exception | None = None

    def __init__(self, pieces: AsyncGenerator[bytes, None]) -> None:
        self._pieces = pieces

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in self._pieces:
                yield piece
        except (APIError, ClientDisconnect) as failure:
            self.failure = failure
            raise MultiPartException(str(failure)) from failure


class _Parser(MultiPartParser):
    """Records whether the last boundary of the form came: without it a part may be missing."""

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


def parse_form(parts: list[tuple[str, str | Upload]], order: tuple[str, ...], *, strict_order: bool) -> Form:
    """Return the form of these parts, without the artifact.

    Args:
        parts: the parts in the order sent.
        order: the parts that the call takes, in their order.
        strict_order: whether they must be in it.

    Raises:
        InvalidRequestError: parts are missing, unknown, repeated, out of order, or invalid.
    """
    names = [name for name, _ in parts]
    failures = [
        CheckFailure(name, f"is not a part of this form; its parts are: {', '.join(order)}")
        for name in names
        if name not in order
    ]
    failures += [CheckFailure(name, "is there more than once") for name in order if names.count(name) > 1]
    known = [name for name in names if name in order]
    if strict_order and known != sorted(known, key=order.index):
        failures.append(
            CheckFailure("", f"The parts must come in the order {', '.join(order)}, not {', '.join(known)}")
        )
    if "spec" not in names:
        failures.append(CheckFailure("spec", "is required"))
    values: dict[str, Any] = {}
    for name, value in parts:
        if name in order:
            values[name] = _read_part(name, value, failures)
    if failures:
        raise InvalidRequestError(failures)
    values.pop("artifact", None)
    values["auto_run"] = values.pop("autoRunOnDeploy", None)
    return Form(**values)


def _read_part(name: str, value: str | Upload, failures: list[CheckFailure]) -> Any:
    if name == "artifact":
        if not isinstance(value, Upload) or value.content_type != ZIP:
            failures.append(CheckFailure(name, f"must be a file of type {ZIP}"))
        return None
    if isinstance(value, Upload):
        failures.append(CheckFailure(name, "must be a text, not a file"))
        return None
    if name == "scope":
        return value
    kind, words = JSON_PARTS[name]
    try:
        read = parse_json(value)
    except ValueError as error:
        failures.append(CheckFailure(name, f"is not JSON: {error}"))
        return None
    if not (type(read) is kind or (name in FLAG_PARTS and read is None)):
        failures.append(CheckFailure(name, f"must be {words}"))
    return read


ARTIFACT = "artifact"
CHUNK = 2**18
COMPRESSIONS = (ZIP_STORED, ZIP_DEFLATED)
"""Compression methods that are accepted: their content is measured while it is read. With other methods zipfile unpacks
a whole block at once."""

MAX_MEMBERS = 100_000
"""A zip with more members is rejected."""


def inspect_zip(content: bytes, assumptions: Assumptions) -> Artifact:
    """Check a zip, its size, its names and every byte of its files, and return it.

    Raises:
        APIError: 413, it is larger than the limit.
        InvalidRequestError: it is not a zip, is broken, or has a member that is not safe to unpack.
    """
    limit = assumptions.artifact_limit
    if len(content) > limit:
        raise APIError(413, f"The artifact is {len(content)} bytes; at most {limit} are allowed.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            failures = list(_check_members(members, assumptions))
            if failures:
                raise InvalidRequestError(failures)
            files = tuple(file for member in members if (file := _describe_member(archive, member)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise InvalidRequestError([CheckFailure(ARTIFACT, f"is not a zip that can be read: {error}")]) from None
    return Artifact(content, hashlib.sha256(content).hexdigest(), tuple(sorted(files, key=lambda file: file["path"])))


def _check_members(members: list[zipfile.ZipInfo], assumptions: Assumptions) -> Iterator[CheckFailure]:
    unpacked = sum(member.file_size for member in members)
    if unpacked > assumptions.unpacked_limit:
        yield CheckFailure(ARTIFACT, f"unpacks to {unpacked} bytes; at most {assumptions.unpacked_limit} are allowed")
    if len(members) > MAX_MEMBERS:
        yield CheckFailure(ARTIFACT, f"has {len(members)} members; at most {MAX_MEMBERS} are allowed")
    seen: set[str] = set()
    for member in members:
        wrong = _member_failure(member)
        if member.filename in seen:
            wrong = "is there twice"
        seen.add(member.filename)
        if wrong:
            yield CheckFailure(ARTIFACT, f"member {member.filename!r} {wrong}")


def _member_failure(member: zipfile.ZipInfo) -> str | None:
    # `orig_filename` is the name before zipfile normalizes it.
    name = member.orig_filename
    if "\0" in name or "\\" in name or not name.strip("/"):
        return "has a name that is not allowed"
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        return "has a name that leaves the folder"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link" if kind == stat.S_IFLNK else "is a pipe, a socket or a device"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.compress_type not in COMPRESSIONS:
        method = member.compress_type
        return f"has compression method {method}; only stored ({ZIP_STORED}) and deflated ({ZIP_DEFLATED}) members pass"
    return None


def _describe_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict[str, Any] | None:
    """Read a member to its end, and return its path, size and digest; None: it is a folder."""
    digest, size = hashlib.sha256(), 0
    # zipfile stops at the size that a member declares: a greater one shows whether there is more.
    beyond = copy(member)
    beyond.file_size += 1
    with archive.open(beyond) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    if size != member.file_size:
        relation = "longer" if size > member.file_size else "shorter"
        raise zipfile.BadZipFile(f"{member.filename!r} is {relation} than it says")
    return None if member.is_dir() else {"path": member.filename, "size": size, "sha256": digest.hexdigest()}
