"""What a program makes secret is told to the engine as secret outputs, whether anything else changes or not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor

import pulumi_press as press
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]
    Outputs = Callable[[Callable[[], Any]], list[str]]

KNOWN = pulumi.Output.from_input
SECRET = pulumi.Output.secret


@pytest.fixture
def secret_outputs(run_under: Runner, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Declare a deployment; give the outputs that the engine is to keep secret."""
    seen: list[str] = []
    register: Any = MockMonitor.RegisterResource

    def note(self: MockMonitor, request: Any) -> Any:
        seen.extend(request.additionalSecretOutputs)
        return register(self, request)

    monkeypatch.setattr(MockMonitor, "RegisterResource", note)

    def declare(make: Callable[[], Any]) -> list[str]:
        run_under(PressMocks(), lambda: make().urn)
        return seen

    return declare


def deploy(**arguments: Any) -> press.BlockDeployment:
    """Declare a deployment."""
    return press.BlockDeployment(
        "etl", **{"metadata": {"name": "etl"}, "spec": {"id": KNOWN("id")}, "wait": False, **arguments}
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (lambda: {"triggers": SECRET({"a": 1})}, ["triggers"]),
        (lambda: {"triggers": {"a": SECRET(1)}}, ["triggers"]),
        (lambda: {"triggers": {"a": [{"b": [SECRET(1)]}]}}, ["triggers"]),
        (lambda: {"triggers": {"a": KNOWN({"b": SECRET(1)})}}, ["triggers"]),
        (lambda: {"triggers": {"a": KNOWN(0).apply(lambda _: [{"b": SECRET(1)}])}}, ["triggers"]),
        (lambda: {"triggers": {"a": asyncio.sleep(0, SECRET(1))}}, ["triggers"]),
        (lambda: {"triggers": {"a": KNOWN(1), "b": SECRET(1).apply(str)}}, ["triggers"]),
        (lambda: {"metadata": {"name": "etl", "tags": [{"name": SECRET("t")}]}}, ["metadata"]),
        (
            lambda: {"parameters": {"run": {"a": SECRET(1)}}, "revision": {"notes": SECRET("n")}},
            ["parameters", "revision"],
        ),
        (lambda: {"spec": {"id": SECRET("id")}}, ["spec"]),
        (lambda: {"triggers": {"a": pulumi.Output.unsecret(SECRET(1))}}, []),
        (lambda: {"triggers": {"a": 1}}, []),
    ],
)  # fmt: skip
def test_argument_with_a_secret_in_it_is_a_secret_output(
    secret_outputs: Outputs, arguments: Callable[[], dict[str, Any]], names: list[str]
) -> None:
    """At any depth, in lists and in outputs; what is plain stays readable."""
    assert sorted(secret_outputs(lambda: deploy(**arguments()))) == names


def test_secret_outputs_of_the_program_stay(secret_outputs: Outputs) -> None:
    """The option of the program, and one that a transformation merges in, name outputs of their own."""

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        more = pulumi.ResourceOptions(additional_secret_outputs=["revision_number"])
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, more))

    given = pulumi.ResourceOptions(additional_secret_outputs=["spec"], transformations=[transform])

    assert sorted(secret_outputs(lambda: deploy(triggers={"a": SECRET(1)}, opts=given))) == [
        "revision_number",
        "spec",
        "triggers",
    ]
    assert given.additional_secret_outputs == ["spec"]


def test_a_merge_from_either_side_keeps_secret_outputs(secret_outputs: Outputs) -> None:
    """A transformation may put its own options first."""

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        more = pulumi.ResourceOptions(additional_secret_outputs=["revision_number"])
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(more, args.opts))

    given = pulumi.ResourceOptions(transformations=[transform])

    assert sorted(secret_outputs(lambda: deploy(triggers={"a": SECRET(1)}, opts=given))) == [
        "revision_number",
        "triggers",
    ]


def test_a_spec_s_secrets_are_found_too(secret_outputs: Outputs) -> None:
    """Every resource is declared the same way."""

    def publish() -> press.BlockSpec:
        env = {"PASSWORD": SECRET("canary")}
        step: Any = {"imageDetails": {"id": 1}, "command": "x", "parameters": {"env": env}}
        return press.BlockSpec(
            "etl", kind="workflow", metadata={"name": "etl", "summary": "Loads."}, config={"steps": {"load": step}}
        )

    assert secret_outputs(publish) == ["config"]
