"""The HTTP session: pooled connections that keep alive, the token, and nothing else that requests would add.

No netrc, no cookies, no redirects. Proxies and CA bundles of the environment apply, except that a loopback address is
never reached through a proxy.
"""

from __future__ import annotations

import http.client
import io
import platform
import threading
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import requests.adapters
import urllib3.exceptions as wire
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from pulumi_press.client.errors import (
    ConnectError,
    ConnectionRefused,
    InvalidArgument,
    InvalidResponse,
    PressError,
    ResponseLost,
    Timeout,
    TLSError,
    is_loopback,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager

    from pulumi_press.client.token import Token

__all__ = ["CONNECTIONS", "new_session", "proxies_for", "translate_error", "watch_pools", "watched"]

_thread = threading.local()


@contextmanager
def watched(look: Callable[[], None]) -> Iterator[None]:
    """Call `look` before each wait for a piece of a response, on this thread. It ends the wait by raising.

    The libraries limit the wait for each piece, not for all of them: without this, a service that sends a byte a minute
    would block a request for ever.
    """
    _thread.look = look
    try:
        yield
    finally:
        del _thread.look


def watch_pools(manager: PoolManager) -> None:
    """Make a pool manager open watched connections only."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Pieces(io.RawIOBase):
    """The data that a socket receives, piece by piece."""

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__()
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        look = getattr(_thread, "look", None)
        if look is not None:
            look()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response that is read piece by piece."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fp: Any = io.BufferedReader(_Pieces(self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls: Any = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls: Any = _SecureConnection


CONNECTIONS = 10
"""Connections at the same time; further callers wait for one."""


class _Session(requests.Session):
    """A session that does not read the target of a redirect, not even for a message."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - the name is part of the interface.
        """Return nothing: redirects are not followed."""
        return


class _Adapter(requests.adapters.HTTPAdapter):
    """Connections that are watched, and closed by `close`.

    Otherwise they would stay open until the last exception that refers to them is collected.
    """

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Create the manager of direct connections."""
        super().init_poolmanager(*arguments, **named)
        watch_pools(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        """Return the manager of connections through a proxy."""
        manager = super().proxy_manager_for(*arguments, **named)
        watch_pools(manager)
        return manager

    def close(self) -> None:
        """Close all connections that are not in use."""
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 - this mapping cannot be iterated.
                if pool := manager.pools.get(key):
                    pool.close()
        super().close()


def new_session(token: Token) -> requests.Session:
    """Return a session. Many threads may use it at once."""
    session = _Session()
    session.auth = token
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers["User-Agent"] = _user_agent()
    adapter = _Adapter(pool_maxsize=CONNECTIONS, pool_block=True, max_retries=0)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def proxies_for(url: str) -> dict[str, str]:
    """Return the proxies argument of requests for a URL: empty, or an exception for this machine itself."""
    parts = urlsplit(url)
    return {"no_proxy": parts.hostname or ""} if is_loopback(parts.netloc) else {}


def translate_error(error: Exception) -> PressError:
    """Return the client's error for one of requests, urllib3 or the operating system.

    It is a `ConnectError` only if no byte of the request can have been sent.
    """
    causes = list(_causes(error))
    last = causes[-1]
    reason = str(last) or type(last).__name__
    plain = getattr(last, "reason", "") == "WRONG_VERSION_NUMBER"
    if plain or any(type(cause).__name__ in _UNTRUSTED for cause in causes):
        return TLSError(f"no trusted connection: {'the server does not speak TLS' if plain else reason}")
    if isinstance(last, OSError) and any(sign in reason for sign in _BEFORE_SENDING):
        return ConnectError(f"no connection: {reason}")
    for kind, meaning, clause in _MEANINGS:
        if any(isinstance(cause, kind) for cause in causes):
            return meaning(f"{clause}: {reason}")
    if isinstance(error, ValueError):  # Requests' own errors about URLs, headers and proxies.
        return InvalidArgument(f"the request cannot be sent: {reason}")
    if not isinstance(error, (requests.RequestException, wire.HTTPError)):  # A missing CA bundle.
        return TLSError(f"no trusted connection: {reason}")
    return ResponseLost(f"the connection broke: {reason}")


_UNTRUSTED = frozenset({"SSLCertVerificationError", "CertificateError"})  # The second is urllib3 1's own.
_BEFORE_SENDING = ("handshake operation timed out", "Tunnel connection failed")  # By TLS, and by a proxy.
_MEANINGS: tuple[tuple[type[BaseException], type[PressError], str], ...] = (
    (ConnectionRefusedError, ConnectionRefused, "no connection"),
    (wire.NewConnectionError, ConnectError, "no connection"),
    (wire.ConnectTimeoutError, ConnectError, "no connection in time"),
    (wire.ReadTimeoutError, Timeout, "no response in time"),
    (TimeoutError, Timeout, "not sent in time"),
    (wire.DecodeError, InvalidResponse, "it cannot be decompressed"),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes. Errors that it was not raised from are left out: they may have been handled."""
    seen: list[BaseException] = []
    current: Any = error
    while isinstance(current, BaseException) and current not in seen:
        seen.append(current)
        yield current
        inner = [getattr(current, "reason", None), getattr(current, "original_error", None), *reversed(current.args)]
        current = next((item for item in (*inner, current.__cause__) if isinstance(item, BaseException)), None)


def _user_agent() -> str:
    try:
        ours = version("pulumi-press")
    except PackageNotFoundError:  # Run from a source tree.
        ours = "0"
    python = f"{platform.python_implementation()}/{platform.python_version()}"
    return f"pulumi-press/{ours} {python} {platform.system()}/{platform.release()} requests/{requests.__version__}"
