"""The engine as a plugin's process sees it: lines on its resources, and whether it is still there."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from typing import Any

from pulumi_press.output import escape_hidden, shorten

__all__ = ["THREADS", "Engine", "encode_status", "exit_with_engine", "prepare_message"]

THREADS = 1000
"""Calls that a plugin's process serves at once, each in a thread, which is started when it is needed.

Each rollout that is waited for holds one, and the engine has as many of them as `--parallel` allows. With fewer threads
the others would not be looked at, and an interruption would not arrive.
"""

GRACE = 0.5
"""Seconds for a running request to be answered. Its result is lost, but the intent stored on this machine is not."""

_OUTPUT = 1
_CONNECT_SECONDS = 0.2
_LOG_SECONDS = 5
_LONGEST_MESSAGE = 6000


class Engine:
    """The engine.

    Args:
        address: where it listens, such as `127.0.0.1:40000`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client: Any = None
        self._lock = threading.Lock()

    def log(self, urn: str, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Log a line for a resource; an `ephemeral` one is shown only while it is the latest."""
        if urn:
            self._send(urn=urn, message=message, is_warning=warning, ephemeral=ephemeral)

    def log_for_stack(self, message: str) -> None:
        """Log a line for the whole stack; nothing where there is no message.

        The engine shows it at the end of an operation too, while it closes its plugins.
        """
        if message:
            self._send(message=message)

    def _send(self, *, message: str, is_warning: bool = False, **fields: Any) -> None:
        if not self.address:
            return
        try:
            from pulumi.runtime.proto import engine_pb2

            severity = engine_pb2.WARNING if is_warning else engine_pb2.INFO
            line = engine_pb2.LogRequest(severity=severity, message=prepare_message(message), **fields)
            self._connect().Log(line, timeout=_LOG_SECONDS)
        except Exception:  # noqa: BLE001  # A failed log call must not fail the operation.
            return

    def _connect(self) -> Any:
        """Return the client; there is one channel for the whole process."""
        with self._lock:
            if self._client is None:
                import grpc
                from pulumi.runtime.proto import engine_pb2_grpc

                self._client = engine_pb2_grpc.EngineStub(grpc.insecure_channel(self.address))
            return self._client


def exit_with_engine(address: str, stop: threading.Event) -> None:
    """End this process within a second of its engine.

    An engine that exits stops its plugins. One that is killed leaves them behind, and a gRPC server waits for ever. The
    parent process says nothing: it may be a script that waits for the plugin. But the plugin's output is a pipe to the
    engine, and the system reports when it has no reader left.

    Args:
        address: the engine's.
        stop: set first, so that no new request is sent.
    """
    if address and hasattr(select, "poll"):
        threading.Thread(target=_wait_and_exit, args=(address, stop), name="exit-with-engine", daemon=True).start()


def _wait_and_exit(engine: str, stop: threading.Event) -> None:
    readers = select.poll()
    readers.register(_OUTPUT, 0)  # With no events to wait for, a poll returns only when the other end is closed.
    readers.poll()
    # A plugin that was attached by hand may have its output closed while the engine runs.
    while _listens(engine):
        time.sleep(_CONNECT_SECONDS)
    stop.set()
    time.sleep(GRACE)
    os._exit(1)  # Any other exit would wait for the threads.


def _listens(address: str) -> bool:
    """Return whether a process listens at an address of this machine, such as `127.0.0.1:40000`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS):
            return True
    except TimeoutError:
        return True  # It is there, and too busy to answer.
    except (OSError, ValueError):
        return False


def prepare_message(message: str) -> str:
    """Shorten a message and escape the invisible characters of its lines."""
    return shorten("\n".join(map(escape_hidden, message.split("\n"))), _LONGEST_MESSAGE)


def encode_status(message: str, *details: bytes) -> bytes:
    """Return a serialized `google.rpc.Status` with code 2 (unknown).

    Its class cannot be imported: Pulumi and Google each have one of the same name, and a process may load only one.

    Args:
        message: its message.
        details: serialized `Any` messages.
    """
    return b"\x08\x02" + _encode_field(2, message.encode()) + b"".join(_encode_field(3, item) for item in details)


def _encode_field(number: int, content: bytes) -> bytes:
    """Return a field of bytes: its number and type, the length as a varint, the content."""
    length, size = len(content), b""
    while length > 0x7F:  # noqa: PLR2004  # A varint's seven bits.
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + content
