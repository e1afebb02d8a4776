"""The settings of the native plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.carried import UNKNOWN_TEXT
from tests.support.native_plugin import SPEC, Plugin, secret, struct

if TYPE_CHECKING:
    import pytest


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
