"""What an operation of the core depends on, in tests: a client, settings, and a log that nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.token import Token
from pulumi_press.provider.context import Context
from pulumi_press.settings import Settings

if TYPE_CHECKING:
    from pulumi_press.client.client import Client

__all__ = ["log_nothing", "make_context", "make_settings"]


def log_nothing(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """Drop a line."""
    del message, warning, ephemeral


def make_settings(endpoint: str, token: str, source: str = "a test", **settings: Any) -> Settings:
    """Return settings for a service; `settings` are further ones, such as `adopt`."""
    return Settings(auth_token=Token(token), token_source=source, endpoint=endpoint, **settings)


def make_context(client: Client, settings: Settings, **depends: Any) -> Context:
    """Return the dependencies of an operation; `depends` are fields of `Context`, such as `cache` or `sleep`."""
    return Context(connect=lambda: client, settings=lambda: settings, **{"log": log_nothing, **depends})
