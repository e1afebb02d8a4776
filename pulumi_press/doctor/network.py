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
    "Way",
    "advise",
    "find_way",
    "resolve",
    "send",
]

PATIENCE = 10
"""Seconds to wait for a name to be resolved."""
PORTS = {"http": 80, "https": 443}
PROXY = "check the proxy, and the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY"


class Way(NamedTuple):
    """The host that a request goes to first: a proxy's, or the service's own."""

    host: str
    port: int
    proxy: str = ""
    """Host and port of the proxy, without its credentials; empty if there is none."""
    is_loopback: bool = False

    @property
    def told(self) -> str:
        """Words on the proxy, to put behind the endpoint."""
        return f" through the proxy {self.proxy}" if self.proxy else ""

    @property
    def doubt(self) -> str:
        """Words on the proxy, to put behind an advice."""
        return "; it may be the proxy that answers" if self.proxy else ""


def find_way(base: str) -> Way:
    """Find out how a request to an address goes, as the client sends it."""
    parts = urlsplit(base)
    direct = Way(parts.hostname or "", parts.port or PORTS[parts.scheme])
    if proxies_for(base):  # It is this machine itself.
        return direct._replace(is_loopback=True)
    chosen = select_proxy(base, get_environ_proxies(base, no_proxy=None))
    if not chosen:
        return direct
    proxy = urlsplit(chosen if "://" in chosen else f"http://{chosen}")
    host = proxy.hostname or ""
    return Way(host, proxy.port or PORTS.get(proxy.scheme, 0), proxy=proxy.netloc.rpartition("@")[2] or host)


def resolve(way: Way) -> str:
    """Look the host's name up; give why it has no address, or nothing if it has one."""
    whose = f"the name of the proxy, {way.host!r}," if way.proxy else f"the name {way.host!r}"
    failures: list[str] = []

    def look() -> None:
        try:
            socket.getaddrinfo(way.host, way.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failures.append(getattr(error, "strerror", None) or str(error))

    # A look-up cannot be told to hurry, so it is left behind.
    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE)
    if looking.is_alive():
        return f"{whose} is not resolved within {PATIENCE} s"
    return f"{whose} cannot be resolved: {failures[0]}" if failures else ""


def advise(way: Way, reason: str, error: PressError | None = None) -> str:
    """Return what to do about a way that does not lead to the service."""
    if isinstance(error, TLSError):
        return _advise_on_trust(reason.lower())
    if way.proxy:
        return PROXY
    if error is None:
        return "check the spelling of the endpoint or stage, the DNS, and whether a VPN or a proxy is needed"
    if way.is_loopback:
        return f"start what should listen there, such as `pulumi-press emulator --port {way.port}`, or correct the port"
    if isinstance(error, Timeout):
        return "look again later, or check what lies between: a firewall, a VPN, a proxy that is needed"
    return "check the port, and what lies between: a firewall, a VPN, a proxy that is needed"


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
    """An answer of the service."""

    status: int
    body: bytes
    date: str
    """The header `Date`; empty if there is none."""
    at: float
    """When it came, by this machine's clock: seconds since the epoch."""


def send(base: str, token: Token) -> Probe:
    """Ask for one spec, once.

    Raises:
        PressError: no answer came.
    """
    try:
        with new_session(token) as session:
            answer = session.get(
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
    return Probe(answer.status_code, answer.content, answer.headers.get("Date", ""), time.time())
