"""Limits on what one call may cost: of its head, its JSON, its form, its zip, and what the log keeps of it."""

from __future__ import annotations

import bz2
import json
import lzma
import socket
import struct
import zipfile
import zlib
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from pulumi_press.emulator.api.calls import unique_keys
from pulumi_press.emulator.control.request_log import RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"
MIB = 2**20
JSON = {"Content-Type": "application/json"}


def _send(url: str, *pieces: bytes) -> bytes:
    """Send bytes, whatever comes back meanwhile, and give the answer."""
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _head(*lines: str) -> bytes:
    return "\r\n".join(["POST /v1/blocks/deployments/ HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20 * MIB + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"GET /" + b"x" * MIB + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /?" + b"a=b&" * 300_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"x" * MIB + b": y\r\n\r\n",
    ],
    ids=["one header", "many headers", "path", "query", "name of a header"],
)
def test_a_head_of_a_call_has_a_limit(api: Api, head: bytes) -> None:
    """Its sender gets a 431 in JSON, and the server goes on."""
    answer = _send(api.press.url, head)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert "65536 bytes" in json.loads(answer.partition(b"\r\n\r\n")[2])["detail"]
    assert api.press.info()["counts"]["specs"] == 0


def test_a_head_within_the_limit_passes(api: Api) -> None:
    """The limit is on a head, not on a connection: many calls on one are not added up, nor are their bodies."""
    for _ in range(3):
        answer = api.post(DEPLOYMENTS, json={"x": "y" * MIB}, headers={"X": "x" * 40_000})
        assert answer.status_code == 422
    assert api.get(SPECS + "x" * 30_000).status_code == 404


@pytest.mark.parametrize(
    "rest",
    [
        b"2\r\n{}\r\n0\r\nX: " + b"x" * 2 * MIB + b"\r\n\r\n",
        b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 300_000 + b"\r\n",
        b"2;" + b"x" * 2 * MIB + b"\r\n{}\r\n0\r\n\r\n",
    ],
    ids=["one trailer", "many trailers", "an extension of a chunk"],
)
def test_what_is_neither_head_nor_body_has_a_limit(api: Api, rest: bytes) -> None:
    """Trailers and extensions of chunks are not gathered without end: the connection is closed."""
    head = _head("Authorization: token", "Content-Type: application/json", "Transfer-Encoding: chunked")
    try:
        answer = _send(api.press.url, head, rest)
    except OSError:
        answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


def test_a_body_in_small_chunks_passes(api: Api) -> None:
    """A frame around each byte is no head, however many there are."""
    body = json.dumps({"x": "y" * 100_000}).encode()
    head = _head("Authorization: token", "Content-Type: application/json", "Transfer-Encoding: chunked")
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    answer = _send(api.press.url, head.replace(b"Host", b"Connection: close\r\nHost"), chunks)
    assert answer.startswith(b"HTTP/1.1 422 ")


class _Key(str):
    """A key that counts how often one is compared with another."""

    compared = 0
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        _Key.compared += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    "keys",
    [[*range(2_000), 1_999], [0, *range(2_000)], [*range(2_000), *range(2_000)], [*range(2_000)]],
    ids=["the last", "the first", "all", "none"],
)
def test_a_key_that_is_there_twice_is_found_in_one_pass(monkeypatch: pytest.MonkeyPatch, keys: list[int]) -> None:
    """A search that begins anew for each key would compare millions of times."""
    monkeypatch.setattr(_Key, "compared", 0)
    pairs: list[tuple[str, Any]] = [(_Key(key), 0) for key in keys]
    with pytest.raises(ValueError, match="there twice") if len(set(keys)) < len(keys) else nullcontext():
        assert unique_keys(pairs) == dict(pairs)
    assert _Key.compared < 5 * len(keys)


def test_a_large_object_with_one_key_twice_is_refused(api: Api) -> None:
    """The key is named."""
    body = "{" + ", ".join(f'"k{key}": 0' for key in [*range(30_000), 29_999]) + "}"
    refused = api.post(DEPLOYMENTS, data=body, headers=JSON)
    assert (refused.status_code, "'k29999' is there twice" in refused.json()["detail"]) == (400, True)


@pytest.mark.parametrize("item", ["0", "{}", "[]", '{"a":0}'])
def test_json_of_too_many_values_is_refused(api: Api, item: str) -> None:
    """Each may be a mistake, which takes its time to be found, worded and sent."""
    many = f"[{', '.join([item] * 100_001)}]"
    refused = [
        api.post("/_emulator/outcomes", data=many, headers=JSON),
        api.post(DEPLOYMENTS, data=f'{{"metadata": {{"tags": {many}}}}}', headers=JSON),
        api.post(SPECS, files=[("spec", (None, "{}")), ("scope", (None, "private")), ("parameters", (None, many))]),
    ]
    assert [(answer.status_code, "more than 100000 values" in answer.text) for answer in refused] == [
        (400, True),
        (400, True),
        (422, True),
    ]


def _deep(opening: str, closing: str, depth: int) -> str:
    return opening * depth + "0" + closing * depth


@pytest.mark.parametrize("depth", [101, 150, 330, 500, 900, 990, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_json_that_is_nested_too_deeply_is_refused(api: Api, opening: str, closing: str, depth: int) -> None:
    """At whatever depth, and by whatever reads it: in a body, and in each part of a form."""
    deep = _deep(opening, closing, depth)
    bodies = [
        api.post(DEPLOYMENTS, data=deep, headers=JSON),
        api.post(DEPLOYMENTS, data=f'{{"metadata": {deep}}}', headers=JSON),
        api.post("/_emulator/outcomes", data=deep, headers=JSON),
    ]
    forms = [
        api.post(SPECS, files=[("spec", (None, deep)), ("scope", (None, "private"))]),
        api.post(SPECS, files=[("spec", (None, "{}")), ("scope", (None, "private")), ("parameters", (None, deep))]),
    ]
    assert [answer.status_code for answer in bodies] == [400] * 3
    assert [answer.status_code for answer in forms] == [422] * 2
    assert all("nested too deeply" in answer.json()["detail"] for answer in [*bodies, *forms])


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400 + ".0", "1" * 5000])
def test_a_number_that_is_none_is_refused(api: Api, number: str) -> None:
    """What would become infinite, or has more digits than a number can, is not JSON that could be given back."""
    refused = api.post(DEPLOYMENTS, data=f'{{"metadata": {{"name": "x"}}, "x": {number}}}', headers=JSON)
    assert refused.status_code == 400


@pytest.mark.parametrize("key", ["sort", "status", "scope", "name", "pageSize", "x"])
def test_a_query_of_any_length_is_answered(api: Api, key: str) -> None:
    """Many values, with commas or with many keys, are no failure of the storage."""
    value = {"sort": "name:asc", "status": "available", "scope": "private"}.get(key, "1")
    many = 60_000 // (len(value) + 1)
    commas = api.get(f"{SPECS}?{key}={','.join([value] * many)}")
    keys = api.get(SPECS + "?" + "&".join([f"{key}={value}"] * (60_000 // (len(key) + len(value) + 2))))
    assert {commas.status_code, keys.status_code} <= {200, 400, 422}


@pytest.mark.parametrize(
    "form",
    [
        b"".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(50_000)),
        b"".join(b'--b\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n1\r\n' for _ in range(10_000)),
        b'--b\r\nContent-Disposition: form-data; name="a"\r\nX: ' + b"x" * 12 * MIB + b"\r\n\r\n1\r\n",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n' + b"X: y\r\n" * 500_000 + b"\r\n1\r\n",
        b'--b\r\nContent-Disposition: form-data; name="' + b'\\"' * 500_000 + b'"\r\n\r\n1\r\n',
    ],
    ids=["fields", "files", "a header", "headers", "a name"],
)
def test_a_form_of_many_parts_or_headers_is_refused(api: Api, form: bytes) -> None:
    """Its frame has a limit as its parts have."""
    refused = api.post(SPECS, data=form + b"--b--\r\n", headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert refused.status_code == 400


def _member(method: int, data: bytes, *, size: int, crc: int, packed: int | None = None, name: str = "zeros") -> bytes:
    """Write a zip with one member whose headers say what they are told to say."""
    sizes = (crc, len(data) if packed is None else packed, size, len(name), 0)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, method, 0, 0x21, *sizes) + name.encode() + data
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, method, 0, 0x21, *sizes, 0, 0, 0, 0, 0) + name.encode()
    return local + entry + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(local), 0)


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _lzma(data: bytes) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA1}]
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
    return struct.pack("<4B", 9, 4, 5, 0) + b"\x5d\x00\x00\x80\x00" + packed


ZEROS = bytes(8 * MIB)
TEN = zlib.crc32(bytes(10))


@pytest.mark.parametrize(
    ("method", "pack"),
    [
        (zipfile.ZIP_BZIP2, bz2.compress),
        (zipfile.ZIP_LZMA, _lzma),
        (93, bytes),
        (1, bytes),
        (9, _deflate),
    ],
    ids=["bzip2", "lzma", "zstd", "shrunk", "deflate64"],
)
def test_only_stored_and_deflated_members_pass(api: Api, method: int, pack: Callable[[bytes], bytes]) -> None:
    """Any other compression is refused before anything is unpacked, and told."""
    refused = api.send_spec(artifact=_member(method, pack(ZEROS)[: 9 * MIB], size=10, crc=TEN))
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "artifact")
    assert f"compression method {method}" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["a", "a/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_well_made_member_of_another_compression_is_refused(api: Api, method: int, name: str) -> None:
    """That it could be read is no reason, nor that it is a folder's."""
    pack = {zipfile.ZIP_BZIP2: bz2.compress, zipfile.ZIP_LZMA: _lzma}[method]
    content = _member(method, pack(b"hello"), size=5, crc=zlib.crc32(b"hello"), name=name)
    refused = api.send_spec(artifact=content)
    assert (refused.status_code, f"compression method {method}" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_member(8, _deflate(ZEROS), size=10, crc=TEN), "is not a zip that can be read"),
        (_member(0, ZEROS, size=10, crc=TEN), "is not a zip that can be read"),
        (_member(8, _deflate(ZEROS), size=10, crc=zlib.crc32(bytes(11))), "longer than it says"),
        (_member(0, ZEROS, size=10, crc=zlib.crc32(bytes(11))), "longer than it says"),
        (_member(8, _deflate(bytes(10)), size=20, crc=TEN), "shorter than it says"),
        (_member(0, bytes(10), size=20, crc=TEN), "shorter than it says"),
        (_member(0, bytes(10), size=10, crc=TEN, packed=2**31), "is not a zip that can be read"),
        (_member(8, _deflate(bytes(10))[:-2], size=10, crc=TEN), "is not a zip that can be read"),
    ],
    ids=[
        "deflated",
        "stored",
        "deflated longer",
        "stored longer",
        "deflated shorter",
        "stored shorter",
        "packed",
        "cut off",
    ],
)
def test_a_member_that_lies_about_its_size_is_refused(api: Api, content: bytes, words: str) -> None:
    """What others would unpack is measured, not believed."""
    refused = api.send_spec(artifact=content)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "artifact")
    assert words in refused.json()["detail"]


def test_the_journal_counts_all_that_it_keeps(api: Api) -> None:
    """A path or a query has a weight as a body has, and a body without a length too."""
    log = RequestLog()
    entries = [
        log.open(method="GET", path="/" + "x" * MIB, query="", tenant=None, request_id=None, connection=None)
        for _ in range(100)
    ]
    assert 0 < len(log.describe()) < len(entries)

    def body() -> Iterator[bytes]:
        yield b'{"metadata": "'
        for _ in range(7):
            yield b"x" * MIB
        yield b'"}'

    for _ in range(12):
        assert api.post(DEPLOYMENTS, data=body(), headers=JSON).status_code == 422
    kept: list[dict[str, Any]] = api.press.requests()
    assert sum(len(json.dumps(entry)) for entry in kept) < 66 * MIB
    assert kept[-1]["body"]["metadata"] == "x" * 7 * MIB
