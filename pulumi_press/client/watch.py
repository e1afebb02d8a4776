"""Connections that look at the clock before each piece of an answer that they wait for.

The libraries below limit the wait for each piece, not for all of them: without this, a service that sends a byte a
minute, or tells again and again that it will go on, would hold a call for ever.
"""

from __future__ import annotations

import http.client
import io
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager

__all__ = ["watch_pools", "watched"]

_thread = threading.local()


@contextmanager
def watched(look: Callable[[], None]) -> Iterator[None]:
    """Let `look` be called before each wait for a piece of an answer, on this thread. It ends the wait by raising."""
    _thread.look = look
    try:
        yield
    finally:
        del _thread.look


def watch_pools(manager: PoolManager) -> None:
    """Make a manager of connections open watched ones only."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Pieces(io.RawIOBase):
    """What a socket receives, piece by piece."""

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
    """An answer that is read piece by piece."""

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
