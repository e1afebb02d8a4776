"""Which host names are answered: a page of another site must not reach a local Press by a name of its own."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from pulumi_press.emulator.assumptions import Settings
from pulumi_press.emulator.middleware import allowed_hosts
from pulumi_press.emulator.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.emulator.conftest import Api

SPECS = "/v1/blocks/specs/"
PATHS = [
    ("POST", "/_emulator/reset"),
    ("GET", "/_emulator/state"),
    ("GET", "/_emulator/health"),
    ("GET", "/"),
    ("GET", "/openapi.json"),
    ("GET", SPECS),
    ("DELETE", SPECS + "x"),
    ("GET", "/no/such/route"),
]


def _status(url: str, *hosts: str, method: str = "GET", path: str = "/_emulator/health", version: str = "1.1") -> int:
    """Send a call with these Host headers, and give the status of the answer."""
    address = urlsplit(url)
    lines = [f"{method} {path} HTTP/{version}", *(f"Host: {host}" for host in hosts), "Connection: close"]
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "Authorization: token", "Content-Length: 0", "", ""]).encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    return int(answer.split()[1])


@contextmanager
def _listening(host: str) -> Iterator[str]:
    """Run a local Press on an address, and give its URL."""
    is_up = threading.Event()
    server = Server(Settings(), host, announce=lambda _: is_up.set())
    thread = threading.Thread(target=server.listen)
    thread.start()
    assert is_up.wait(30)
    try:
        yield server.url
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_rebound_name_is_refused_on_every_path(api: Api, method: str, path: str) -> None:
    """Origin and Host agree in a rebound page, so the name itself is refused, whatever is asked."""
    port = urlsplit(api.press.url).port
    headers = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}", "Authorization": api.token}
    refused = requests.request(method, api.press.url + path, headers=headers, timeout=30)
    assert (refused.status_code, "evil.example" in refused.json()["detail"]) == (421, True)


def test_a_rebound_page_resets_nothing(api: Api) -> None:
    """What is stored stays, and the log has no such call."""
    spec_id = api.make_spec()
    before = api.press.requests()
    assert _status(api.press.url, "evil.example", method="POST", path="/_emulator/reset") == 421
    assert _status(api.press.url, "evil.example", method="DELETE", path=SPECS + spec_id) == 421
    assert api.press.requests() == before
    assert [spec["id"] for spec in api.press.state()["specs"]] == [spec_id]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LocalHost", "[::1]", "127.0.0.1:8600", "localhost:1", "[::1]:65535"]
)
def test_names_of_this_machine_are_answered(api: Api, host: str) -> None:
    """With any port, since a tunnel may have another one than the server."""
    assert _status(api.press.url, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil-localhost",
        "localhost.",
        "127.0.0.2",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "::1",
        "[::2]",
        "[::1]evil",
        "localhost:80@evil.example",
        "evil.example:localhost",
        "localhost:x",
        "localhost/..",
        "",
    ],
)
def test_other_names_are_refused(api: Api, host: str) -> None:
    """However much a name looks like one of this machine."""
    assert _status(api.press.url, host) == 421


def test_one_name_is_needed(api: Api) -> None:
    """A call with no Host, or with two, is refused."""
    assert _status(api.press.url, version="1.0") == 421
    assert _status(api.press.url, "localhost", "evil.example") == 421


@pytest.mark.parametrize("host", ["127.0.0.5", "localhost", "127.1"])
def test_the_name_that_it_was_started_with_is_answered(host: str) -> None:
    """On another loopback address too; and the others are still refused."""
    with _listening(host) as url:
        assert _status(url, host) == 200
        assert _status(url, "localhost") == 200
        assert _status(url, "evil.example") == 421


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "2001:db8::7", "fe80::1%eth0"])  # noqa: S104
def test_on_an_address_that_others_reach_every_name_is_answered(address: str) -> None:
    """Only its user knows by which names a machine is reached, such as a container's."""
    assert allowed_hosts(address, address) is None


@pytest.mark.parametrize(
    ("address", "host", "named"),
    [
        ("127.0.0.1", "press.internal", "press.internal"),
        ("127.9.9.9", "Press", "press"),
        ("::1", "::1", "[::1]"),
        ("::ffff:127.0.0.1", "press", "press"),
    ],
)
def test_a_name_for_a_loopback_address_is_answered_when_it_was_given(address: str, host: str, named: str) -> None:
    """As `/etc/hosts` may have it: beside the three, and no other."""
    names = allowed_hosts(address, host) or ()
    assert {"127.0.0.1", "localhost", "[::1]", named} <= set(names)
    assert len(names) <= 5


def test_names_that_were_allowed_are_answered(make_api: Callable[..., Api]) -> None:
    """For a proxy that keeps the name of the call; no other name is."""
    url = make_api(allow_hosts=["press.example", "Service.example"]).press.url
    hosts = ("press.example:443", "service.example", "localhost", "evil.example", "x.press.example")
    assert [_status(url, host) for host in hosts] == [200, 200, 200, 421, 421]


def test_the_message_says_what_to_do(api: Api) -> None:
    """It names the names that are answered, and the option; a hostile name is escaped and cut."""
    refused = requests.get(f"{api.press.url}/_emulator/health", headers={"Host": "a" * 500}, timeout=30)
    detail = refused.json()["detail"]
    assert "127.0.0.1, localhost, [::1]" in detail
    assert "--allow-host" in detail
    assert len(detail) < 400
