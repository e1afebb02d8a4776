"""The process of Pulumi's Python servicer: all private API of the SDK that this package uses in it.

The servicer calls a dynamic provider's method with values alone. The gRPC call behind it has the resource's URN, the
timeout, and a context that takes a clean error message; the server has the thread pool and the `Cancel` handler; the
process has the engine's address. Each function here returns nothing, or leaves things as they are, where the SDK does
not look as expected.
"""

from __future__ import annotations

import atexit
import sys
import threading
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.plugin import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = [
    "OperationFailed",
    "current_call",
    "current_timeout",
    "current_urn",
    "engine_address",
    "exit_with_engine",
    "fail",
    "log",
    "log_at_exit",
    "widen_pool",
    "wrap_handlers",
]

_MODULE = "pulumi.dynamic.__main__"
_CANCEL = "/pulumirpc.ResourceProvider/Cancel"


class OperationFailed(Exception):  # noqa: N818  # Its name shows where the engine shows no message of ours.
    """Carries the message of a failure to the engine."""


class Call(NamedTuple):
    """A gRPC call of the engine: its request and its context."""

    request: Any
    context: Any

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return str(getattr(self.request, "urn", ""))

    @property
    def timeout(self) -> float | None:
        """Seconds that `custom_timeouts` allow the operation; None if not set."""
        return getattr(self.request, "timeout", None) or None

    @property
    def preview(self) -> bool:
        """Whether the engine only asks what would happen."""
        return bool(getattr(self.request, "preview", False))

    @property
    def ignore_changes(self) -> tuple[str, ...]:
        """Paths whose changes the engine ignores."""
        return tuple(getattr(self.request, "ignoreChanges", ()))


_call: ContextVar[Call | None] = ContextVar("call", default=None)
"""The call that this thread serves, set by the wrapped handlers."""


def current_call() -> Call | None:
    """Return the call that this thread serves; None outside the engine."""
    return _call.get() or _find_call()


def current_urn() -> str:
    """Return the URN of the resource that this thread serves; empty outside the engine."""
    call = current_call()
    return "" if call is None else call.urn


def current_timeout() -> float | None:
    """Return the seconds that the call on this thread may take; None if not set."""
    call = current_call()
    return None if call is None else call.timeout


def engine_address() -> str:
    """Return the engine's address, such as `127.0.0.1:40000`; empty where this is no process of the servicer."""
    main = getattr(sys.modules["__main__"], "__spec__", None)
    return sys.argv[1] if getattr(main, "name", "") == _MODULE and len(sys.argv) > 1 else ""


def fail(message: str) -> OperationFailed:
    """Return the exception to raise for a failure.

    By default the engine shows the exception with its traceback. With a gRPC status set beforehand it shows the message
    alone.
    """
    message = engine.prepare_message(message)
    call = current_call()
    if call is not None:
        call.context.set_trailing_metadata((("grpc-status-details-bin", engine.encode_status(message)),))
    return OperationFailed(message)


def log(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """Log a line for the resource of the current call; an `ephemeral` one is shown only while it is the latest."""
    _find_engine().log(current_urn(), message, warning=warning, ephemeral=ephemeral)


def widen_pool() -> None:
    """Let the servicer serve as many calls at once as the native plugin does, not four."""
    try:
        pool = _find_server()._state.thread_pool  # noqa: SLF001
        pool._max_workers = max(pool._max_workers, engine.THREADS)  # noqa: SLF001
    except Exception:  # noqa: BLE001  # With four threads it is slower, not wrong.
        return


def wrap_handlers(stop: threading.Event) -> None:
    """Make each handler of the servicer set the current call, and let `Cancel`, which is sent on Ctrl-C, set `stop`.

    Further calls change nothing: each provider of the process is configured on its own.
    """
    try:
        for generic in _find_server()._state.generic_handlers:  # noqa: SLF001
            handlers = generic._method_handlers  # noqa: SLF001
            for name, handler in handlers.items():
                serve = handler.unary_unary
                if serve is None or isinstance(serve, _Handler):
                    continue
                wrapped = _Handler(serve, stop if name == _CANCEL else None)
                handlers[name] = handler._replace(unary_unary=wrapped)
    except Exception:  # noqa: BLE001  # Without it calls are found by a stack walk, and an operation ends at its limit.
        return


class _Handler:
    """A handler of the servicer that sets the current call.

    Args:
        serve: the SDK's handler.
        stop: set before it is called.
    """

    def __init__(self, serve: Any, stop: threading.Event | None) -> None:
        self._serve = serve
        self._stop = stop

    def __call__(self, request: Any, context: Any) -> Any:
        """Serve a call."""
        if self._stop is not None:
            self._stop.set()
        token = _call.set(Call(request, context))
        try:
            return self._serve(request, context)
        finally:
            _call.reset(token)


@cache
def exit_with_engine(stop: threading.Event) -> None:
    """End this process within a second of its engine, if it is a provider process."""
    engine.exit_with_engine(engine_address(), stop)


@cache
def log_at_exit(describe: Callable[[], str]) -> None:
    """Log a line for the stack when this process ends, if it is a provider process: it is told of nothing else.

    Args:
        describe: returns the line; empty where there is nothing to say.
    """
    if engine_address():
        atexit.register(lambda: _find_engine().log_for_stack(describe()))


@cache
def _find_engine() -> engine.Engine:
    return engine.Engine(engine_address())


def _find_call() -> Call | None:
    """Find the call in the stack of this thread: the first one began before its handler was wrapped."""
    for frame in _callers(sys._getframe()):  # noqa: SLF001  # There is no public way to the caller's frame.
        names = frame.f_locals
        context = names.get("context")
        if "request" in names and hasattr(context, "set_trailing_metadata"):
            return Call(names["request"], context)
    return None


def _find_server() -> Any:
    """Return the gRPC server, a local variable of the main thread.

    Raises:
        LookupError: there is none.
    """
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
