"""The route to the service: names, proxies, connections and certificates, each reported separately."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as wire
from requests.utils import get_environ_proxies, select_proxy

from pulumi_press.client.errors import Timeout, TLSError
from pulumi_press.client.retry import Timeouts
from pulumi_press.client.session import new_session, proxies_for, translate_error

if TYPE_CHECKING:
    from pulumi_press.client.errors import PressError
    from pulumi_press.client.token import Token

__all__ = [
    "TIMEOUTS",
    "Probe",
    "Route",
    "advise",
    "find_route",
    "resolve",
    "send",
]

PATIENCE = 10
"""Seconds to wait for a name to be resolved."""
PORTS = {"http": 80, "https": 443}
PROXY = "check the proxy, and the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY"


class Route(NamedTuple):
    """The host that a request is sent to first: a proxy's, or the service's own."""

    host: str
    port: int
    proxy: str = ""
    """Host and port of the proxy, without its credentials; empty if there is none."""
    is_loopback: bool = False

    @property
    def via(self) -> str:
        """Text about the proxy, after the endpoint."""
        return f" through the proxy {self.proxy}" if self.proxy else ""

    @property
    def doubt(self) -> str:
        """Text about the proxy, after an advice."""
        return "; it may be the proxy that answers" if self.proxy else ""


def find_route(base: str) -> Route:
    """Return the route of the client's requests to an address."""
    parts = urlsplit(base)
    direct = Route(parts.hostname or "", parts.port or PORTS[parts.scheme])
    if proxies_for(base):  # It is this machine itself.
        return direct._replace(is_loopback=True)
    chosen = select_proxy(base, get_environ_proxies(base, no_proxy=None))
    if not chosen:
        return direct
    proxy = urlsplit(chosen if "://" in chosen else f"http://{chosen}")
    host = proxy.hostname or ""
    return Route(host, proxy.port or PORTS.get(proxy.scheme, 0), proxy=proxy.netloc.rpartition("@")[2] or host)


def resolve(route: Route) -> str:
    """Return why the host's name has no address; empty if it has one."""
    whose = f"the name of the proxy, {route.host!r}," if route.proxy else f"the name {route.host!r}"
    failures: list[str] = []

    def look_up() -> None:
        try:
            socket.getaddrinfo(route.host, route.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failures.append(getattr(error, "strerror", None) or str(error))

    # A lookup cannot be cancelled, so it is abandoned.
    lookup = threading.Thread(target=look_up, daemon=True)
    lookup.start()
    lookup.join(PATIENCE)
    if lookup.is_alive():
        return f"{whose} is not resolved within {PATIENCE} s"
    return f"{whose} cannot be resolved: {failures[0]}" if failures else ""


def advise(route: Route, reason: str, error: PressError | None = None) -> str:
    """Return what to do about a route that does not reach the service."""
    if isinstance(error, TLSError):
        return _advise_on_trust(reason.lower())
    if route.proxy:
        return PROXY
    if error is None:
        return "check the spelling of the endpoint or stage, the DNS, and whether a VPN or a proxy is needed"
    if route.is_loopback:
        start = f"start a local Press with `pulumi-press emulator --port {route.port}`"
        return f"nothing listens there: {start}, or correct the port"
    if isinstance(error, Timeout):
        return "try again later, or check the network: a firewall, a VPN, a proxy that is needed"
    return "check the port and the network: a firewall, a VPN, a proxy that is needed"


def _advise_on_trust(reason: str) -> str:
    if "does not speak tls" in reason:
        return "use http:// if this is a local Press, or correct the port"
    if "expired" in reason or "not yet valid" in reason:
        return "check this machine's clock; if it is right, the service's certificate must be renewed"
    if "mismatch" in reason or "doesn't match" in reason or "not valid for" in reason:
        return "use the name that the certificate is made out to; a proxy or captive portal may have answered"
    return "set REQUESTS_CA_BUNDLE to a file with the authority's certificate, if a proxy or the service has its own"


PATH = "/v1/blocks/specs/"
TIMEOUTS = Timeouts(connect=5, read=15)


class Probe(NamedTuple):
    """A response of the service."""

    status: int
    body: bytes
    date: str
    """The header `Date`; empty if there is none."""
    at: float
    """When it arrived, by this machine's clock: seconds since the epoch."""


def send(base: str, token: Token) -> Probe:
    """Request one spec, once.

    Raises:
        PressError: no response arrived.
    """
    try:
        with new_session(token) as session:
            response = session.get(
                base + PATH,
                params={"pageSize": "1"},
                data=b"{}",
                headers={"Content-Type": "application/json"},
                timeout=(TIMEOUTS.connect, TIMEOUTS.read),
                proxies=proxies_for(base),
                allow_redirects=False,
            )
    except (requests.RequestException, wire.HTTPError, OSError, ValueError) as error:
        raise translate_error(error) from None
    return Probe(response.status_code, response.content, response.headers.get("Date", ""), time.time())
