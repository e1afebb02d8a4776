"""Secrets that pass through the native plugin stay secret, at their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.plugin import runtime
from tests.support.native_plugin import CANARY, SPEC, Plugin, deployment, fails, secret

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress


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
