"""Connections over TLS."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pulumi_press.client.errors import ConnectError, TLSError
from pulumi_press.client.retry import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of `localhost` that signed itself, with its key, in one file."""
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
    return path


@pytest.fixture
def press_tls(start: Callable[..., Press], certificate: Path) -> Press:
    """A server that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return start(tls=context)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A socket that connections can be made to, and that nobody serves."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_certificate_that_nobody_vouches_for_is_refused(connect: Callable[..., Client], press_tls: Press) -> None:
    """Neither the token nor the request goes to a stranger, and there is no second try."""
    with pytest.raises(TLSError, match=r"no trusted connection: .*self.signed") as caught:
        connect(f"https://localhost:{press_tls.port}").create_deployment({})

    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, False)
    assert press_tls.received == []


def test_a_handshake_that_never_ends_leaves_nothing_unknown(
    connect: Callable[..., Client], silent: socket.socket
) -> None:
    """A service that accepts the connection and then says nothing never got the request."""
    client = connect(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=Timeouts(connect=0.05, read=0.05))

    with pytest.raises(ConnectError, match="handshake operation timed out") as caught:
        client.create_deployment({})

    assert (caught.value.attempts, caught.value.outcome_unknown) == (4, False)


def test_the_environments_ca_bundle_is_used(
    connect: Callable[..., Client], press_tls: Press, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that the environment vouches for is trusted, for the name it was made out to and for no other."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))

    assert connect(f"https://localhost:{press_tls.port}").create_deployment({})["id"] == "an-id"
    with pytest.raises(TLSError, match="127"):
        connect(f"https://127.0.0.1:{press_tls.port}").create_deployment({})
    assert len(press_tls.received) == 1
