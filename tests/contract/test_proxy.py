"""The way from the real client to the local Press."""

from __future__ import annotations

import http.client
import ssl
from typing import Any
from urllib.parse import urlsplit

import pytest


def ask(client: Any, host: str, port: int = 443) -> int:
    """Ask a host for its health, over the proxy and with the proxy's certificate, and return the status."""
    proxy = urlsplit(client.environment["HTTPS_PROXY"])
    trust = ssl.create_default_context(cafile=client.environment["REQUESTS_CA_BUNDLE"])
    connection = http.client.HTTPSConnection(str(proxy.hostname), proxy.port, context=trust, timeout=30)
    connection.set_tunnel(host, port)
    try:
        connection.request("GET", "/_emulator/health")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["press.peak.ai", "service.peak.ai", "press.dev.peak.ai", "service.parvati.peak.ai"])
def test_every_host_of_the_service_is_the_local_press(host: str, client: Any) -> None:
    """Both hosts, in every stage, lead to the local Press, with a certificate that fits them."""
    assert ask(client, host) == 200


@pytest.mark.parametrize(("host", "port"), [("example.com", 443), ("peak.ai.example.com", 443), ("press.peak.ai", 80)])
def test_nothing_else_is_reached(host: str, port: int, client: Any) -> None:
    """The proxy leads nowhere but to the local Press."""
    with pytest.raises(OSError, match="403 Forbidden"):
        ask(client, host, port)
