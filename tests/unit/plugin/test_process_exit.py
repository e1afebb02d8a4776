"""A provider process whose engine is gone ends by itself, as no call will come to end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pulumi_press.emulator import start
from pulumi_press.sdk.press_resource import ProviderReference

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes do not say there that nobody reads them")


DYNAMIC, NATIVE = "pulumi.dynamic", "pulumi_press.plugin.process"
"""The module that a process runs."""

TYPES = {DYNAMIC: "pulumi-python:dynamic/press:BlockSpec", NATIVE: "press:index:BlockSpec"}

both = pytest.mark.parametrize("module", [DYNAMIC, NATIVE])

TOO_LONG = 30
"""Seconds after which a process that should have ended by itself is taken for one that never will."""


class Engine:
    """Stands for the engine: its address, and a provider process that was started from it and is configured.

    Args:
        launcher: the command before the provider's own; the engine's script runs it in a shell.
        endpoint: address of the service.
        module: what the process runs.
    """

    def __init__(self, *launcher: str, endpoint: str, module: str) -> None:
        self.module, self.urn = module, f"urn:pulumi:test::life::{TYPES[module]}::api"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(TOO_LONG)
        address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.process = subprocess.Popen(
            [*launcher, sys.executable, "-u", "-m", module, address],
            env={**os.environ, "PRESS_ENDPOINT": endpoint, "PEAK_AUTH_TOKEN": "t", "NO_PROXY": "127.0.0.1"},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.process.stdout.readline().strip()}")
        self.provider = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.provider.Configure(provider_pb2.ConfigureRequest(args=Struct()))
        self.provider.Check(provider_pb2.CheckRequest(urn=self.urn, news=self.inputs()))

    def inputs(self) -> Struct:
        """The inputs of a spec."""
        values = Struct()
        if self.module == DYNAMIC:
            values.update({"__provider": serialize_provider(ProviderReference("BlockSpec"))})
        values.update(
            {
                "kind": "service",
                "metadata": {"name": "api", "summary": "An API"},
                "config": {"imageDetails": {"id": 1}},
                "release": {"version": "1.0.0"},
            }
        )
        return values

    def die(self, *, listens: bool = False) -> None:
        """Let go of everything that the kernel takes from a process that is killed."""
        assert self.process.stdout is not None
        self.process.stdout.close()
        if not listens:
            self.listener.close()

    def close(self) -> None:
        """Clean up."""
        self.channel.close()
        self.listener.close()
        if self.process.stdout is not None:
            self.process.stdout.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def cleanup() -> Iterator[ExitStack]:
    """What is closed at the end of the test."""
    with ExitStack() as stack:
        yield stack


@both
def test_idle_provider_ends_with_its_engine(module: str, cleanup: ExitStack) -> None:
    """A provider that was configured, and then has nothing to do, is gone once its engine is."""
    engine = cleanup.enter_context(closing(Engine(endpoint="http://127.0.0.1:9", module=module)))

    engine.die()

    engine.process.wait(timeout=TOO_LONG)


@both
def test_provider_that_a_shell_started_ends_with_its_engine(module: str, cleanup: ExitStack) -> None:
    """The parent of the process says nothing about the engine: its script is a shell that waits, and lives on."""
    shell = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
    engine = cleanup.enter_context(closing(Engine(*shell, endpoint="http://127.0.0.1:9", module=module)))

    engine.die()

    engine.process.wait(timeout=TOO_LONG)


@both
def test_provider_that_waits_for_the_service_ends_with_its_engine(module: str, cleanup: ExitStack) -> None:
    """An operation that nobody will hear of does not keep the process."""
    service = cleanup.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
    engine = cleanup.enter_context(
        closing(Engine(endpoint=f"http://127.0.0.1:{service.getsockname()[1]}", module=module))
    )
    call = engine.provider.Create.future(provider_pb2.CreateRequest(urn=engine.urn, properties=engine.inputs()))
    connection, _ = service.accept()
    with connection:
        connection.recv(1)

        engine.die()

        engine.process.wait(timeout=TOO_LONG)
    call.cancel()


@both
def test_provider_whose_engine_still_listens_goes_on(module: str, cleanup: ExitStack) -> None:
    """One that was attached by hand, and whose output nobody reads, serves its engine all the same."""
    engine = cleanup.enter_context(closing(Engine(endpoint="http://127.0.0.1:9", module=module)))

    engine.die(listens=True)

    seen, _ = engine.listener.accept()  # It looks whether the engine is there.
    seen.close()
    again, _ = engine.listener.accept()
    again.close()
    assert engine.provider.GetPluginInfo(Empty()).version


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_plugin_ends_at_once(number: signal.Signals, cleanup: ExitStack) -> None:
    """The engine waits five seconds for a plugin that it interrupts, at the end of each command."""
    engine = cleanup.enter_context(closing(Engine(endpoint="http://127.0.0.1:9", module=NATIVE)))

    engine.process.send_signal(number)

    assert engine.process.wait(timeout=TOO_LONG) == 0


def test_interrupted_plugin_answers_what_it_is_doing(cleanup: ExitStack) -> None:
    """An operation that waits ends with an answer, so that the engine can keep what is true by then."""
    with start(tokens={"t": "acme"}) as press:
        press.faults({"match": {"method": "POST"}, "then": {"status": 429, "headers": {"Retry-After": "20"}}})
        engine = cleanup.enter_context(closing(Engine(endpoint=press.url, module=NATIVE)))
        inputs = engine.provider.Check(provider_pb2.CheckRequest(urn=engine.urn, news=engine.inputs())).inputs
        call = engine.provider.Create.future(provider_pb2.CreateRequest(urn=engine.urn, properties=inputs))
        while not press.requests():
            assert not call.done()

        engine.process.send_signal(signal.SIGINT)

        with pytest.raises(grpc.RpcError) as caught:
            call.result()
        assert "interrupted" in str(caught.value.details())
        assert engine.process.wait(timeout=TOO_LONG) == 0
