"""The service: can it be reached, does it take the token, and what does it show of itself?"""

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
from pulumi_press.doctor.network import PROXY, TIMEOUTS, Probe, Way, advise, find_way, resolve, send

if TYPE_CHECKING:
    from pulumi_press.settings import Settings

__all__ = ["check_service"]

MOST_SKEW = 60
"""Seconds that the clocks may differ."""
MOST_NAMES = 3
OK = range(200, 300)
PROXY_WANTS_CREDENTIALS = 407
NOT_PRESS = "check the endpoint: is this the address of Press?"
NO_TOKEN = unchecked("token", "none could be read")


def check_service(settings: Settings | None) -> list[Finding]:
    """Look at the endpoint, the token, the tenant and the clock."""
    if settings is None:
        return [unchecked(check, "the settings do not tell all") for check in ("endpoint", "token", "tenant", "clock")]
    base, token = base_url(settings.endpoint, settings.stage), settings.auth_token
    way = find_way(base)
    unreached = [unchecked(check, "the endpoint is not reached") for check in ("token", "tenant", "clock")]
    if nameless := resolve(way):
        return [problem("endpoint", f"{base}: {nameless}", advise(way, nameless)), *unreached]
    try:
        answer = send(base, token)
    except PressError as error:
        reason = token.hide(error.reason)
        return [problem("endpoint", f"{base}{way.told}: {reason}", advise(way, reason, error)), *unreached]
    told = token.hide(answer.body.decode("utf-8", "replace"))
    found = f"{base}{way.told} answers"
    if answer.status in OK:
        endpoint, accepted = _judge_page(answer, found, way, settings)
    else:
        endpoint, accepted = _judge_refusal(answer, told, found, way, settings)
    tenant = _check_tenant(base, settings) if accepted.level == "ok" else unchecked("tenant", "no token is accepted")
    return [endpoint, accepted, tenant, _check_clock(answer)]


def _judge_page(answer: Probe, found: str, way: Way, settings: Settings) -> tuple[Finding, Finding]:
    """Tell from a 2xx answer whether this is Press; give what is found of the endpoint and of the token."""
    try:
        page_of("specs")(read_json(answer.body))
    except ShapeError as error:
        return problem("endpoint", f"{found}, but not as Press does: {error}", NOT_PRESS), unchecked(
            "token", "this is not Press"
        )
    source = settings.token_source
    return _reached(found, way), Finding("token", f"accepted (from {source})") if source else NO_TOKEN


def _judge_refusal(answer: Probe, told: str, found: str, way: Way, settings: Settings) -> tuple[Finding, Finding]:
    """Tell from another answer whether it is the token that is refused; give the same two findings."""
    words, body = describe_body(told)
    refusal = status_error(answer.status, words, body)
    said = f"{refusal.reason}: {words}" if words else refusal.reason
    if isinstance(refusal, (Unauthorized, Forbidden)):
        return _reached(found, way), _judge_token(refusal, said, settings.token_source)
    if isinstance(refusal, (TooManyRequests, ServerError)):
        endpoint = warning("endpoint", f"{found} {said}", f"look again later{way.doubt}")
    elif answer.status == PROXY_WANTS_CREDENTIALS:
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
            "token", f"not accepted: {said}", f"it came from {source}: set a valid one there, one of this stage"
        )
    return problem(
        "token",
        f"known, and not allowed to list specs: {said}",
        f"it came from {source}: set one there of a user who may, or have this one allowed to",
    )


def _reached(found: str, way: Way) -> Finding:
    if urlsplit(found).scheme == "http" and not way.is_loopback:
        return warning("endpoint", f"{found}, and the token goes there unencrypted", "use https")
    return Finding("endpoint", found)


def _check_tenant(base: str, settings: Settings) -> Finding:
    """Show what the token sees: the API has no call that names a token's tenant."""
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
    return Finding(check, f"{unnamed}; this token sees {seen}{more}", advice="check that these are the ones you mean")


def _name_of(item: dict[str, Any]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("name") if isinstance(metadata, dict) else item.get("id"))


def _check_clock(answer: Probe) -> Finding:
    """Compare this machine's clock with the one that the answer was stamped by."""
    check = "clock"
    try:
        there = parsedate_to_datetime(answer.date).timestamp()
    except (ValueError, TypeError, IndexError):  # Older Pythons raise TypeError or IndexError for some texts.
        return warning(check, "the answer has no readable date to compare with", "compare it with another clock")
    skew = round(answer.at - there)
    if abs(skew) <= MOST_SKEW:
        return Finding(check, f"within {MOST_SKEW} s of the service's")
    side = "ahead of" if skew > 0 else "behind"
    return warning(
        check,
        f"this machine's is {abs(skew)} s {side} the service's",
        "set it (with NTP): certificates and tokens are judged by the time",
    )
