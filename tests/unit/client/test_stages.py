"""Where the service is."""

from __future__ import annotations

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.request import STAGES, base_url


@pytest.mark.parametrize(
    ("stage", "url"),
    [
        (None, "https://press.peak.ai"),
        ("prod", "https://press.peak.ai"),
        ("dev", "https://press.dev.peak.ai"),
        ("latest", "https://press.dev.peak.ai"),
        ("test", "https://press.test.peak.ai"),
        ("beta", "https://press.beta.peak.ai"),
        ("parvati", "https://press.parvati.peak.ai"),
    ],
)
def test_each_stage_has_its_host(stage: str | None, url: str) -> None:
    """The stage decides the host; without one it is `prod`."""
    assert base_url(stage=stage) == url
    assert Client(auth_token="t", stage=stage).endpoint == url
    assert stage is None or stage in STAGES


@pytest.mark.parametrize("stage", ["PROD", "", "live", "prod ", "dev.evil.example/"])
def test_another_stage_is_refused(stage: str) -> None:
    """A stage is one of six words in lower case, which the error names."""
    with pytest.raises(InvalidArgument, match="one of prod, dev, latest, test, beta, parvati"):
        base_url(stage=stage)


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://press.example/", "https://press.example"),
        ("https://press.example/a/b//", "https://press.example/a/b"),
        ("HTTP://[::1]:80", "HTTP://[::1]:80"),
    ],
)
def test_an_endpoint_wins_over_the_stage(endpoint: str, url: str) -> None:
    """An endpoint is used as given, path included, without slashes at its end."""
    assert base_url(endpoint, "dev") == url


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "press.example",
        "localhost:8080",
        "ftp://press.example",
        "http://",
        "http:///path",
        "http://:80",
        "http://a:b",
        "http://a:99999",
        "http://a:0",
        "http://[::1",
        "http://a b",
        "http://a\n",
        "http://a?b=c",
        "http://a#b",
        "http://a?",
        "//a",
    ],
)
def test_an_endpoint_that_is_no_usable_url_is_refused(endpoint: str) -> None:
    """The error shows what was given."""
    with pytest.raises(InvalidArgument, match="endpoint"):
        base_url(endpoint)


def test_a_password_in_an_endpoint_is_refused_and_not_shown() -> None:
    """Credentials belong in the token alone."""
    with pytest.raises(InvalidArgument, match="must not hold a user name or password") as caught:
        base_url("https://user:secret@press.example")

    assert "secret" not in str(caught.value)
