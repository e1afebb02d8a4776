"""Artifacts: zips, looked through before they are kept."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
import zlib
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED

from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.press import Press

__all__ = ["Artifact", "inspect", "keep"]

PART = "artifact"
CHUNK = 2**18
METHODS = (ZIP_STORED, ZIP_DEFLATED)
"""How members may be compressed: what these unpack to is measured while they are read. Of the others, zipfile unpacks a
whole block at once."""

MANY = 100_000
"""A zip with more members is refused."""


@dataclass(frozen=True)
class Artifact:
    """A zip that passed.

    Args:
        content: the zip.
        digest: SHA-256 of it, in hexadecimal.
        files: `path`, `size` and `sha256` of each file, by path; folders are left out.
    """

    content: bytes
    digest: str
    files: tuple[dict[str, Any], ...]


def inspect(content: bytes, assumptions: Assumptions) -> Artifact:
    """Look through a zip: its size, its names, and every byte of its files.

    Raises:
        Refusal: 413, it is larger than the limit.
        Mistaken: it is no zip, is broken, or has a member that is not safe to unpack.
    """
    limit = assumptions.artifact_limit
    if len(content) > limit:
        raise Refusal(413, f"The artifact is {len(content)} bytes; at most {limit} are allowed.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            mistakes = list(_check(members, assumptions))
            if mistakes:
                raise Mistaken(mistakes)
            files = tuple(file for member in members if (file := _describe(archive, member)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Mistaken([CheckFailure(PART, f"is not a zip that can be read: {error}")]) from None
    return Artifact(content, hashlib.sha256(content).hexdigest(), tuple(sorted(files, key=lambda file: file["path"])))


def keep(press: Press, artifact: Artifact, spec_id: str) -> str:
    """Store the artifact as the spec's next one, and give its id."""
    count = press.store.db.execute("SELECT count(*) FROM artifacts WHERE spec_id = ?", (spec_id,)).fetchone()[0]
    artifact_id = press.ids.new()
    press.store.insert(
        "artifacts",
        id=artifact_id,
        spec_id=spec_id,
        version=count + 1,
        digest=artifact.digest,
        size=len(artifact.content),
        files=json.dumps(artifact.files),
        content=artifact.content,
    )
    return artifact_id


def _check(members: list[zipfile.ZipInfo], assumptions: Assumptions) -> Iterator[CheckFailure]:
    unpacked = sum(member.file_size for member in members)
    if unpacked > assumptions.unpacked_limit:
        yield CheckFailure(PART, f"unpacks to {unpacked} bytes; at most {assumptions.unpacked_limit} are allowed")
    if len(members) > MANY:
        yield CheckFailure(PART, f"has {len(members)} members; at most {MANY} are allowed")
    seen: set[str] = set()
    for member in members:
        wrong = _name_mistake(member)
        if member.filename in seen:
            wrong = "is there twice"
        seen.add(member.filename)
        if wrong:
            yield CheckFailure(PART, f"member {member.filename!r} {wrong}")


def _name_mistake(member: zipfile.ZipInfo) -> str | None:
    # `orig_filename` is the name before zipfile mends it.
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
    if member.compress_type not in METHODS:
        method = member.compress_type
        return f"has compression method {method}; only stored ({ZIP_STORED}) and deflated ({ZIP_DEFLATED}) members pass"
    return None


def _describe(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict[str, Any] | None:
    """Read a member to its end, and tell about it; None: it is a folder."""
    digest, size = hashlib.sha256(), 0
    # zipfile stops at the size that a member announces: a greater one shows whether there is more.
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
