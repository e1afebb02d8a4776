"""What the clients of one process share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.errors import TooManyRequests
from pulumi_press.emulator import start
from pulumi_press.plugin.runtime import connect
from tests.support.contexts import make_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress

TENANTS = {"first": "acme", "second": "umbra"}


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press with two tenants."""
    with start(tokens=TENANTS) as running:
        yield running


def test_service_that_wants_no_requests_gets_none_of_this_token(press: LocalPress) -> None:
    """A client with the limit of `custom_timeouts` waits for what another one was told; another tenant's goes on."""
    ours, theirs = (make_settings(press.url, token) for token in TENANTS)
    press.faults({"times": 1, "then": {"status": 429, "headers": {"Retry-After": "400"}}})
    with pytest.raises(TooManyRequests, match="the service asks to wait 400 s"):
        list(connect(ours).list_specs())

    with pytest.raises(TooManyRequests, match=r"not sent, since .* \(a request has 60 s in all, .* to wait 400 s\)"):
        list(connect(ours, 60.0).list_specs())
    assert list(connect(theirs).list_specs()) == []

    assert [call["tenant"] for call in press.requests()] == ["acme", "umbra"]
