"""Host names: a local Press on a loopback address answers to names of this machine only.

A page of another site can make its own name point to 127.0.0.1. The browser then takes the local Press for that site,
and lets the page call it: the name in `Host` is all that tells the two apart.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Hosting", "names_answered"]

NAMES = ("127.0.0.1", "localhost", "[::1]")
"""Answered on every loopback address."""

MISDIRECTED = 421
SHOWN = 80
HOST = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::\d{1,5})?", re.ASCII)


def names_answered(address: str, host: str, further: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Give the host names that are answered, or None: all of them.

    Args:
        address: where the server listens.
        host: how its user wrote that.
        further: other names that its user allows.
    """
    listening = ip_address(address.partition("%")[0])
    mapped = listening.ipv4_mapped if isinstance(listening, IPv6Address) else None
    if not (mapped or listening).is_loopback:
        return None
    named = [f"[{name}]" if ":" in name else name for name in (host, address, *further)]
    return tuple(dict.fromkeys([*NAMES, *map(str.lower, named)]))


class Hosting:
    """ASGI middleware that refuses calls to other host names.

    Args:
        app: what answers.
        names: those that are answered, in lower case; None: all.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] | None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
        if scope["type"] != "http" or self._names is None:
            await self._app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        known = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if known and known["name"].lower() in self._names:
            await self._app(scope, receive, send)
            return
        sent = ", ".join(hosts)
        shown = ascii(sent if len(sent) <= SHOWN else f"{sent[:SHOWN]}...") if sent else "empty or missing"
        detail = (
            f"The header Host is {shown}; this local Press answers to {', '.join(self._names)}. "
            "Call it by one of these, or start it with --allow-host and the name by which it is to be reached."
        )
        await JSONResponse({"detail": detail}, MISDIRECTED)(scope, receive, send)
