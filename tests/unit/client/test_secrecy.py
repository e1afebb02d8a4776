"""What goes to the service only, and what never goes anywhere."""

from __future__ import annotations

import json
import pickle
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import InvalidArgument, PressError, Redirected, TLSError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.client.conftest import Press


def everything_said(error: BaseException) -> str:
    """Return all that an error shows, in all the ways there are."""
    told = [str(error), repr(error), repr(vars(error)), repr(error.args), "".join(traceback.format_exception(error))]
    return "\n".join([*told, pickle.dumps(error).decode("latin-1")])


def assert_hidden(token: str, text: str) -> None:
    """Check that no spelling of the token is in a text."""
    bare = token.removeprefix("Bearer ")
    assert [form for form in (bare, quote(bare, safe=""), json.dumps(bare)[1:-1]) if form in text] == []


@pytest.mark.parametrize("token", ["canary-7f3a/9+token", "Bearer canary.abc", 'quo"te\\canary', "tok1"])
def test_a_service_that_repeats_the_token_does_not_make_it_public(
    connect: Callable[..., Client], press: Press, token: str
) -> None:
    """Whatever the service says, as text, JSON, HTML, a redirect or a header, the token is not in the error."""
    bare = token.removeprefix("Bearer ")
    press.answers(401, {"detail": f"bad token {token}", bare: [bare, {"sent": token}]})
    press.answers(400, raw=f"<html><title>{bare}</title>{quote(token)}</html>".encode())
    press.answers(302, {}, location=f"http://{quote(bare, safe='')}@elsewhere/{quote(bare, safe='')}?t={bare}")
    press.answers(422, raw=f"{bare} {quote(bare, safe='')}".encode())
    press.answers(200, raw=f"<b>{bare}</b>".encode())
    client = connect(press.url, auth_token=token)

    for status in (401, 400, 302, 422, 200):
        with pytest.raises(PressError) as caught:
            client.create_deployment({})
        assert status == caught.value.status
        assert_hidden(token, everything_said(caught.value))

    assert [token] * 5 == [request.headers["authorization"] for request in press.received]


def test_a_short_token_does_not_eat_words(connect: Callable[..., Client], press: Press) -> None:
    """A token that is a common word is hidden where it stands alone, and the rest stays readable."""
    press.answers(400, {"detail": "a tokenized a-b: a"})

    with pytest.raises(PressError) as caught:
        connect(press.url, auth_token="a").describe_spec("s")

    assert caught.value.detail == "*** tokenized ***-b: ***"


def test_a_failed_connection_does_not_show_the_token(connect: Callable[..., Client], token: str) -> None:
    """Errors of the libraries below are not passed on: they hold the request."""
    with pytest.raises(PressError) as caught:
        connect("http://press.invalid").describe_spec("s")

    assert_hidden(token, everything_said(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_neither_the_client_nor_its_parts_show_the_token(client: Client, token: str) -> None:
    """A representation of the client says where it leads, and that there is a token."""
    transport = client._transport  # noqa: SLF001 - its parts must not show the token either.
    shown = repr([client, vars(client), vars(transport), vars(transport._session)])  # noqa: SLF001 - as above.

    assert_hidden(token, shown)
    assert f"Client('{client.endpoint}', auth_token=***)" == repr(client)


@pytest.mark.parametrize("token", ["", "a b\n", "canary\r\nX: y", " canary", "canary ", "canäry", "can\x00ary", None])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(token: Any) -> None:
    """A token with a line break and the like is an error before any request, and stays secret."""
    with pytest.raises(InvalidArgument, match="the token") as caught:
        Client("http://127.0.0.1:1", token)

    assert "can" not in str(caught.value).replace("cannot", "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_no_redirect_is_followed(
    start: Callable[..., Press], connect: Callable[..., Client], status: int, where: str
) -> None:
    """Neither a read nor a write goes where a redirect points, on the same host or on another."""
    press, elsewhere = start(), start()
    target = f"{elsewhere.url if where == 'elsewhere' else press.url}/x?secret=1"
    press.answers(status, {}, location=target).answers(status, {}, location=target)
    client = connect(press.url)

    with pytest.raises(Redirected, match=r"was redirected: 30\d .*: to http://127.0.0.1:\d+/x\. Redirects are not"):
        client.describe_spec("s")
    with pytest.raises(Redirected) as caught:
        client.create_spec({})

    assert not caught.value.outcome_unknown
    assert (len(press.received), len(elsewhere.received)) == (2, 0)


@pytest.mark.parametrize("location", ["http://[", "//", "", "http://a:b:c", "/\r"])
def test_a_redirect_to_nowhere_is_still_a_redirect(client: Client, press: Press, location: str) -> None:
    """A broken target changes nothing."""
    press.answers(302, {}, location=location)

    with pytest.raises(Redirected):
        client.describe_spec("s")


def test_netrc_does_not_replace_the_token(
    client: Client, press: Press, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry for the very host is not looked at."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\ndefault login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client.describe_spec("s")

    assert token == press.received[0].headers["authorization"]


def test_cookies_are_not_kept(client: Client, press: Press) -> None:
    """What the service sets is not sent back."""
    press.answers(200, set_cookie="session=1; Path=/").answers(503, {}, set_cookie="retry=1")
    for _ in range(3):
        client.describe_spec("s")

    assert ["cookie" in request.headers for request in press.received] == [False] * 4


def test_a_proxy_is_not_asked_for_this_machine(client: Client, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy for everything does not get what is meant for a service on the loopback address."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1")
    client.describe_spec("s")

    assert press.targets == ["/v1/blocks/specs/s"]


def test_a_proxy_is_asked_for_other_machines(
    connect: Callable[..., Client], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy is used for any other host."""
    monkeypatch.setenv("http_proxy", press.url)
    connect("http://press.invalid").describe_spec("s")

    assert press.targets == ["http://press.invalid/v1/blocks/specs/s"]


def test_a_proxy_that_refuses_leaves_nothing_unknown(
    connect: Callable[..., Client], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A create that the proxy did not let through never arrived."""
    monkeypatch.setenv("https_proxy", press.url)
    for _ in range(4):
        press.answers(407, {})

    with pytest.raises(PressError, match="no connection: Tunnel connection failed: 407") as caught:
        connect("https://press.invalid").create_deployment({})

    assert not caught.value.outcome_unknown


@pytest.mark.parametrize(("proxy", "endpoint"), [("http://", "http://press.invalid"), ("", "http://press..invalid")])
def test_a_url_that_cannot_be_used_is_told(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, proxy: str, endpoint: str
) -> None:
    """A broken host name, or a broken proxy of the environment, is found out before anything is sent."""
    monkeypatch.setenv("http_proxy", proxy)

    with pytest.raises(InvalidArgument, match="the request cannot be sent: ") as caught:
        connect(endpoint).create_deployment({})

    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, False)


def test_a_service_that_does_not_speak_tls_is_not_trusted(connect: Callable[..., Client], press: Press) -> None:
    """An https endpoint that answers in plain text gets no token, and no second try."""
    press.greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    with pytest.raises(TLSError, match="does not speak TLS") as caught:
        connect(press.url.replace("http:", "https:")).create_deployment({})

    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, False)


def test_a_missing_ca_bundle_is_told(
    connect: Callable[..., Client], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that the environment names and that is not there ends the call before anything is sent."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem")

    with pytest.raises(TLSError, match=r"/nowhere/bundle\.pem"):
        connect(press.url.replace("http:", "https:")).create_deployment({})
