"""The form of create_spec and create_spec_release, byte for byte."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.errors import InvalidArgument, PayloadTooLarge, TooManyRequests
from pulumi_press.client.request import Form

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press, Received, Time


@dataclass(frozen=True)
class Zip:
    """A packed artifact."""

    path: Path


@pytest.fixture
def archive(tmp_path: Path) -> Zip:
    """A packed artifact larger than one piece of a body, with line ends and dashes in it."""
    path = tmp_path / "some name.zip"
    path.write_bytes(b"PK\x00\xff\r\n--" * 20_000)
    return Zip(path)


def boundary(request: Received) -> str:
    """Return the boundary that a request announces."""
    kind, _, value = request.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    assert len(value) == 32
    assert int(value, 16) >= 0
    return value


def test_a_full_form_is_the_sdks_byte_for_byte(client: Client, press: Press, archive: Zip) -> None:
    """All parts go out in the SDK's order and encoding: the artifact first, scope as bare text, the rest as JSON."""
    client.create_spec({"n": "é"}, archive, True, "shared", ["a", "b"], {"run": []}, False)  # noqa: FBT003
    (request,) = press.received
    mark = boundary(request)

    expected = (
        f'--{mark}\r\nContent-Disposition: form-data; name="artifact"; filename="artifact.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    ).encode()
    expected += archive.path.read_bytes() + b"\r\n"
    expected += (
        f'--{mark}\r\nContent-Disposition: form-data; name="spec"\r\n\r\n{{"n": "\\u00e9"}}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="featured"\r\n\r\ntrue\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="scope"\r\n\r\nshared\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="autoRunOnDeploy"\r\n\r\nfalse\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="tenants"\r\n\r\n["a", "b"]\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="parameters"\r\n\r\n{{"run": []}}\r\n'
        f"--{mark}--\r\n"
    ).encode()
    assert (request.method, request.target) == ("POST", "/v1/blocks/specs/")
    assert expected == request.body
    assert str(len(expected)) == request.headers["content-length"]
    assert "transfer-encoding" not in request.headers


@pytest.mark.parametrize("nothing", [None, {"path": ""}])
def test_the_least_form_says_null(client: Client, press: Press, nothing: dict[str, str] | None) -> None:
    """Featured and autoRunOnDeploy are always there; an empty scope is sent, empty tenants and parameters are not."""
    client.create_spec({"x": 1}, nothing, scope="", tenants=[], parameters={})
    (request,) = press.received
    mark = boundary(request)

    expected = (
        f'--{mark}\r\nContent-Disposition: form-data; name="spec"\r\n\r\n{{"x": 1}}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="featured"\r\n\r\nnull\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="scope"\r\n\r\n\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="autoRunOnDeploy"\r\n\r\nnull\r\n'
        f"--{mark}--\r\n"
    ).encode()
    assert expected == request.body


def test_a_release_form_has_no_featured_scope_or_tenants(client: Client, press: Press) -> None:
    """A release sends its own parts, to its own path."""
    client.create_spec_release("s", {"x": 1}, parameters={"run": [{"a": 1.5}]}, auto_run_on_deploy=True)
    (request,) = press.received
    mark = boundary(request)

    expected = (
        f'--{mark}\r\nContent-Disposition: form-data; name="spec"\r\n\r\n{{"x": 1}}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="autoRunOnDeploy"\r\n\r\ntrue\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="parameters"\r\n\r\n{{"run": [{{"a": 1.5}}]}}\r\n'
        f"--{mark}--\r\n"
    ).encode()
    assert request.target == "/v1/blocks/specs/s/releases"
    assert expected == request.body


def test_validate_only_adds_its_key(client: Client, press: Press, archive: Zip) -> None:
    """A validation is the same form, artifact included, with `?validate=true`, and returns what the service says."""
    press.answers(200, {"success": True, "message": "fine"}).answers(200, {"success": True})
    answer = client.create_spec({"x": 1}, archive, validate=True)
    client.create_spec_release("s", {"x": 1}, archive, validate=True)

    assert answer == {"success": True, "message": "fine"}
    assert press.targets == ["/v1/blocks/specs/?validate=true", "/v1/blocks/specs/s/releases?validate=true"]
    assert all(archive.path.read_bytes() in request.body for request in press.received)


def test_a_form_is_sent_whole_a_second_time(client: Client, press: Press, archive: Zip) -> None:
    """After a 429 the very same bytes go out again."""
    press.answers(429, {}).answers(429, {})
    client.create_spec({"x": 1}, archive)
    first, *others = press.received

    assert len(others) == 2
    assert [(first.body, first.headers)] * 2 == [(other.body, other.headers) for other in others]


def test_a_folder_is_packed_for_the_call_and_the_zip_is_gone_after_it(
    client: Client, press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mapping as the SDK takes it is packed once for all tries, and nothing is left behind even on failure."""
    folder, temporary = tmp_path / "folder", tmp_path / "temporary"
    for made in (folder, temporary):
        made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    (folder / "kept.txt").write_text("kept")
    (folder / "left-out.txt").write_text("left out")
    (folder / ".ignore").write_text("left-out.txt\n.ignore\n")
    for _ in range(4):
        press.answers(429, {})

    with pytest.raises(TooManyRequests):
        client.create_spec({"x": 1}, {"path": str(folder), "ignore_files": [".ignore"]})

    assert len({request.body for request in press.received}) == 1
    content = press.received[0].body.partition(b"application/zip\r\n\r\n")[2].partition(b"\r\n--")[0]
    assert zipfile.ZipFile(BytesIO(content)).namelist() == ["kept.txt"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("artifact", [{}, {"path": "x", "ignoreFiles": []}])
def test_an_artifact_of_another_shape_is_refused(client: Client, press: Press, artifact: dict[str, object]) -> None:
    """A misspelt key is an error, where the SDK would silently do without it."""
    with pytest.raises(InvalidArgument, match=r"artifact .*path and, perhaps, ignore_files"):
        client.create_spec({}, artifact)

    assert press.received == []


def test_an_artifact_that_is_gone_is_refused(client: Client, press: Press, tmp_path: Path) -> None:
    """A zip that is not there is told before anything is sent."""
    with pytest.raises(InvalidArgument, match=r"gone\.zip cannot be read: No such file"):
        client.create_spec({}, Zip(tmp_path / "gone.zip"))

    assert press.received == []


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"less"), lambda path: path.unlink()])
def test_an_artifact_that_changes_under_way_is_not_sent_as_if_it_were_whole(
    client: Client, press: Press, time: Time, archive: Zip, change: Callable[[Path], None]
) -> None:
    """A zip cut short or lost between two tries is an error about the zip, and not one about the connection."""
    press.answers(429, {})
    time.when_waiting = lambda: change(archive.path)

    with pytest.raises(InvalidArgument, match="packed artifact") as caught:
        client.create_spec({}, archive)

    assert not caught.value.outcome_unknown
    assert len([request for request in press.received if request.body.endswith(b"--\r\n")]) == 1


def test_an_answer_before_the_end_of_the_upload_is_read(client: Client, press: Press, tmp_path: Path) -> None:
    """A service that refuses a large form after its headers is understood, though it stops listening."""
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(9 * 2**20)
    press.early = b"HTTP/1.1 413 X\r\nContent-Length: 22\r\nConnection: close\r\n\r\n" + b'{"detail": "too big."}'

    with pytest.raises(PayloadTooLarge, match="too big") as caught:
        client.create_spec({}, Zip(large))

    assert not caught.value.outcome_unknown


def test_a_form_in_memory_is_only_its_texts(tmp_path: Path) -> None:
    """The artifact is read in pieces, in order, and a form can be read as often as one likes."""
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(2**20)
    form = Form((("spec", "{}"),), large)

    assert max(len(piece) for piece in form) <= 64 * 1024
    assert len(form) == sum(len(piece) for piece in form)
    assert b"".join(form) == b"".join(form)
