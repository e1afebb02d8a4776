"""The native plugin as the engine calls it, over real gRPC."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from google.rpc import status_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.carried import SECRET, SIGNATURE_KEY
from pulumi_press.plugin.native import NativeProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress

__all__ = [
    "CANARY",
    "RELEASE",
    "SPEC",
    "Plugin",
    "deployment",
    "fails",
    "read_failure",
    "run_plugin",
    "secret",
    "struct",
]

SPEC = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "An ETL"},
    "config": {"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    "parameters": {"run": [{"name": "key", "type": "string", "required": False}]},
}
RELEASE = {"specId": "x", "release": {"version": "1.0.0"}, "config": {"imageDetails": {"id": 1}}}
CANARY = "canary-8b1f"


def secret(value: Any) -> dict[str, Any]:
    """Wrap a value as the engine does."""
    return {SIGNATURE_KEY: SECRET, "value": value}


def struct(values: Any) -> Struct:
    """Write plain values as the engine sends them."""
    return ParseDict(values, Struct())


@dataclass
class Engine(engine_pb2_grpc.EngineServicer):
    """Takes the plugin's lines."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802  # The protocol's own name.
        """Take a line."""
        del context
        if not request.ephemeral:
            self.lines.append((request.urn.rpartition("::")[2], request.message))
        return Empty()


class Plugin:
    """The plugin as the engine calls it."""

    def __init__(self, stub: Any, engine: Engine, settings: Any) -> None:
        self.stub, self.engine = stub, engine
        self.settings = settings

    def configure(self, **more: Any) -> Any:
        """Begin an operation, as the engine does with each command; give the response."""
        return self.stub.Configure(pb.ConfigureRequest(args=struct({**self.settings, **more})))

    def urn(self, kind: str, name: str = "x") -> str:
        """Give the URN of a resource."""
        return f"urn:pulumi:test::project::press:index:{kind}::{name}"

    def check(self, kind: str, news: Any, olds: Any = None) -> Any:
        """Check inputs; give the response."""
        return self.stub.Check(pb.CheckRequest(urn=self.urn(kind), news=struct(news), olds=struct(olds or {})))

    def reasons(self, kind: str, news: Any) -> list[str]:
        """Give the failures of a check; none names a property."""
        failures = self.check(kind, news).failures
        assert not any(failure.property for failure in failures)
        return [failure.reason for failure in failures]

    def create(self, kind: str, news: Any, **more: Any) -> Any:
        """Check inputs and make the object; give the response."""
        inputs = self.check(kind, news).inputs
        return self.stub.Create(pb.CreateRequest(urn=self.urn(kind), properties=inputs, **more))

    def diff(self, kind: str, made: Any, news: Any) -> Any:
        """Compare what was made with a program."""
        inputs = self.check(kind, news, MessageToDict(made.properties)).inputs
        return self.stub.Diff(pb.DiffRequest(urn=self.urn(kind), id=made.id, olds=made.properties, news=inputs))

    def update(self, kind: str, made: Any, news: Any, **more: Any) -> Any:
        """Change what was made into a program's."""
        inputs = self.check(kind, news, MessageToDict(made.properties)).inputs
        request = pb.UpdateRequest(urn=self.urn(kind), id=made.id, olds=made.properties, news=inputs, **more)
        return self.stub.Update(request)

    def read(self, kind: str, identifier: str, properties: Struct | None = None) -> Any:
        """Read an object; without properties as for an import."""
        return self.stub.Read(
            pb.ReadRequest(urn=self.urn(kind), id=identifier, properties=properties, inputs=properties)
        )


@dataclass(frozen=True)
class Failed:
    """A failure as the engine reads it."""

    message: str
    unready: Any = None
    """The state of an object that exists and is not ready."""


def read_failure(error: grpc.RpcError) -> Failed:
    """Read the status that a failed call carries."""
    metadata: Any = dict(error.trailing_metadata())  # type: ignore[arg-type]  # Pairs with more members than two.
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    for detail in status.details:
        unready = pb.ErrorResourceInitFailed()
        if detail.Unpack(unready):
            return Failed(status.message, unready)
    return Failed(status.message)


def fails(call: Any, *arguments: Any, **named: Any) -> Failed:
    """Make a call that must fail; give the failure."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments, **named)
    return read_failure(caught.value)


@contextmanager
def run_plugin(press: LocalPress) -> Iterator[Plugin]:
    """Run a configured plugin against a local Press."""
    engine = Engine()
    engine_server, engine_port = serve(lambda server: engine_pb2_grpc.add_EngineServicer_to_server(engine, server))
    server, port = serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(NativeProvider(), server)
    )
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        shaken = stub.Handshake(pb.ProviderHandshakeRequest(engine_address=f"127.0.0.1:{engine_port}"))
        assert shaken.accept_secrets
        ready = Plugin(stub, engine, {"endpoint": press.url, "authToken": secret("token"), "timeout": "5"})
        assert ready.configure().supportsPreview
        yield ready
    for each in (server, engine_server):
        each.stop(None).wait()


def serve(add: Any) -> tuple[Any, int]:
    """Serve on loopback; give the server and its port."""
    server = grpc.server(ThreadPoolExecutor(4))
    add(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def deployment(spec_id: str, **more: Any) -> dict[str, Any]:
    """Give a deployment's inputs."""
    return {"metadata": {"name": "etl-prod"}, "spec": {"id": spec_id}, **more}
