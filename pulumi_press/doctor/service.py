"""Whether the service is reached, and what it answers: name, port, TLS, token."""

from __future__ import annotations

import socket
import threading
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as wire
from requests.utils import get_environ_proxies, select_proxy

from pulumi_press.client.client import Client
from pulumi_press.client.errors import (
    Forbidden,
    PressError,
    Redirected,
    ServerError,
    Timeout,
    TLSError,
    TooManyRequests,
    Unauthorized,
    describe_body,
    status_error,
)
from pulumi_press.client.request import base_url
from pulumi_press.client.responses import ShapeError, page_of, read_json
from pulumi_press.client.retry import RetryPolicy, Timeouts
from pulumi_press.client.session import new_session, proxies_for, translate_error
from pulumi_press.doctor.checks import Finding, problem, unchecked, warning

if TYPE_CHECKING:
    from pulumi_press.client.token import Token
    from pulumi_press.settings import Settings

__all__ = ["TIMEOUTS", "Probe", "Route", "advise", "check_service", "find_route", "resolve", "send"]

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


MOST_SKEW = 60
"""Seconds that the clocks may differ."""
MOST_NAMES = 3
OK = range(200, 300)
PROXY_WANTS_CREDENTIALS = 407
NOT_PRESS = "set press:endpoint to the address of Press"
NO_TOKEN = unchecked("token", "none could be read")


def check_service(settings: Settings | None) -> list[Finding]:
    """Return the findings about the endpoint, the token, the tenant and the clock."""
    if settings is None:
        return [unchecked(check, "the settings are incomplete") for check in ("endpoint", "token", "tenant", "clock")]
    base, token = base_url(settings.endpoint, settings.stage), settings.auth_token
    route = find_route(base)
    unreached = [unchecked(check, "the endpoint cannot be reached") for check in ("token", "tenant", "clock")]
    if nameless := resolve(route):
        return [problem("endpoint", f"{base}: {nameless}", advise(route, nameless)), *unreached]
    try:
        response = send(base, token)
    except PressError as error:
        reason = token.hide(error.reason)
        return [problem("endpoint", f"{base}{route.via}: {reason}", advise(route, reason, error)), *unreached]
    text = token.hide(response.body.decode("utf-8", "replace"))
    found = f"{base}{route.via} answers"
    if response.status in OK:
        endpoint, accepted = _judge_page(response, found, route, settings)
    else:
        endpoint, accepted = _judge_refusal(response, text, found, route, settings)
    tenant = _check_tenant(base, settings) if accepted.level == "ok" else unchecked("tenant", "no token is accepted")
    return [endpoint, accepted, tenant, _check_clock(response)]


def _judge_page(response: Probe, found: str, route: Route, settings: Settings) -> tuple[Finding, Finding]:
    """Return what a 2xx response shows of the endpoint and of the token."""
    try:
        page_of("specs")(read_json(response.body))
    except ShapeError as error:
        return problem("endpoint", f"{found}, but not as Press does: {error}", NOT_PRESS), unchecked(
            "token", "this is not Press"
        )
    source = settings.token_source
    return _reached(found, route), Finding("token", f"accepted (from {source})") if source else NO_TOKEN


def _judge_refusal(response: Probe, text: str, found: str, route: Route, settings: Settings) -> tuple[Finding, Finding]:
    """Return what another response shows of the endpoint and of the token."""
    words, body = describe_body(text)
    refusal = status_error(response.status, words, body)
    said = f"{refusal.reason}: {words}" if words else refusal.reason
    if isinstance(refusal, (Unauthorized, Forbidden)):
        return _reached(found, route), _judge_token(refusal, said, settings.token_source)
    if isinstance(refusal, (TooManyRequests, ServerError)):
        endpoint = warning("endpoint", f"{found} {said}", f"try again later{route.doubt}")
    elif response.status == PROXY_WANTS_CREDENTIALS:
        endpoint = problem("endpoint", f"{found} {said}", PROXY)
    else:
        advice = refusal.advice if isinstance(refusal, Redirected) else NOT_PRESS
        endpoint = problem("endpoint", f"{found} {said}", advice)
    return endpoint, unchecked("token", "the service did not say")


def _judge_token(refusal: PressError, said: str, source: str) -> Finding:
    if not source:
        return NO_TOKEN
    if isinstance(refusal, Unauthorized):
        return problem(
            "token", f"not accepted: {said}", f"it came from {source}: set one there that is valid for this stage"
        )
    return problem(
        "token",
        f"known, but not allowed to list specs: {said}",
        f"it came from {source}: set one there with that right, or get the right for this one",
    )


def _reached(found: str, route: Route) -> Finding:
    if urlsplit(found).scheme == "http" and not route.is_loopback:
        return warning("endpoint", f"{found}, but the token is sent there unencrypted", "use https")
    return Finding("endpoint", found)


def _check_tenant(base: str, settings: Settings) -> Finding:
    """Return what the token can see, since no request returns the name of its tenant."""
    check, unnamed = "tenant", "the service does not name it"
    policy = RetryPolicy(attempts=1, deadline=TIMEOUTS.read)
    try:
        with Client(base, settings.auth_token, timeout=TIMEOUTS, retry=policy) as client:
            page = client.list_deployments(page_size=MOST_NAMES, return_iterator=False)
    except PressError as error:
        return warning(check, f"{unnamed}, and its deployments cannot be listed: {error}", "check the token's rights")
    names = [_name_of(item) for item in page["deployments"][:MOST_NAMES]]
    count = page.get("deploymentCount", len(names))
    seen = f"{count} deployment{'' if count == 1 else 's'}{': ' if names else ''}{', '.join(names)}"
    more = ", ..." if isinstance(count, int) and count > len(names) else ""
    return Finding(check, f"{unnamed}; this token sees {seen}{more}", advice="check that these are the right ones")


def _name_of(item: dict[str, Any]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("name") if isinstance(metadata, dict) else item.get("id"))


def _check_clock(response: Probe) -> Finding:
    """Compare this machine's clock with the date of a response."""
    check = "clock"
    try:
        there = parsedate_to_datetime(response.date).timestamp()
    except (ValueError, TypeError, IndexError):  # Older Pythons raise TypeError or IndexError for some texts.
        return warning(check, "the response has no readable date to compare with", "compare it with another clock")
    skew = round(response.at - there)
    if abs(skew) <= MOST_SKEW:
        return Finding(check, f"within {MOST_SKEW} s of the service's")
    side = "ahead of" if skew > 0 else "behind"
    return warning(
        check,
        f"this machine's is {abs(skew)} s {side} the service's",
        "set it (with NTP): certificates and tokens depend on the time",
    )
