"""The one place that reaches into the engine's Python servicer, for what its interface does not offer.

A dynamic provider's method runs on the stack of a gRPC call whose servicer is private to the SDK. Reaching the call
gives clean error messages, lines on the resource itself, more than four threads, and word of an interruption. Each
function here falls back to nothing, or to plain behaviour, where it does not find what it knows.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.printable import escape_hidden, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = [
    "OperationFailed",
    "current_call",
    "current_timeout",
    "current_urn",
    "fail",
    "hear_cancel",
    "log",
    "widen_pool",
]

THREADS = 64
"""Calls at once. The SDK's four would let a few waiting rollouts block all the rest."""

_CANCEL = "/pulumirpc.ResourceProvider/Cancel"
_LONGEST_MESSAGE = 6000

_lock = threading.Lock()
_log: Any = None


class OperationFailed(Exception):  # noqa: N818  # Its name shows where the engine shows no message of ours.
    """Carries a failure's message to the engine."""


class Call(NamedTuple):
    """The engine's call that is being served on this thread."""

    request: Any
    context: Any

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return str(getattr(self.request, "urn", ""))

    @property
    def timeout(self) -> float | None:
        """The seconds that `custom_timeouts` give the operation; None where they say nothing."""
        return getattr(self.request, "timeout", None) or None


def current_call() -> Call | None:
    """Find the call that this thread is serving; None outside the engine."""
    for frame in _callers(sys._getframe()):  # noqa: SLF001  # There is no public way to the caller's frame.
        names = frame.f_locals
        context = names.get("context")
        if "request" in names and hasattr(context, "set_trailing_metadata"):
            return Call(names["request"], context)
    return None


def current_urn() -> str:
    """Give the URN of the resource that this thread is serving; empty outside the engine."""
    call = current_call()
    return "" if call is None else call.urn


def current_timeout() -> float | None:
    """Give the seconds that the call on this thread may take; None where nothing says."""
    call = current_call()
    return None if call is None else call.timeout


def fail(message: str) -> OperationFailed:
    """Make the exception to raise for a failure.

    Without further ado the SDK would show the exception with its traceback. A gRPC status set beforehand wins over it,
    and the engine shows the message alone.
    """
    message = _cut(message)
    call = current_call()
    if call is not None:
        call.context.set_trailing_metadata((("grpc-status-details-bin", _encode_status(message)),))
    return OperationFailed(message)


def log(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """Show a line on the resource that the current call is about; `passing` ones only while they are news."""
    call = current_call()
    try:
        if call is None or not call.urn:
            return
        from pulumi.runtime.proto import engine_pb2

        severity = engine_pb2.WARNING if warning else engine_pb2.INFO
        request = engine_pb2.LogRequest(severity=severity, message=_cut(message), urn=call.urn, ephemeral=ephemeral)
        _engine().Log(request, timeout=5)
    except Exception:  # noqa: BLE001  # A line that cannot be shown must not fail the operation.
        return


def widen_pool() -> None:
    """Let the servicer serve many calls at once."""
    try:
        pool = _server()._state.thread_pool  # noqa: SLF001
        pool._max_workers = max(pool._max_workers, THREADS)  # noqa: SLF001
    except Exception:  # noqa: BLE001  # With four threads it is slower, not wrong.
        return


def hear_cancel(stop: threading.Event) -> None:
    """Set `stop` when the engine asks the provider to cancel, as it does on Ctrl-C."""
    try:
        for generic in _server()._state.generic_handlers:  # noqa: SLF001
            handlers = generic._method_handlers  # noqa: SLF001
            handler = handlers.get(_CANCEL)
            if handler is not None:
                handlers[_CANCEL] = handler._replace(unary_unary=_stopping(handler.unary_unary, stop))
    except Exception:  # noqa: BLE001  # Without it an operation ends at its own limit.
        return


def _stopping(serve: Any, stop: threading.Event) -> Any:
    def cancel(request: Any, context: Any) -> Any:
        stop.set()
        return serve(request, context)

    return cancel


def _engine() -> Any:
    """Give the client of the engine, whose address is the provider process's first argument."""
    global _log  # noqa: PLW0603  # One channel for the whole process.
    with _lock:
        if _log is None:
            import grpc
            from pulumi.runtime.proto import engine_pb2_grpc

            _log = engine_pb2_grpc.EngineStub(grpc.insecure_channel(sys.argv[1]))
        return _log


def _server() -> Any:
    """Find the gRPC server: a local of the main thread, which only waits."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001
    for caller in _callers(frame):
        server = caller.f_locals.get("server")
        if hasattr(server, "add_insecure_port"):
            return server
    raise LookupError("no server")


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _cut(message: str) -> str:
    """Shorten a message, with what cannot be seen in its lines as an escape."""
    return shorten("\n".join(map(escape_hidden, message.split("\n"))), _LONGEST_MESSAGE)


def _encode_status(message: str) -> bytes:
    """Write a google.rpc.Status: code 2 (unknown) and the message. Two fields need no further dependency."""
    text = message.encode()
    length, size = len(text), b""
    while length > 0x7F:  # noqa: PLR2004  # A varint's seven bits.
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return b"\x08\x02\x12" + size + bytes([length]) + text
