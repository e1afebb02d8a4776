"""The native plugin over real gRPC, against a local Press."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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

from pulumi_press.carried import SECRET, SIGNATURE_KEY, TOLD, UNKNOWN_TEXT
from pulumi_press.emulator import start
from pulumi_press.plugin import runtime
from pulumi_press.plugin.native import NativeProvider
from pulumi_press.provider.context import ProcessCache
from pulumi_press.provider.create_once import Intents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pulumi_press.emulator import LocalPress

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


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press."""
    with start(tokens={"token": "acme"}) as running:
        yield running


@pytest.fixture
def plugin(press: LocalPress, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    """A configured plugin that knows nothing of earlier tests."""
    monkeypatch.setattr(runtime, "cache", ProcessCache())
    monkeypatch.setattr(runtime, "intents", Intents())
    for name in ("PRESS_ENDPOINT", "PEAK_AUTH_TOKEN", "API_KEY", "STAGE", "PEAK__STAGE"):
        monkeypatch.delenv(name, raising=False)
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
    runtime.stop.clear()


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


def test_a_resource_lives(plugin: Plugin, press: LocalPress) -> None:
    """Create, no change, a change in place, a release, a read, and a delete."""
    made = plugin.create("BlockSpec", SPEC)
    assert MessageToDict(made.properties)["releaseVersion"] == "1.0.0"
    assert plugin.diff("BlockSpec", made, SPEC).changes == pb.DiffResponse.DIFF_NONE

    changed = {**SPEC, "metadata": {"name": "etl", "summary": "Another"}, "autoRunOnDeploy": True}
    diff = plugin.diff("BlockSpec", made, changed)
    kinds = {path: detail.kind for path, detail in diff.detailedDiff.items()}
    assert kinds == {
        "metadata.summary": pb.PropertyDiff.UPDATE,
        "autoRunOnDeploy": pb.PropertyDiff.ADD,
        "release.version": pb.PropertyDiff.UPDATE,
    }
    assert sorted(diff.diffs) == ["autoRunOnDeploy", "metadata", "release"]
    updated = plugin.update("BlockSpec", made, changed)
    assert MessageToDict(updated.properties)["release"] == {"version": "1.0.1"}
    (spec,) = press.state()["specs"]
    assert (spec["metadata"]["summary"], len(spec["releases"])) == ("Another", 2)

    live = plugin.read("BlockSpec", made.id, updated.properties)
    assert live.properties == updated.properties
    plugin.stub.Delete(pb.DeleteRequest(urn=plugin.urn("BlockSpec"), id=made.id, properties=updated.properties))
    assert press.state()["specs"] == []
    assert plugin.read("BlockSpec", made.id, updated.properties).id == ""


def test_every_failure_is_reported_at_once_by_the_names_of_the_schema(plugin: Plugin) -> None:
    """A check sends nothing, and names each path as a schema has it."""
    wrong = {**SPEC, "kind": "workflows", "autoRunOnDeploy": "yes", "artifact": {"path": "x", "ignoreFiles": [1]}}

    reasons = plugin.reasons("BlockSpec", wrong)

    assert [reason.partition(":")[0] for reason in reasons] == ["kind", "artifact.ignoreFiles[0]", "autoRunOnDeploy"]


def test_what_was_probably_meant_has_the_name_of_the_schema(plugin: Plugin) -> None:
    """A program of another language than Python would look for Python's name in vain."""
    misspelt = {**SPEC, "autoRunOnDeply": True, "artifact": {"path": ".", "ignoreFils": []}}

    reasons = plugin.reasons("BlockSpec", misspelt)

    assert "autoRunOnDeply: is not a known property; did you mean `autoRunOnDeploy`?" in reasons
    assert "artifact.ignoreFils: is not a known property; did you mean `ignoreFiles`?" in reasons
    (known,) = plugin.reasons("BlockSpecRelease", {**RELEASE, "colour": 1})
    assert "autoRunOnDeploy, specId)" in known


def test_failures_of_a_python_program_have_its_names(plugin: Plugin) -> None:
    """A Python program says that it is one."""
    wrong = {**SPEC, "autoRunOnDeploy": "yes", TOLD: {"language": "python", "unknown": ["colour"]}}

    reasons = plugin.reasons("BlockSpec", wrong)

    assert [reason.partition(":")[0] for reason in reasons] == ["colour", "auto_run_on_deploy"]


def test_unknown_values_are_skipped(plugin: Plugin, press: LocalPress) -> None:
    """What is not known yet is no failure, and a preview sends nothing."""
    press.clear_requests()
    checked = plugin.check("BlockDeployment", deployment(UNKNOWN_TEXT))
    assert not checked.failures

    request = pb.CreateRequest(urn=plugin.urn("BlockDeployment"), properties=checked.inputs, preview=True)
    preview = plugin.stub.Create(request)

    outputs = MessageToDict(preview.properties)
    assert (preview.id, outputs["revisionNumber"], outputs["status"]) == ("", 1, UNKNOWN_TEXT)
    assert press.requests() == []


def test_secrets_stay_at_their_paths(plugin: Plugin) -> None:
    """What comes in as a secret goes out as one, and nothing else does."""
    spec = plugin.create("BlockSpec", SPEC)
    program = deployment(spec.id, parameters={"run": {"key": secret(CANARY)}}, triggers={"a": ["b", secret(CANARY)]})

    made = plugin.create("BlockDeployment", program)

    outputs = MessageToDict(made.properties)
    assert outputs["parameters"] == {"run": {"key": secret(CANARY)}}
    assert outputs["triggers"] == {"a": secret(["b", CANARY])}
    assert CANARY not in str(plugin.engine.lines)


def test_a_value_that_becomes_secret_is_a_change_of_the_state(plugin: Plugin, press: LocalPress) -> None:
    """The state must not keep it in clear; nothing is sent to the service."""
    spec = plugin.create("BlockSpec", SPEC)
    made = plugin.create("BlockDeployment", deployment(spec.id, triggers={"a": CANARY}))
    hidden = deployment(spec.id, triggers={"a": secret(CANARY)})

    diff = plugin.diff("BlockDeployment", made, hidden)
    assert list(diff.detailedDiff) == ["triggers"]
    press.clear_requests()
    updated = plugin.update("BlockDeployment", made, hidden)

    assert MessageToDict(updated.properties)["triggers"] == {"a": secret(CANARY)}
    assert press.requests() == []


def test_a_secret_that_was_not_there_is_an_addition(plugin: Plugin) -> None:
    """The state holds nothing of it, so nothing in it becomes secret."""
    spec = plugin.create("BlockSpec", SPEC)
    made = plugin.create("BlockDeployment", deployment(spec.id))

    diff = plugin.diff("BlockDeployment", made, deployment(spec.id, triggers={"a": secret(CANARY)}))

    kinds = {path: pb.PropertyDiff.Kind.Name(detail.kind) for path, detail in diff.detailedDiff.items()}
    assert kinds.items() >= {"triggers.a": "ADD", "revisionNumber": "UPDATE"}.items()
    assert "triggers" not in kinds


def test_each_property_that_replaces_is_among_the_changes(plugin: Plugin, tmp_path: Path) -> None:
    """A digest is computed, and yet the reason for another release."""
    spec = plugin.create("BlockSpec", SPEC)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    image = {"dockerfile": "Dockerfile", "context": "."}
    release = {
        "specId": spec.id,
        "release": {"version": "2.0.0"},
        "config": {"steps": {"run": {"image": image, "command": "run"}}},
        "artifact": {"path": str(tmp_path)},
    }
    made = plugin.create("BlockSpecRelease", release)
    (tmp_path / "Dockerfile").write_text("FROM alpine\n")

    diff = plugin.diff("BlockSpecRelease", made, {**release, "release": {"version": "3.0.0"}})

    assert set(diff.replaces) == {"artifact", "release"}
    assert set(diff.diffs) == {"artifact", "release"}
    assert diff.detailedDiff["artifact.digest"].kind == pb.PropertyDiff.UPDATE_REPLACE


def test_messages_hold_no_secret(plugin: Plugin) -> None:
    """A failure may repeat what the program gave; a secret is replaced."""
    name = f"etl {CANARY}"
    (reason,) = plugin.reasons("BlockSpec", {**SPEC, "metadata": {"name": secret(name), "summary": 1}})
    assert CANARY not in reason

    spec = plugin.create("BlockSpec", {**SPEC, "metadata": {"name": secret("etl-secret"), "summary": "x"}})
    again = {**SPEC, "metadata": {"name": secret("etl-secret"), "summary": "y"}, "kind": "workflow"}
    runtime.cache.owners.clear()
    inputs = plugin.check("BlockSpec", again).inputs
    request = pb.CreateRequest(urn=plugin.urn("BlockSpec", "other"), properties=inputs)
    failed = fails(plugin.stub.Create, request)
    assert spec.id in failed.message
    assert "etl-secret" not in failed.message


def test_a_failed_rollout_keeps_the_deployment(plugin: Plugin, press: LocalPress) -> None:
    """The error carries the id and what is true; a read tells the same; an update deploys it again."""
    press.outcomes(
        {"deployment": "etl-prod", "status": "failed", "times": 1, "errors": [{"code": 5, "message": "no image"}]}
    )
    spec = plugin.create("BlockSpec", SPEC)

    failed = fails(plugin.create, "BlockDeployment", deployment(spec.id))

    assert "no image" in failed.message
    (kept,) = press.state()["deployments"]
    assert failed.unready.id == kept["id"]
    assert failed.unready.refresh_before_update
    assert MessageToDict(failed.unready.properties)["status"] == "failed"
    assert "no image" in failed.unready.reasons[0]

    read = fails(plugin.read, "BlockDeployment", kept["id"], failed.unready.properties)
    assert read.message.startswith("revision 1 is failed: ")
    assert read.message.endswith("the next `pulumi up` deploys it again")
    assert MessageToDict(read.unready.inputs)["status"] == "failed"

    plugin.configure()
    made = pb.CreateResponse(id=kept["id"], properties=failed.unready.properties)
    diff = plugin.diff("BlockDeployment", made, deployment(spec.id))
    assert list(diff.detailedDiff) == ["status"]
    updated = plugin.update("BlockDeployment", made, deployment(spec.id))
    outputs = MessageToDict(updated.properties)
    assert (outputs["status"], outputs["revisionNumber"]) == ("deployed", 1)


def test_a_rolled_back_update_says_what_runs(plugin: Plugin, press: LocalPress) -> None:
    """After a rollback the outputs are what runs, so what the program asks for differs again."""
    spec = plugin.create("BlockSpec", SPEC)
    first = deployment(spec.id, parameters={"run": {"key": "one"}}, triggers={"a": 1}, onFailure="rollback")
    made = plugin.create("BlockDeployment", first)
    press.outcomes({"deployment": "etl-prod", "status": "failed", "revision": 2, "times": 1})
    second = {**first, "parameters": {"run": {"key": "two"}}, "triggers": {"a": 2}}

    failed = fails(plugin.update, "BlockDeployment", made, second)

    assert "rolled back to what revision 1 ran, as revision 3" in failed.message
    outputs = MessageToDict(failed.unready.properties)
    assert (outputs["revisionNumber"], outputs["parameters"]) == (3, {"run": {"key": "one"}})
    rolled_back = pb.CreateResponse(id=made.id, properties=failed.unready.properties)
    assert "parameters.run.key" in plugin.diff("BlockDeployment", rolled_back, second).detailedDiff


def test_a_rollback_keeps_what_was_secret_secret(plugin: Plugin, press: LocalPress) -> None:
    """What runs again is encrypted as before, though the program has something else there, in clear."""
    spec = plugin.create("BlockSpec", SPEC)
    first = deployment(spec.id, parameters={"run": {"key": secret(CANARY)}}, triggers={"a": 1}, onFailure="rollback")
    made = plugin.create("BlockDeployment", first)
    press.outcomes({"deployment": "etl-prod", "status": "failed", "revision": 2, "times": 1})

    failed = fails(
        plugin.update, "BlockDeployment", made, {**first, "parameters": {"run": {"key": "two"}}, "triggers": {"a": 2}}
    )

    assert MessageToDict(failed.unready.properties)["parameters"] == {"run": {"key": secret(CANARY)}}


def test_a_failed_update_shows_no_secret_of_before(plugin: Plugin, press: LocalPress) -> None:
    """The service may repeat what it has, which the program no longer says."""
    spec = plugin.create("BlockSpec", {**SPEC, "metadata": {"name": "etl", "summary": secret(CANARY)}})
    press.faults({"match": {"method": "PATCH"}, "then": {"status": 422, "detail": f"{CANARY!r} cannot be changed"}})

    failed = fails(plugin.update, "BlockSpec", spec, {**SPEC, "metadata": {"name": "etl", "summary": "in clear"}})

    assert "'[secret]' cannot be changed" in failed.message
    assert CANARY not in failed.message


def test_without_waiting_there_is_no_status(plugin: Plugin, press: LocalPress) -> None:
    """`wait: false` leaves the revision to itself; a read then says nothing of it either."""
    press.outcomes({"deployment": "etl-prod", "status": "failed"})
    spec = plugin.create("BlockSpec", SPEC)

    made = plugin.create("BlockDeployment", deployment(spec.id, wait=False))

    assert "status" not in MessageToDict(made.properties)
    live = plugin.read("BlockDeployment", made.id, made.properties)
    assert live.properties == made.properties


def test_an_import_returns_what_a_program_can_give(plugin: Plugin) -> None:
    """The inputs hold no computed value; what is missing is an error."""
    spec = plugin.create("BlockSpec", SPEC)
    made = plugin.create("BlockDeployment", deployment(spec.id))

    live = plugin.read("BlockDeployment", made.id)

    assert MessageToDict(live.inputs) == deployment(spec.id) | {
        "spec": {"id": spec.id, "release": {"version": "1.0.0"}}
    }
    assert MessageToDict(live.properties)["status"] == "deployed"
    missing = fails(plugin.read, "BlockSpec", "00000000-0000-0000-0000-000000000000")
    assert missing.message.startswith("reading spec: there is no spec with the id")


def test_a_replacement_forces_only_its_paths(plugin: Plugin) -> None:
    """The paths that replace are marked, computed ones left out; a name that stays is deleted first."""
    made = plugin.create("BlockSpec", SPEC)
    service = {**SPEC, "kind": "service", "config": {"serviceType": "api", "imageDetails": {"id": 1}}}

    diff = plugin.diff("BlockSpec", made, service)

    assert list(diff.replaces) == ["kind"]
    assert diff.detailedDiff["kind"].kind == pb.PropertyDiff.UPDATE_REPLACE
    assert "release.version" not in diff.detailedDiff


def test_a_dynamic_provider_in_the_state_is_dropped(plugin: Plugin) -> None:
    """What the dynamic SDK wrote is a change of the state, and the update writes the names of the schema."""
    made = plugin.create("BlockSpec", {**SPEC, "autoRunOnDeploy": True})
    old = MessageToDict(made.properties)
    old["auto_run_on_deploy"] = old.pop("autoRunOnDeploy")
    dynamic = pb.CreateResponse(id=made.id, properties=struct({**old, "__provider": "pickled"}))

    diff = plugin.diff("BlockSpec", dynamic, {**SPEC, "autoRunOnDeploy": True})
    updated = plugin.update("BlockSpec", dynamic, {**SPEC, "autoRunOnDeploy": True})

    assert list(diff.detailedDiff) == ["__provider"]
    assert updated.properties == made.properties


def test_a_limit_of_the_request_ends_the_wait(plugin: Plugin, press: LocalPress) -> None:
    """`customTimeouts` limits the rollout, unless `timeouts` does."""
    press.outcomes({"deployment": "etl-prod", "status": "deploying"})
    spec = plugin.create("BlockSpec", SPEC)

    failed = fails(plugin.create, "BlockDeployment", deployment(spec.id), timeout=0.5)

    assert "custom_timeouts.create raises the limit" in failed.message
    assert MessageToDict(failed.unready.properties)["status"] == "deploying"


def test_cancel_ends_a_wait_and_configure_begins_anew(plugin: Plugin, press: LocalPress) -> None:
    """The engine sends `Cancel` at the end of each operation; a process may outlive it."""
    press.outcomes({"deployment": "etl-prod", "status": "deploying"})
    spec = plugin.create("BlockSpec", SPEC)
    inputs = plugin.check("BlockDeployment", deployment(spec.id)).inputs
    waiting = plugin.stub.Create.future(pb.CreateRequest(urn=plugin.urn("BlockDeployment"), properties=inputs))
    while not any(call["method"] == "GET" for call in press.requests()):
        assert not waiting.done()

    plugin.stub.Cancel(Empty())

    with pytest.raises(grpc.RpcError) as caught:
        waiting.result()
    failed = read_failure(caught.value)
    (kept,) = press.state()["deployments"]
    assert failed.unready.id == kept["id"]
    assert "interrupted" in failed.message
    plugin.configure()
    assert plugin.read("BlockSpec", spec.id).id == spec.id


def test_settings_are_checked_all_at_once(plugin: Plugin) -> None:
    """Each failure is a line; an unknown value is skipped; the token comes back as a secret."""
    wrong = {"authToken": secret("t"), "timeout": "soon", "adopt": "maybe", "colour": "red", "maxRetry": "1"}
    checked = plugin.stub.CheckConfig(pb.CheckRequest(urn="urn", news=struct(wrong)))

    reasons = sorted(failure.reason for failure in checked.failures)
    assert [reason.split()[0] for reason in reasons] == [
        "press:adopt",
        "press:colour",
        "press:maxRetry",
        "press:timeout",
    ]
    assert "did you mean press:maxRetries?" in reasons[2]

    later = plugin.stub.CheckConfig(pb.CheckRequest(urn="urn", news=struct({"endpoint": UNKNOWN_TEXT})))
    assert not later.failures
    good = plugin.stub.CheckConfig(pb.CheckRequest(urn="urn", news=struct({"authToken": "t", "stage": "prod"})))
    assert not good.failures
    assert MessageToDict(good.inputs)["authToken"] == secret("t")


def test_a_missing_token_is_one_failure(plugin: Plugin) -> None:
    """The configuration says so, and not each resource."""
    checked = plugin.stub.CheckConfig(pb.CheckRequest(urn="urn", news=struct({})))

    (failure,) = checked.failures
    assert failure.reason.startswith("press:authToken is not set")


def test_other_settings_replace_nothing(plugin: Plugin) -> None:
    """Another address or token may lead to the same objects."""
    olds, news = struct({"endpoint": "a", "timeout": "1"}), struct({"endpoint": "b", "authToken": secret("t")})

    diff = plugin.stub.DiffConfig(pb.DiffRequest(olds=olds, news=news))

    assert list(diff.replaces) == []
    assert sorted(diff.detailedDiff) == ["authToken", "endpoint", "timeout"]


def test_functions_read(plugin: Plugin) -> None:
    """Each function reads by the names of the schema; a mistake is one clear message."""
    spec = plugin.create("BlockSpec", SPEC)
    made = plugin.create("BlockDeployment", deployment(spec.id, parameters={"run": {"key": "v"}}))

    def invoke(name: str, arguments: Any) -> Any:
        response = plugin.stub.Invoke(pb.InvokeRequest(tok=f"press:index:{name}", args=struct(arguments)))
        return MessageToDict(getattr(response, "return"))

    assert invoke("getSpec", {"specId": spec.id})["metadata"]["name"] == "etl"
    assert invoke("listSpecs", {"name": "et"})["items"][0]["id"] == spec.id
    assert invoke("getSpecRelease", {"specId": spec.id, "version": "1.0.0"})["config"] == SPEC["config"]
    assert len(invoke("listSpecReleases", {"specId": spec.id})["items"]) == 1
    assert invoke("getDeployment", {"deploymentId": made.id})["spec"]["id"] == spec.id
    assert len(invoke("listDeployments", {})["items"]) == 1
    assert invoke("getDeploymentRevision", {"deploymentId": made.id, "revision": 1})["revision"] == 1
    assert len(invoke("listDeploymentRevisions", {"deploymentId": made.id})["items"]) == 1
    assert invoke("getParameters", {"deploymentId": made.id}) == {"values": {"key": "v"}}
    assert invoke("getSpec", {"specId": UNKNOWN_TEXT})["kind"] == UNKNOWN_TEXT

    request = pb.InvokeRequest
    assert "has no function" in fails(plugin.stub.Invoke, request(tok="press:index:getAll")).message
    assert fails(plugin.stub.Invoke, request(tok="press:index:getSpec")).message == (
        "press:index:getSpec: specId: is required"
    )
    wrong = request(tok="press:index:getSpec", args=struct({"specId": spec.id, "colour": "red"}))
    assert fails(plugin.stub.Invoke, wrong).message == (
        "press:index:getSpec: colour: is not a known argument (known: specId)"
    )


def test_what_exists_is_listed(plugin: Plugin) -> None:
    """Specs and deployments are, releases are not."""
    made = plugin.create("BlockSpec", SPEC)
    plugin.create("BlockSpec", {**SPEC, "metadata": {"name": "other", "summary": "x"}})

    def listed(**request: Any) -> list[tuple[str, str]]:
        found = plugin.stub.List(pb.ListRequest(token="press:index:BlockSpec", **request))
        return [(item.result.id, item.result.name) for item in found]

    assert (made.id, "etl") in listed()
    assert len(listed()) == 2
    assert listed(query=struct({"name": "et"})) == [(made.id, "etl")]
    assert len(listed(limit=1)) == 1
    with pytest.raises(grpc.RpcError) as caught:
        list(plugin.stub.List(pb.ListRequest(token="press:index:BlockSpecRelease")))
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_an_unknown_resource_is_one_clear_message(plugin: Plugin) -> None:
    """A state may come from a later version."""
    failed = fails(plugin.check, "BlockSchedule", {})

    assert failed.message.startswith("checking: pulumi-press ")
    assert failed.message.endswith("has no resource press:index:BlockSchedule; another version of it may have")


def test_refresh_before_update_is_a_setting(plugin: Plugin) -> None:
    """Where it is set, the engine reads each object before it plans."""
    assert not plugin.create("BlockSpec", SPEC).refresh_before_update
    plugin.configure(refreshBeforeUpdate=True)

    spec = plugin.create("BlockSpec", {**SPEC, "metadata": {"name": "other", "summary": "x"}})

    assert spec.refresh_before_update
    assert plugin.read("BlockSpec", spec.id, spec.properties).refresh_before_update


def test_the_environment_does_not_change_a_given_address(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that gives a provider a stage means that one; the stack's own provider may be sent elsewhere."""
    monkeypatch.setenv("PRESS_ENDPOINT", "not an address")
    settings = struct({"authToken": secret("t"), "stage": "prod"})
    urn = "urn:pulumi:test::project::pulumi:providers:press::"

    def reasons(name: str) -> list[str]:
        checked = plugin.stub.CheckConfig(pb.CheckRequest(urn=urn + name, news=settings))
        return [failure.reason for failure in checked.failures]

    assert reasons("north") == []
    (failure,) = reasons("default_0_1_0")
    assert failure.startswith("PRESS_ENDPOINT: ")


def test_a_token_of_the_configuration_gets_no_warning(plugin: Plugin) -> None:
    """The engine passes secret and plain configuration alike; the state gets it as a secret."""
    checked = plugin.stub.CheckConfig(pb.CheckRequest(urn="urn", news=struct({"authToken": "t"})))

    assert MessageToDict(checked.inputs)["authToken"] == secret("t")
    assert plugin.engine.lines == []
