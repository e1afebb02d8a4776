"""One request to the service, to see who answers it and how."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import requests
import urllib3.exceptions as wire

from pulumi_press.client.retry import Timeouts
from pulumi_press.client.session import new_session, proxies_for, translate_error
from pulumi_press.client.token import Token

if TYPE_CHECKING:
    from pulumi_press.provider.settings import Settings

__all__ = ["TIMEOUTS", "Probe", "send", "token_of"]

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


class _NoToken(Token):
    """Shows no token, to see whether anybody answers at all."""

    def __init__(self) -> None:
        super().__init__("none")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request

    def hide(self, text: str) -> str:
        """Leave the text as it is."""
        return text


def token_of(settings: Settings) -> Token:
    """Give what shows the token of the settings; nothing is shown where they have none."""
    return Token(settings.auth_token) if settings.auth_token else _NoToken()


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
