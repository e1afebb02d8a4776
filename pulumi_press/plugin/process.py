"""The process of the native plugin: a gRPC server that writes its port to standard output."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

__all__ = ["main"]

GRACE = 4.0
"""Seconds that running calls have to end after an interruption; the engine kills the process after five."""


def main() -> None:
    """Serve until the engine interrupts, or is gone."""
    import grpc
    from pulumi.runtime.proto import provider_pb2_grpc

    from pulumi_press.plugin import runtime
    from pulumi_press.plugin.collector import collect_less
    from pulumi_press.plugin.engine import THREADS, exit_with_engine
    from pulumi_press.plugin.native import NativeProvider

    collect_less()
    # The engine's address is the last argument; there is none where a person starts the plugin and attaches it.
    address = sys.argv[-1] if len(sys.argv) > 1 and ":" in sys.argv[-1] else ""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(THREADS), options=unlimited)
    provider = NativeProvider(address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    # Not an `Event`: a handler that sets one while this thread begins to wait for it would wait for itself.
    interruptions: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: interruptions.put(number))
    server.start()
    print(port, flush=True)  # noqa: T201  # The protocol wants it so.
    exit_with_engine(address, runtime.stop)
    interruptions.get()
    runtime.stop.set()
    server.stop(GRACE).wait()
    provider.engine.log_for_stack(runtime.summarize())


if __name__ == "__main__":
    main()
