"""What all resources and threads of a process share: settings, a client for each service and token, and a cache."""

from __future__ import annotations

import json
import os
import re
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.retry import Cooldown, RetryPolicy, Timeouts
from pulumi_press.plugin.home import find_home
from pulumi_press.provider.adoption import describe_taken_up
from pulumi_press.provider.context import ProcessCache
from pulumi_press.provider.create_once import Intents, digest
from pulumi_press.provider.errors import SettingsError
from pulumi_press.provider.settings import read_settings
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from pulumi.dynamic import Config

    from pulumi_press.client.client import Client
    from pulumi_press.client.token import Token
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["begin", "cache", "connect", "find_backend", "intents", "limit", "settings_of", "stop", "summarize"]

stop = threading.Event()
"""Set when the engine cancels all operations."""

cache = ProcessCache()
"""What the resources of this process know of each other."""


def begin() -> None:
    """Begin an operation of the engine in a process that may have served others: nothing of them is known any more.

    The engine sends `Cancel` at the end of each operation, too, and a process that it is attached to goes on.
    """
    global cache  # noqa: PLW0603  # It is what all operations of the process share.
    stop.clear()
    cache = ProcessCache()


def summarize() -> str:
    """Return what is to be told once at the end of an operation; empty where there is nothing."""
    return describe_taken_up(cache)


_PROJECT_BACKEND = re.compile(r"^backend:[^\n]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+url:[ \t]*(\S+)", re.MULTILINE)


def find_backend() -> str:
    """Return the URL of the backend that keeps the state; empty for the default.

    The engine does not send it. As there, it is read from the environment, the project file, or the login. A relative
    folder is made absolute.
    """
    url = os.environ.get("PULUMI_BACKEND_URL") or _read_project() or _read_login()
    scheme, separator, path = url.partition("://")
    if separator and scheme == "file" and not path.startswith(("/", "~")):
        return f"file://{os.path.normpath(Path.cwd() / path)}"
    return url


def _read_project() -> str:
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            with suppress(OSError, ValueError):
                found = _PROJECT_BACKEND.search((folder / name).read_text(encoding="utf-8") + "\n")
                return found[1].strip("\"'") if found else ""
    return ""


def _read_login() -> str:
    with suppress(OSError, ValueError, RuntimeError):
        current = json.loads((find_home() / "credentials.json").read_text(encoding="utf-8")).get("current")
        return current if isinstance(current, str) else ""
    return ""


def _find_folder() -> Path | None:
    """Return the folder of the intents in this user's cache; None if there is no home folder.

    Each backend has its own: stacks of the same name in two backends are two stacks.
    """
    with suppress(RuntimeError):  # There is no home folder.
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pulumi-press" / "intents"
        return folder / digest(find_backend())[:16]
    return None


intents = Intents(_find_folder())
"""What this machine is about to create; kept in files."""

_clients: dict[tuple[Settings, float | None], Client] = {}
_cooldowns: dict[tuple[str | None, str | None, Token], Cooldown] = {}
"""When each service wants requests again, by endpoint, stage and token; a client with another limit shares it."""
_lock = threading.Lock()


def settings_of(config: Config | None) -> Settings:
    """Read the settings from the provider's configuration and the environment.

    Raises:
        SettingsError: one is missing or invalid.
    """

    def find(key: str) -> str | None:
        value = config.get(key) if config is not None else None
        # An explicit provider's argument may be a number.
        return None if value is None else str(value)

    return read_settings(find, os.environ)


def connect(settings: Settings, limit: float | None = None) -> Client:
    """Return the client for these settings.

    Args:
        settings: the settings.
        limit: seconds that one call may take with all its retries. Default: the client's own.

    Raises:
        SettingsError: there is no such stage, or the endpoint is not an address.
    """
    from pulumi_press.client.client import Client  # It loads the HTTP library.

    with _lock:
        client = _clients.get((settings, limit))
        if client is None:
            place = (settings.endpoint, settings.stage, settings.auth_token)
            try:
                client = _clients[settings, limit] = Client(
                    settings.endpoint,
                    settings.auth_token,
                    stage=settings.stage,
                    timeout=Timeouts(read=min(settings.timeout, limit or settings.timeout)),
                    retry=RetryPolicy(attempts=1 + settings.max_retries, deadline=limit or RetryPolicy.deadline),
                    cooldown=_cooldowns.setdefault(place, Cooldown()),
                    stop=stop,
                )
            except InvalidArgument as error:
                key = "press:endpoint" if settings.endpoint else "press:stage"
                raise SettingsError(f"{key}: {error}") from None
        return client


def limit(context: Context, operation: str, values: Values, seconds: float | None) -> Context:
    """Return the dependencies of an operation with the limit that `custom_timeouts` set.

    Args:
        context: its dependencies.
        operation: `create`, `update` or `delete`.
        values: the inputs or outputs. Their `timeouts` win; they are about what is waited for, so each call to the
            service then has the time that it always has.
        seconds: the limit; None where there is none.
    """
    if seconds is None or get(values, f"timeouts.{operation}"):
        return context
    return replace(context, timeout=seconds, connect=lambda: connect(context.settings(), seconds))
