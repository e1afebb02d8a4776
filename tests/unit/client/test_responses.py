"""What is made of an answer: the documented shape or an error, and the service's own words."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import (
    BadRequest,
    InvalidResponse,
    NotFound,
    PressError,
    ResponseLost,
    ServerError,
    UnexpectedStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press

READ: Callable[[Client], Any] = lambda c: c.describe_spec("s")  # noqa: E731 - a row of the tables below.
CREATE: Callable[[Client], Any] = lambda c: c.create_deployment({})  # noqa: E731 - as above.


@pytest.mark.parametrize(
    ("call", "answer", "reason"),
    [
        (READ, b"", "a JSON object was expected, not nothing"),
        (READ, b"null", "a JSON object was expected, not nothing"),
        (READ, b"[]", "a JSON object was expected, not a list"),
        (READ, b'"text"', "a JSON object was expected, not text"),
        (READ, b"1.5", "a JSON object was expected, not a fractional number"),
        (READ, b"{", "not JSON"),
        (READ, b'{"a": NaN}', "not JSON .NaN is not JSON"),
        (READ, b"\xff\xfe\xfd", "not JSON"),
        (READ, b"[" * 100_000, "not JSON"),
        (READ, b"9" * 10_000, "not JSON"),
        (READ, b'{"a": 1e999}', "not JSON .a number is too large"),
        (READ, b'{"a": ' + b"9" * 400 + b"}", "not JSON .a number is too large"),
        (READ, b"{}", "id is missing"),
        (CREATE, b"{}", "id is missing"),
        (CREATE, b'{"id": ""}', "id should be text, not nothing"),
        (CREATE, b'{"id": 7}', "id should be text, not a whole number"),
        (CREATE, b'{"id": " "}', "id is blank"),
        (CREATE, b'{"id": "\\ud800"}', "id holds a character that no id has"),
        (CREATE, b'{"id": "\\u0000"}', "id holds a character that no id has"),
        (CREATE, b'{"id": ".."}', "id would lead to another path"),
        (CREATE, b'{"id": "a/../b"}', "id would lead to another path"),
        (CREATE, b'{"id": "' + b"y" * 100_000 + b'"}', "id has 100000 characters, more than the 255 of an id"),
        (
            READ,
            b'{"id": "s", "kind": "workflow", "metadata": {"name": "n", "status": 7}}',
            "metadata.status should be text, not a whole number",
        ),
        (READ, b'{"id": "\\ud800"}', "id holds a character that no id has"),
        (lambda c: c.create_spec({}), b'{"id": "\\udc00"}', "id holds a character that no id has"),
        (lambda c: c.create_spec_release("s", {}), b'{"id": "\\ud800"}', "id holds a character that no id has"),
        (lambda c: c.describe_spec_release("s", "1.0.0"), b'{"id": "\\ud800"}', "id holds a character that no id has"),
        (lambda c: c.describe_deployment_revision("d", 1), b'{"id": "\\ud800"}', "id holds a character that no id has"),
        (CREATE, b"", "a JSON object was expected, not nothing"),
        (lambda c: c.create_spec({}), b'{"id": null}', "id should be text, not nothing"),
        (lambda c: c.create_spec_release("s", {}), b"[]", "a JSON object was expected, not a list"),
        (lambda c: c.create_deployment_revision("d", {}), b'{"revision": "2"}', "revision should be a whole number"),
        (lambda c: c.create_deployment_revision("d", {}), b'{"revision": true}', "revision should be a whole number"),
        (lambda c: c.redeploy("d"), b"[]", "a JSON object was expected, not a list"),
        (lambda c: c.get_parameters("d"), b"[]", "a JSON object was expected, not a list"),
        (lambda c: c.patch_parameters("d", {}), b"true", "a JSON object was expected, not true or false"),
        (lambda c: c.delete_spec("s"), b"gone", "not JSON"),
    ],
)
def test_an_answer_of_another_shape_is_an_error(
    client: Client, press: Press, call: Callable[[Client], Any], answer: bytes, reason: str
) -> None:
    """A 2xx answer that is not what the call is documented to answer says in which way, and is not asked for again."""
    press.answers(200, raw=answer)

    with pytest.raises(InvalidResponse, match=f"got a response that cannot be used: {reason}") as caught:
        call(client)

    assert caught.value.status == 200
    assert caught.value.outcome_unknown == (press.received[0].method != "GET")
    assert len(press.received) == 1


@pytest.mark.parametrize("answer", [(204, b""), (200, b""), (202, b"null"), (200, b"{}"), (299, b" \n")])
@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.delete_spec("s"),
        lambda c: c.delete_deployment("d"),
        lambda c: c.update_spec_metadata("s", {}),
        lambda c: c.update_deployment_metadata("d", {}),
        lambda c: c.patch_parameters("d", {}),
        lambda c: c.redeploy("d"),
        lambda c: c.execute_resources("d"),
    ],
)
def test_a_write_whose_answer_is_not_needed_may_be_answered_with_nothing(
    client: Client, press: Press, call: Callable[[Client], Any], answer: tuple[int, bytes]
) -> None:
    """Any success code will do, and an empty body is as good as an empty object."""
    press.answers(answer[0], raw=answer[1])

    assert call(client) == {}


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_any_success_code_and_content_type_will_do(client: Client, press: Press, status: int) -> None:
    """Which 2xx a call answers is not documented, so all are taken, as JSON whatever they claim to be."""
    press.answers(status, {"id": "a", "é": 1.5}, content_type="text/html")

    assert CREATE(client) == {"id": "a", "é": 1.5}


def test_a_compressed_answer_is_read(client: Client, press: Press) -> None:
    """Gzip is understood; what only claims to be gzip is an error."""
    press.answers(200, raw=gzip.compress(b'{"rows": 1}'), content_encoding="gzip")
    press.answers(200, raw=b"not gzip", content_encoding="gzip")

    assert client.get_parameters("d") == {"rows": 1}
    with pytest.raises(InvalidResponse, match="cannot be decompressed"):
        client.get_parameters("d")


@pytest.mark.parametrize("zipped", [False, True])
def test_an_answer_beyond_measure_is_not_read_to_its_end(client: Client, press: Press, zipped: bool) -> None:  # noqa: FBT001 - a column.
    """64 MiB is the most that is kept of an answer, packed or not."""
    content = b" " * (65 * 2**20)
    if zipped:
        press.answers(200, raw=gzip.compress(content), content_encoding="gzip")
    else:
        press.sends(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

    with pytest.raises(InvalidResponse, match="larger than 64 MiB"):
        READ(client)


@pytest.mark.parametrize(
    "broken",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"Tunnel connection failed: 407 handshake operation timed out WRONG_VERSION_NUMBER NewConnectionError\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}",
    ],
)
def test_an_answer_that_is_not_http_is_lost(client: Client, press: Press, broken: bytes) -> None:
    """Garbage, and an answer cut short, tell nothing about a create."""
    press.sends(broken)

    with pytest.raises(ResponseLost) as caught:
        CREATE(client)

    assert caught.value.outcome_unknown


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"detail": "Name is taken"}', "Name is taken"),
        (b'{"message": "m", "detail": "d"}', "d"),
        (b'{"error": "e", "errors": [{"field": "a", "message": "b"}]}', "e; a: b"),
        (b'{"detail": [{"loc": ["body", "kind"], "msg": "bad"}]}', "body.kind: bad"),
        (b'{"detail": "", "code": 7}', "code: 7"),
        (
            b'{"detail": "kind: is wrong", "errors": [{"path": "kind", "message": "is wrong"}]}',
            "kind: is wrong",
        ),
        (b'{"errors": {"name": ["is taken", "is long"]}}', "name: is taken; is long"),
        (b'"just text"', "just text"),
        (b'["one", {"two": 2}]', "one; two: 2"),
        (b"12", "12"),
        (b"plain\r\n  text\x1b[31m \xe2\x80\xae!", "plain text [31m !"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
        (b"[" * 100_000, "[" * 500 + "..."),
        ("é".encode() * 501, "é" * 500 + "..."),
        (
            (
                b"<!DOCTYPE html><html><head><title>502 Bad</title><style>a{b:c}</style></head>\n"
                b"<body><!-- hidden --><h1>Gate &amp; way</h1><script>x('<p>')</script><hr></body></html>"
            ),
            "502 Bad: Gate & way",
        ),
        (b"<title>Busy</title><h1>Busy</h1><p>later", "Busy Busy later"),
        (b"<" * 1_000_000, "<" * 500 + "..."),
        (b"<script" * 100_000, "<script" * 71 + "<sc..."),
    ],
)
def test_the_services_own_words_are_found(client: Client, press: Press, body: bytes, detail: str) -> None:
    """What the service says, in whatever form, becomes one short line without markup or control characters."""
    press.answers(400, raw=body)

    with pytest.raises(BadRequest) as caught:
        READ(client)

    assert caught.value.detail == detail
    assert str(caught.value).endswith(f"was refused: 400 Bad Request{': ' if detail else ''}{detail}")


def test_the_whole_json_of_a_refusal_is_kept(client: Client, press: Press) -> None:
    """A program can look at what the service said in full."""
    said = {"detail": "d", "conflict": {"id": "x"}, "long": "l" * 1_000}
    press.answers(400, said)

    with pytest.raises(BadRequest) as caught:
        READ(client)

    assert caught.value.body == said


def test_a_successful_answer_is_not_repeated_in_an_error(client: Client, press: Press) -> None:
    """Values that a successful answer holds may be secret, so of such an answer only a web page is shown."""
    press.answers(200, raw=b'{"password": "hunter2"').answers(200, raw=b"<title>Log in to the hotel</title>")

    with pytest.raises(InvalidResponse) as caught:
        client.get_parameters("d")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(InvalidResponse, match="Log in to the hotel"):
        client.get_parameters("d")


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.describe_spec("s"),
        lambda c: c.create_deployment({}),
        lambda c: c.update_spec_metadata("s", {}),
        lambda c: c.delete_deployment("d"),
        lambda c: c.patch_parameters("d", {"rows": 1}),
        lambda c: c.redeploy("d"),
    ],
)
def test_an_error_under_a_status_of_success_is_an_error(
    client: Client, press: Press, call: Callable[[Client], Any]
) -> None:
    """An answer that only says what is wrong is not taken for success, and its words are shown."""
    press.answers(200, {"status": 500, "error": "the database is down"})

    with pytest.raises(InvalidResponse, match=r"cannot be used: .*the database is down"):
        call(client)


@pytest.mark.parametrize(
    "page", [b"<title>404</title><h1>nginx</h1>", b"default backend - 404", b"404 page not found\n"]
)
def test_a_gateways_404_is_not_the_services(client: Client, press: Press, page: bytes) -> None:
    """A page of a server in between does not mean that an object is gone: the service would answer JSON, or nothing."""
    press.answers(404, raw=page).answers(404, {"detail": "no such spec"}).answers(404, raw=b"")

    told = r"404 Not Found, and not by the service itself: .*404.*If this is not Press, set press:endpoint"
    with pytest.raises(UnexpectedStatus, match=told):
        READ(client)
    for _ in range(2):
        with pytest.raises(NotFound):
            READ(client)


def test_a_parameter_may_be_named_like_an_error(client: Client, press: Press) -> None:
    """What is sent as a run parameter comes back as one, whatever its name is."""
    press.answers(200, {"error": "none"}).answers(200, {"error": "none"})

    assert client.patch_parameters("d", {"error": "none"}) == {"error": "none"}
    assert client.get_parameters("d") == {"error": "none"}


def test_an_answer_in_the_middle_of_the_tries_is_what_is_told(client: Client, press: Press) -> None:
    """The last failure names the service's words and how often it was asked."""
    press.answers(503, {"detail": "one"}).drops().drops().answers(503, {"detail": "four."})

    with pytest.raises(ServerError) as caught:
        client.delete_spec("s")

    host = client.endpoint.removeprefix("http://")
    assert str(caught.value) == (
        f"DELETE /v1/blocks/specs/s at {host} failed: 503 Service Unavailable: four (4 attempts). Try again later. "
        "Whether it was carried out is not known: look before sending it again."
    )


def test_the_blocks_of_an_app_are_told_in_the_sdks_words(client: Client, press: Press) -> None:
    """A deployment in an app gives all blocks of it; what is missing on the way is an error."""
    block = {"deploymentId": "d1", "platformId": None, "kind": "workflow", "name": "n", "status": "deployed", "x": 1}
    press.answers(200, {"parent": {"id": "app/1"}}).answers(200, {"latestRevision": {"blocks": [block]}})

    expected = [{"id": "d1", "resource_id": None, "kind": "workflow", "name": "n", "status": "deployed"}]
    assert client.get_related_block_details("d") == expected
    assert press.targets == ["/v1/blocks/deployments/d", "/v1/apps/deployments/app%2F1"]


@pytest.mark.parametrize("parent", [{}, {"parent": None}])
def test_a_deployment_outside_of_an_app_has_no_related_blocks(
    client: Client, press: Press, parent: dict[str, None]
) -> None:
    """Nobody is asked about an app that there is not."""
    press.answers(200, parent)

    assert client.get_related_block_details("d") == []
    assert len(press.received) == 1


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([{"parent": "x"}], "parent should be an object, not text"),
        ([{"parent": {}}], "parent.id is missing"),
        ([{"parent": {"id": ""}}], "parent.id should be text, not nothing"),
        ([{"parent": {"id": "\ud800"}}], "parent.id holds a character that no id has"),
        ([{"parent": {"id": "a"}}, {}], "latestRevision is missing"),
        ([{"parent": {"id": "a"}}, {"latestRevision": {"blocks": {}}}], "blocks should be a list, not an object"),
        (
            [{"parent": {"id": "a"}}, {"latestRevision": {"blocks": [1]}}],
            "blocks.0. should be an object, not a whole number",
        ),
        ([{"parent": {"id": "a"}}, {"latestRevision": {"blocks": [{"kind": "k"}]}}], "deploymentId is missing"),
    ],
)
def test_an_app_of_another_shape_is_an_error(client: Client, press: Press, answers: list[object], reason: str) -> None:
    """Each thing that is missing is named."""
    for answer in answers:
        press.answers(200, answer)

    with pytest.raises(InvalidResponse, match=reason):
        client.get_related_block_details("d")


@pytest.mark.parametrize("status", [402, 418, 451, 600, 101])
def test_other_statuses_are_unexpected(client: Client, press: Press, status: int) -> None:
    """A status that no call is documented to answer is told as it is."""
    press.sends(f"HTTP/1.1 {status} Whatever\r\nContent-Length: 2\r\n\r\n{json.dumps({})}".encode())

    with pytest.raises(PressError, match=f"was refused: {status}") as caught:
        READ(client)

    assert type(caught.value).__name__ == "UnexpectedStatus"
