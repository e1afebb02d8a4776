"""A resource of the native plugin: it is checked, compared, made, imported and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.carried import TOLD, UNKNOWN_TEXT
from tests.support.native_plugin import RELEASE, SPEC, Plugin, deployment, fails, struct

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.emulator import LocalPress


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
