"""Whole answers that are wrong: another format, another status, cut short, too large, or too slow."""

from __future__ import annotations

import copy
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.reliability.servers.runner import TOKEN
from tests.reliability.servers.wire import Answer, Asked, Closed, Reset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.reliability.servers.runner import Time

__all__ = ["BAD_ANSWERS", "HARMLESS", "LARGE", "LISTINGS", "PAGES", "BadAnswer"]

LARGE = 2**20
"""Bytes that are too many here: the tests lower the limit, which is 64 times that, so that they need not wait."""

PAGES = 300
"""Pages that are too many here; the limit is as many times that."""

PAGE = (
    "<!DOCTYPE html><html><head><title>Log in</title></head><body><h1>Welcome to the hotel</h1>"
    f"<script>token='{TOKEN}'</script><p>Please log in, {TOKEN}.</p></body></html>"
).encode()


@dataclass(frozen=True)
class BadAnswer:
    """One way to answer badly.

    Args:
        name: for people.
        make: gives the pieces to send, from the request and the good answer; it may move the clock.
    """

    name: str
    make: Callable[[Asked, Answer, Time], Iterable[bytes]]


def _says(name: str, status: int, body: bytes = b"", **headers: str) -> BadAnswer:
    def make(_: Asked, answer: Answer, __: Time) -> Iterator[bytes]:
        kind = answer.bearing(**{"content_type": "application/json", **headers})
        yield bytes(Answer(status, body, kind.headers))

    return BadAnswer(name, make)


def _sends(name: str, data: bytes, end: type[Closed] = Closed) -> BadAnswer:
    def make(_: Asked, __: Answer, ___: Time) -> Iterator[bytes]:
        yield data
        raise end

    return BadAnswer(name, make)


def _cut(name: str, share: float, end: type[Closed]) -> BadAnswer:
    def make(_: Asked, answer: Answer, __: Time) -> Iterator[bytes]:
        whole = bytes(answer)
        yield whole[: int(len(whole) * share)]
        raise end

    return BadAnswer(name, make)


def _drip(_: Asked, answer: Answer, time: Time) -> Iterator[bytes]:
    yield from _slowly(bytes(answer), time)


def _drip_body(_: Asked, answer: Answer, time: Time) -> Iterator[bytes]:
    yield answer.bearing(content_length=str(len(answer.body) + 100)).head
    yield from _slowly(answer.body + b" " * 100, time)


def _slowly(whole: bytes, time: Time) -> Iterator[bytes]:
    """Give the first bytes, one in twenty seconds, past the deadline of any call."""
    for byte in whole[:20]:
        time.now += 20
        yield bytes([byte])
    raise Closed


def _huge(_: Asked, __: Answer, ___: Time) -> Iterator[bytes]:
    yield Answer().bearing(content_length=str(LARGE * 2)).head
    for _piece in range(2 * LARGE // 65536):
        yield b" " * 65536


def _bomb(_: Asked, answer: Answer, __: Time) -> Iterator[bytes]:
    packed = gzip.compress(answer.body + b" " * 8 * LARGE)
    yield bytes(Answer(200, packed).bearing(content_encoding="gzip"))


def _chunked(_: Asked, answer: Answer, __: Time) -> Iterator[bytes]:
    yield answer.bearing(transfer_encoding="chunked").head
    yield b"%x\r\n" % (len(answer.body) + 10) + answer.body
    raise Closed


def _with_extras(_: Asked, answer: Answer, __: Time) -> Iterator[bytes]:
    yield bytes(answer if answer.json is None else answer.holding(_add_extras(answer.json)))


def _add_extras(value: Any) -> Any:
    """Add fields that nobody knows to every object, apart from those that are maps of a person's own."""
    if isinstance(value, list):
        return [_add_extras(item) for item in value]
    if not isinstance(value, dict):
        return value
    known = {key: item if key == "config" else _add_extras(item) for key, item in value.items()}
    is_map = "rows" in known
    return known if is_map else {**known, "newField": None, "another-new-field": {"id": [1, {"name": 2}]}}


def _harmless(name: str, make: Callable[[Answer], bytes]) -> BadAnswer:
    return BadAnswer(name, lambda _asked, answer, _time: (make(answer),))


HARMLESS: tuple[BadAnswer, ...] = (
    BadAnswer("fields that nobody knows", _with_extras),
    _harmless("the content type of a web page", lambda answer: bytes(answer.bearing(content_type="text/html"))),
    _harmless("no content type", lambda answer: bytes(Answer(answer.status, answer.body, {"X-Odd": "é"}))),
    _harmless("100 Continue first", lambda answer: b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + bytes(answer)),
    _harmless("blanks around", lambda answer: bytes(Answer(answer.status, b"\n \t" + answer.body + b"\n"))),
    _harmless(
        "gzip", lambda answer: bytes(Answer(answer.status, gzip.compress(answer.body)).bearing(content_encoding="gzip"))
    ),
    _harmless(
        "chunks",
        lambda answer: (
            answer.bearing(transfer_encoding="chunked").head
            + b"".join(b"1\r\n%c\r\n" % byte for byte in answer.body)
            + b"0\r\n\r\n"
        ),
    ),
    _harmless("a cookie", lambda answer: bytes(answer.bearing(set_cookie="session=1; Path=/"))),
    _harmless("keys in another order", lambda answer: bytes(answer.holding(_turn(answer.json)))),
)
"""Odd, and no reason to fail: the operation must end as it does before a good server."""


def _turn(value: Any) -> Any:
    if isinstance(value, list):
        return [_turn(item) for item in value]
    return {key: _turn(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


BAD_ANSWERS: tuple[BadAnswer, ...] = (
    _says("a web page under 200", 200, PAGE, content_type="text/html"),
    _says("a web page under 502", 502, PAGE, content_type="text/html"),
    _says("a web page under 401", 401, PAGE, content_type="text/html"),
    _says("a web page under 404", 404, PAGE, content_type="text/html"),
    _says("plain text under 404", 404, b"default backend - 404"),
    _says("nothing under 200", 200),
    _says("nothing under 201", 201),
    _says("204", 204),
    _says("304", 304),
    _says("101", 101),
    _says("418", 418, b'{"detail": "a teapot"}'),
    _says("600", 600, b"{}"),
    _says("403", 403, json.dumps({"message": f"{TOKEN} may not"}).encode()),
    _says("409", 409, b'{"detail": "busy"}'),
    _says("422 without a word", 422),
    _says("400 with a list", 400, b'[{"loc": ["body"], "msg": "no"}]'),
    _says("413", 413, b"<h1>413 Request Entity Too Large</h1>"),
    _says("500", 500, b"KeyError: id"),
    _says("503", 503, b"{}"),
    *(
        _says(f"503, Retry-After: {value[:20]}", 503, b'{"detail": "later"}', retry_after=value)
        for value in ("soon", "-5", "1e3", "99999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "\xff", "2, 3")
    ),
    _says("429, Retry-After: Tue, 14 Nov 2023 22:30:10 GMT", 429, b"{}", retry_after="Tue, 14 Nov 2023 22:30:10 GMT"),
    *(
        _says(f"{body[:20]!r} under 200", 200, body)
        for body in (
            b"null",
            b"true",
            b"0",
            b'"text"',
            b"[]",
            b"{}",
            b"[{}]",
            b'{"error": "the database is down"}',
            b'{"detail": "no", "status": 500}',
            b'{"success": true}',
            b'{"data": {"id": "x"}}',
            b"{",
            b'{"id": NaN}',
            b'{"id": "\\ud800"}',
            b'{"id": 1e999}',
            b"[" * 100_000,
            b"\xff\xfe\x00",
            b"\x1f\x8b\x08",
        )
    ),
    _says("what only claims to be gzip", 200, b"not gzip", content_encoding="gzip"),
    _says("an encoding that nobody knows", 200, b"???", content_encoding="br"),
    _sends("not HTTP", b"220 mail.example.com ESMTP\r\n"),
    _sends("another version of HTTP", b"HTTP/2 200\r\n\r\n{}"),
    _sends("headers without end", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n{}"),
    _sends("a header without end", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000),
    _sends("a length that is no number", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
    _sends("a length below zero", b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}"),
    _sends("a broken chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    BadAnswer("chunks cut short", _chunked),
    *(
        _cut(f"{name} {share:.0%} of the answer", share, end)
        for name, end in (("closed after", Closed), ("reset after", Reset))
        for share in (0, 0.05, 0.5, 0.99)
    ),
    BadAnswer("an answer that drips", _drip),
    BadAnswer("a body that drips", _drip_body),
    BadAnswer("an answer beyond measure", _huge),
    BadAnswer("a gzip bomb", _bomb),
)
"""Each ends in one clear error, unless the operation has no need of the answer, or can look for what it lost."""


def _paged(name: str, change: Callable[[dict[str, Any], int], None]) -> BadAnswer:
    def make(asked: Asked, answer: Answer, _: Time) -> Iterator[bytes]:
        page = copy.deepcopy(answer.json)
        number = parse_qs(urlsplit(asked.target).query).get("pageNumber", ["1"])[0]
        if isinstance(page, dict) and "pageCount" in page:
            change(page, int(number))
        yield bytes(answer.holding(page))

    return BadAnswer(name, make)


def _items(page: dict[str, Any]) -> list[Any]:
    return next(value for value in page.values() if isinstance(value, list))


def _grow(page: dict[str, Any], number: int) -> None:
    page["pageCount"] = number + 1
    for item in _items(page):
        item["id"] = f"{number}-{item.get('id')}"


def _repeat(page: dict[str, Any], number: int) -> None:
    page["pageCount"] = number + 1


def _empty(page: dict[str, Any], number: int) -> None:
    page["pageCount"] = number + 1
    _items(page).clear()


def _far(page: dict[str, Any], number: int) -> None:
    page["pageCount"], page["pageNumber"] = 10**12, number


LISTINGS: tuple[BadAnswer, ...] = (
    _paged("one page more with each page", _grow),
    _paged("the same page again and again", _repeat),
    _paged("empty pages without end", _empty),
    _paged("a million million pages", _far),
)
"""Listings without an end."""
