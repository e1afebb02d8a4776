"""Artifacts: what is taken, what is refused, and how they are kept."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"


def test_an_artifact_is_kept_with_its_files(api: Api, make_zip: Callable[..., bytes]) -> None:
    """The description has id and version; the state has digest and files; the zip can be fetched."""
    content = make_zip({"src/main.py": "print()", "src/": "", "a.txt": b""})
    spec_id = api.make_spec(artifact=content)
    shown = api.get(SPECS + spec_id).json()["latestRelease"]["artifact"]
    stored = api.press.state()["specs"][0]["releases"][0]["artifact"]
    assert (shown["version"], set(shown)) == (1, {"id", "version"})
    assert stored == {
        **shown,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "files": [
            {"path": "a.txt", "size": 0, "sha256": hashlib.sha256(b"").hexdigest()},
            {"path": "src/main.py", "size": 7, "sha256": hashlib.sha256(b"print()").hexdigest()},
        ],
    }
    fetched = requests.get(f"{api.press.url}/_emulator/artifacts/{shown['id']}", timeout=30)
    assert (fetched.status_code, fetched.content) == (200, content)


def test_each_artifact_of_a_spec_has_the_next_version(api: Api, make_zip: Callable[..., bytes]) -> None:
    """Versions count the artifacts of one spec; a release without one has none."""
    spec_id = api.make_spec(artifact=make_zip({"a": "1"}))
    api.make_release(spec_id, "1.1.0")
    api.make_release(spec_id, "1.2.0", artifact=make_zip({"a": "2"}))
    versions = {
        version: api.get(f"{SPECS}{spec_id}/releases/{version}").json().get("artifact", {}).get("version")
        for version in ("1.0.0", "1.1.0", "1.2.0")
    }
    assert versions == {"1.0.0": 1, "1.1.0": None, "1.2.0": 2}


def test_an_empty_zip_is_an_artifact(api: Api, make_zip: Callable[..., bytes]) -> None:
    """A folder whose files are all ignored still uploads a zip."""
    assert api.send_spec(artifact=make_zip({})).status_code == 201


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "C:/windows", "a\\b"])
def test_names_that_leave_the_folder_are_refused(api: Api, make_zip: Callable[..., bytes], name: str) -> None:
    """A member that would be unpacked elsewhere is refused, and nothing is stored."""
    refused = api.send_spec(artifact=make_zip({name: "x"}))
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "artifact")
    assert api.press.state() == {"specs": [], "deployments": []}


def _special(kind: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("special")
        member.external_attr = (kind | 0o644) << 16
        archive.writestr(member, "")
    return buffer.getvalue()


def _link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return buffer.getvalue()


def _twins() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", "2")
    return buffer.getvalue()


def _broken() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "hello")
    return buffer.getvalue().replace(b"hello", b"jello")


def _encrypted() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "hello")
    content = bytearray(buffer.getvalue())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"PK no zip", "is not a zip"),
        (lambda: b"", "is not a zip"),
        (_link, "is a link"),
        (lambda: _special(stat.S_IFIFO), "is a pipe, a socket or a device"),
        (lambda: _special(stat.S_IFSOCK), "is a pipe, a socket or a device"),
        (lambda: _special(stat.S_IFCHR), "is a pipe, a socket or a device"),
        (_twins, "is there twice"),
        (_broken, "Bad CRC-32"),
        (_encrypted, "is encrypted"),
    ],
)
def test_zips_that_are_broken_or_tricky_are_refused(api: Api, make: Callable[[], bytes], words: str) -> None:
    """What cannot be unpacked safely is refused with 422."""
    refused = api.send_spec(artifact=make())
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "artifact")
    assert words in refused.json()["detail"]


def test_a_zip_bomb_is_refused(make_api: Callable[..., Api], make_zip: Callable[..., bytes]) -> None:
    """What unpacks to more than the limit is refused before it is unpacked."""
    api = make_api(assume={"unpacked_limit": 2**20})
    refused = api.send_spec(artifact=make_zip({"zeros": bytes(2**20 + 1)}))
    assert (refused.status_code, "unpacks to 1048577 bytes" in refused.json()["detail"]) == (422, True)


def test_sixty_mebibytes_of_zeros_pass(api: Api, make_zip: Callable[..., bytes]) -> None:
    """The limit that the client knows is on the zip, not on what is in it."""
    assert api.send_spec(artifact=make_zip({"zeros": bytes(60 * 2**20)})).status_code == 201


@pytest.mark.parametrize(("size", "status"), [(10 * 2**20, 201), (10 * 2**20 + 1, 413)])
def test_an_artifact_has_ten_mebibytes_at_most(api: Api, size: int, status: int) -> None:
    """The limit itself passes, one byte more is 413 with a JSON body."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("random", b"")
    overhead = len(buffer.getvalue())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("random", os.urandom(size - overhead))
    assert len(buffer.getvalue()) == size
    answer = api.send_spec(artifact=buffer.getvalue())
    assert answer.status_code == status
    assert isinstance(answer.json(), dict)


def test_a_much_larger_upload_still_hears_its_413(make_api: Callable[..., Api]) -> None:
    """The whole body is read before it is refused, so the sender gets the answer."""
    api = make_api(assume={"artifact_limit": 1000})
    answer: Any = api.send_spec(artifact=os.urandom(30 * 2**20))
    assert (answer.status_code, "larger than" in answer.json()["detail"]) == (413, True)
