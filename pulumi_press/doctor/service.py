"""Checks of the service: endpoint, token, tenant and clock."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pulumi_press.client.client import Client
from pulumi_press.client.errors import (
    Forbidden,
    PressError,
    Redirected,
    ServerError,
    TooManyRequests,
    Unauthorized,
    describe_body,
    status_error,
)
from pulumi_press.client.request import base_url
from pulumi_press.client.responses import ShapeError, page_of, read_json
from pulumi_press.client.retry import RetryPolicy
from pulumi_press.doctor.checks import Finding, problem, unchecked, warning
from pulumi_press.doctor.network import PROXY, TIMEOUTS, Probe, Route, advise, find_route, resolve, send

if TYPE_CHECKING:
    from pulumi_press.settings import Settings

__all__ = ["check_service"]

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
