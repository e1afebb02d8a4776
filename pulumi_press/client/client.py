"""The client: one method for each request of the API, on one pool of connections."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from typing_extensions import Self

from pulumi_press.client.deployment_requests import DeploymentRequests, ParameterRequests
from pulumi_press.client.request import base_url
from pulumi_press.client.retry import PROCESS_BUDGET, Clock, Cooldown, RetryBudget, RetryPolicy, Timeouts
from pulumi_press.client.spec_requests import SpecRequests
from pulumi_press.client.token import Token
from pulumi_press.client.transport import Transport

if TYPE_CHECKING:
    from pulumi_press.client.transport import ServiceClock

__all__ = ["Client"]


class Client(SpecRequests, DeploymentRequests, ParameterRequests):
    """A client of Press Blocks. Many threads may use it at once; close it, or use it with `with`.

    Args:
        endpoint: Where the service is, an http or https URL. Wins over `stage`.
        auth_token: Sent as the `Authorization` header, exactly as given.
        stage: `prod` (default), `dev`, `latest`, `test`, `beta` or `parvati`.
        timeout: Seconds to connect and to wait for the next piece of a response.
        retry: How often and how long a request is attempted.
        budget: Limit on retries. Default: one budget for the whole process.
        cooldown: When the service wants requests again, for clients with the same address and token to share.
            Default: one for this client.
        stop: Once set, no new request is sent and all waits end with `Interrupted`. A response that is arriving is
            still read.
        clock: Time and random numbers, for tests.

    Raises:
        InvalidArgument: The endpoint, the stage or the token cannot be used.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        auth_token: Token | str = "",
        *,
        stage: str | None = None,
        timeout: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        budget: RetryBudget | None = None,
        cooldown: Cooldown | None = None,
        stop: threading.Event | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._transport = Transport(
            base_url(endpoint, stage),
            auth_token if isinstance(auth_token, Token) else Token(auth_token),
            timeouts=timeout or Timeouts(),
            policy=retry or RetryPolicy(),
            budget=budget or PROCESS_BUDGET,
            cooldown=cooldown or Cooldown(),
            stop=stop or threading.Event(),
            clock=clock or Clock(),
        )

    @property
    def endpoint(self) -> str:
        """The URL that every path is appended to."""
        return self._transport.base

    @property
    def times(self) -> ServiceClock:
        """The time here and at the service."""
        return self._transport.times

    def close(self) -> None:
        """Close all connections. The client can still be used: it opens new ones."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Use the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self.close()

    def __repr__(self) -> str:
        """Return the endpoint, without the token."""
        return f"Client({self.endpoint!r}, auth_token=***)"
