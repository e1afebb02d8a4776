"""Running the server."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING, Any

import uvicorn

from pulumi_press.emulator.app import build_app
from pulumi_press.emulator.connections import Connections
from pulumi_press.emulator.hosts import names_answered
from pulumi_press.emulator.press import Press

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from pulumi_press.emulator.settings import Settings

__all__ = ["Server", "ServerError", "serve"]

PATIENCE = 3
"""Seconds that calls under way have to end when the server is told to."""

IDLE = 60
"""Seconds without a call after which a connection is closed, as a gateway before the service would do."""


class ServerError(Exception):
    """The server cannot listen; the message says where, and why."""


class Server(uvicorn.Server):
    """A local Press, listening.

    Args:
        settings: how it is set up.
        host: address to listen on; on a loopback address it is answered beside the usual names of this machine.
        port: port, 0 for any that is free.
        announce: is told the URL once calls are answered.

    Raises:
        ServerError: the address cannot be listened on.
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """

    def __init__(
        self, settings: Settings, host: str = "127.0.0.1", port: int = 0, announce: Callable[[str], Any] = id
    ) -> None:
        self._socket = _listen(host, port)
        try:
            press = Press(settings)
        except BaseException:
            self._socket.close()
            raise
        connections = Connections()
        self._announce = announce
        address, bound = self._socket.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{bound}"
        super().__init__(
            uvicorn.Config(
                build_app(press, connections, names_answered(address, host, settings.allow_hosts)),
                http=connections.protocol(),
                ws="none",
                lifespan="on",
                loop="asyncio",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=PATIENCE,
                timeout_keep_alive=IDLE,
            )
        )

    def listen(self) -> None:
        """Answer calls until told to end."""
        try:
            self.run([self._socket])
        finally:
            self._socket.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._announce(self.url)


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], Any]) -> None:
    """Run a local Press in this process until Ctrl-C or SIGTERM.

    Raises:
        ServerError: as `Server`; and so are the others.
    """
    server = Server(settings, host, port, announce)
    # uvicorn hands a signal on once it has ended; it has been heard by then.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _hear)
    server.listen()


def _hear(_: int, __: FrameType | None) -> None:
    """Do nothing more about a signal."""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once instead of waiting 40 ms for more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ServerError(f"the local Press cannot listen on {host} port {port}: {reason}") from None
    return listener
