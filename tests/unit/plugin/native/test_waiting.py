"""A deployment of the native plugin waits itself, and is there while it is not ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2 as pb

from tests.support.native_plugin import SPEC, Plugin, deployment, fails, read_failure

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress


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


def test_without_waiting_there_is_no_status(plugin: Plugin, press: LocalPress) -> None:
    """`wait: false` leaves the revision to itself; a read then says nothing of it either."""
    press.outcomes({"deployment": "etl-prod", "status": "failed"})
    spec = plugin.create("BlockSpec", SPEC)

    made = plugin.create("BlockDeployment", deployment(spec.id, wait=False))

    assert "status" not in MessageToDict(made.properties)
    live = plugin.read("BlockDeployment", made.id, made.properties)
    assert live.properties == made.properties


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
