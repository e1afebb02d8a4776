"""The service, as the command finds it."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pulumi_press.client.client import Client
from pulumi_press.emulator import start
from tests.unit.doctor.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.doctor.conftest import Examined, Machine, Service

SPEC = {
    "version": 1,
    "kind": "service",
    "metadata": {"name": "orders", "summary": "Answers."},
    "release": {"version": "1.0.0"},
    "config": {"serviceType": "api", "imageDetails": {"id": 3}, "resources": {"instanceTypeId": 1}},
}


def examine(machine: Machine, endpoint: str) -> Examined:
    """Run the command for a service, with the token."""
    machine.set(PRESS_ENDPOINT=endpoint, PEAK_AUTH_TOKEN=TOKEN)
    examined = machine.examine()
    assert TOKEN not in examined.printed
    return examined


def test_a_press_that_takes_the_token_is_ok(machine: Machine) -> None:
    """A reachable Press that takes the token shows what the token sees, since it does not name the tenant."""
    with start(tokens={TOKEN: "acme"}) as press, Client(press.url, TOKEN) as client:
        spec = client.create_spec(SPEC)["id"]
        client.create_deployment({"metadata": {"name": "orders-prod", "summary": "Runs."}, "spec": {"id": spec}})

        examined = examine(machine, press.url)

    assert [examined[check].level for check in ("endpoint", "token", "tenant", "clock")] == ["ok"] * 4
    assert examined["token"].found == "accepted (from PEAK_AUTH_TOKEN)"
    assert examined["tenant"].found == "the service does not name it; this token sees 1 deployment: orders-prod"


def test_no_token_is_shown_where_none_is_set(machine: Machine, serve: Callable[..., Service]) -> None:
    """Without a token the service is still looked for, and a 401 is then no surprise."""
    service = serve(401)
    machine.set(PRESS_ENDPOINT=f"http://127.0.0.1:{service.port}")

    examined = machine.examine()

    assert [examined[check].level for check in ("settings", "endpoint", "token")] == ["problem", "ok", "warning"]
    assert ["authorization" in seen for seen in service.seen] == [False]


@pytest.mark.parametrize(
    ("status", "endpoint", "token", "told"),
    [
        (401, "ok", "problem", "not accepted: 401 Unauthorized: no such token ***"),
        (403, "ok", "problem", "known, but not allowed to list specs: 403 Forbidden"),
        (429, "warning", "warning", "the service did not say"),
        (503, "warning", "warning", "the service did not say"),
        (302, "problem", "warning", "the service did not say"),
        (404, "problem", "warning", "the service did not say"),
    ],
)
def test_each_refusal_is_told_apart(  # noqa: PLR0917  # One of them is the case.
    machine: Machine, serve: Callable[..., Service], status: int, endpoint: str, token: str, told: str
) -> None:
    """A token that is unknown, one that may not, a service that fails, and what is no Press are four things."""
    service = serve(status, {"detail": f"no such token {TOKEN}"})

    examined = examine(machine, f"http://127.0.0.1:{service.port}")

    assert (examined["endpoint"].level, examined["token"].level) == (endpoint, token)
    assert told in examined["token"].found
    assert examined.code == int("problem" in {endpoint, token} or examined["engine"].level == "problem")


def test_a_page_that_answers_everything_is_not_press(machine: Machine, serve: Callable[..., Service]) -> None:
    """A captive portal answers 200, and is told from Press."""
    service = serve(200, b"<html><title>Welcome to the hotel</title></html>")

    examined = examine(machine, f"http://127.0.0.1:{service.port}")

    assert (examined["endpoint"].level, "not as Press does" in examined["endpoint"].found) == ("problem", True)


@pytest.mark.parametrize(("minutes", "told"), [(10, "behind the service's"), (-10, "ahead of the service's")])
def test_clocks_that_differ_are_told(machine: Machine, serve: Callable[..., Service], minutes: int, told: str) -> None:
    """A date of the service that is far from this machine's clock is a warning."""
    date = format_datetime(datetime.now(timezone.utc) + timedelta(minutes=minutes), usegmt=True)
    service = serve(200, {"specs": [], "pageCount": 0, "deployments": []}, Date=date)

    clock = examine(machine, f"http://127.0.0.1:{service.port}")["clock"]

    assert (clock.level, told in clock.found) == ("warning", True)


def test_a_date_that_nobody_can_read_is_no_traceback(machine: Machine, serve: Callable[..., Service]) -> None:
    """Without a readable date the clocks cannot be compared, and that is said."""
    service = serve(200, {"specs": [], "pageCount": 0, "deployments": []}, Date="yesterday")

    assert "no readable date" in examine(machine, f"http://127.0.0.1:{service.port}")["clock"].found


def test_nobody_listening_is_told(machine: Machine) -> None:
    """A port of this machine where nobody listens is a problem, and the local Press is offered."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    endpoint = examine(machine, f"http://127.0.0.1:{port}")["endpoint"]

    assert (endpoint.level, "refused" in endpoint.found) == ("problem", True)
    assert f"pulumi-press emulator --port {port}" in endpoint.advice


def test_a_name_without_an_address_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that DNS does not know is told as that, by name."""

    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    endpoint = examine(machine, "https://pres.peak.example")["endpoint"]

    assert endpoint.found == (
        "https://pres.peak.example: the name 'pres.peak.example' cannot be resolved: Name or service not known"
    )
    assert "DNS" in endpoint.advice


def test_a_proxy_that_is_not_there_is_told(machine: Machine) -> None:
    """A proxy that nobody runs is told from a service that nobody runs, without the proxy's password."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    machine.set(HTTPS_PROXY=f"http://ann:canary-pw@127.0.0.1:{port}")

    examined = examine(machine, "https://press.peak.example")

    assert f"through the proxy 127.0.0.1:{port}: no connection" in examined["endpoint"].found
    assert "HTTPS_PROXY" in examined["endpoint"].advice
    assert "canary-pw" not in examined.printed


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_told(machine: Machine, serve: Callable[..., Service], scheme: str) -> None:
    """A proxy that wants credentials is told as the one that refuses."""
    proxy = serve(407, b"who are you")
    machine.set(**{f"{scheme.upper()}_PROXY": f"http://127.0.0.1:{proxy.port}"})

    endpoint = examine(machine, f"{scheme}://press.peak.example")["endpoint"]

    assert (endpoint.level, "407" in endpoint.found) == ("problem", True)
    assert "check the proxy" in endpoint.advice


def test_a_token_that_goes_unencrypted_is_a_warning(machine: Machine, serve: Callable[..., Service]) -> None:
    """Plain http to another machine is a warning."""
    proxy = serve(200, {"specs": [], "pageCount": 0, "deployments": []})
    machine.set(HTTP_PROXY=f"http://127.0.0.1:{proxy.port}")

    endpoint = examine(machine, "http://press.peak.example")["endpoint"]

    assert (endpoint.level, "unencrypted" in endpoint.found) == ("warning", True)


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """Serve with a certificate of `localhost` that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(signed.public_bytes(encoding) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_certificate_that_nobody_vouches_for_is_told(
    machine: Machine, serve: Callable[..., Service], tls: ssl.SSLContext
) -> None:
    """A certificate of an unknown authority is told, with the variable that names another; nothing is sent."""
    service = serve(tls=tls)

    endpoint = examine(machine, f"https://localhost:{service.port}")["endpoint"]

    assert (endpoint.level, "no trusted connection" in endpoint.found) == ("problem", True)
    assert "REQUESTS_CA_BUNDLE" in endpoint.advice
    assert service.seen == []


def test_a_certificate_of_another_name_is_told(
    machine: Machine, serve: Callable[..., Service], tls: ssl.SSLContext, tmp_path: Path
) -> None:
    """A certificate that is made out to another name is told as that."""
    service = serve(tls=tls)
    machine.set(REQUESTS_CA_BUNDLE=str(tmp_path / "certificate.pem"))

    endpoint = examine(machine, f"https://127.0.0.1:{service.port}")["endpoint"]

    assert (endpoint.level, "use the name" in endpoint.advice) == ("problem", True)


def test_https_where_only_http_is_spoken_is_told(machine: Machine, serve: Callable[..., Service]) -> None:
    """A service without TLS is told as that, with the scheme to use."""
    service = serve()

    endpoint = examine(machine, f"https://127.0.0.1:{service.port}")["endpoint"]

    assert (endpoint.level, "use http://" in endpoint.advice) == ("problem", True)
