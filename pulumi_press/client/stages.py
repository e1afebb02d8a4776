"""Where Press is: the base URL of a stage, or of an endpoint given outright."""

from __future__ import annotations

from urllib.parse import urlsplit

from pulumi_press.client.errors import InvalidArgument

__all__ = ["STAGES", "base_url"]

_HOSTS = {
    "prod": "press.peak.ai",
    "dev": "press.dev.peak.ai",
    "latest": "press.dev.peak.ai",
    "test": "press.test.peak.ai",
    "beta": "press.beta.peak.ai",
    "parvati": "press.parvati.peak.ai",
}

STAGES = tuple(_HOSTS)
"""The stages there are, in lower case only. `latest` is another name of `dev`."""


def base_url(endpoint: str | None = None, stage: str | None = None) -> str:
    """Return the URL that every path is appended to, without a slash at its end.

    Args:
        endpoint: An http or https URL, perhaps with a path in front of the API's own. Wins over `stage`.
        stage: One of `STAGES`. Default: `prod`.

    Raises:
        InvalidArgument: The endpoint is not such a URL, or there is no such stage.
    """
    if endpoint is not None:
        return _checked(endpoint)
    stage = "prod" if stage is None else stage
    if stage not in _HOSTS:
        raise InvalidArgument(f"stage {stage!r} does not exist: it is one of {', '.join(STAGES)}, in lower case")
    return f"https://{_HOSTS[stage]}"


def _checked(endpoint: str) -> str:
    if "@" in endpoint:  # Said first, and without the value: it may hold a password.
        raise InvalidArgument("the endpoint must not hold a user name or password: leave out all up to the @")
    example = "give a URL such as https://press.peak.ai"
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # A port that is no number, or a broken IPv6 address.
        raise InvalidArgument(f"endpoint {endpoint!r} is not a URL ({error}): {example}") from None
    if not usable or not endpoint.isprintable() or " " in endpoint:
        raise InvalidArgument(f"endpoint {endpoint!r} is not an http or https URL with a host: {example}")
    if "?" in endpoint or "#" in endpoint:
        raise InvalidArgument(f"endpoint {endpoint!r} must end with its path: leave out all from the ? or # on")
    return endpoint.rstrip("/")
