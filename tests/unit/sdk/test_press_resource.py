"""What a program leaves out is not handed to the engine, and can be read all the same."""

from __future__ import annotations

import asyncio
from copy import copy
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime.resource import collapse_alias_to_urn
from pulumi.runtime.stack import run_pulumi_func

import pulumi_press as press
from pulumi_press import native, schema
from pulumi_press.plugin.tokens import Token
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.sdk.press_resource import PressResource

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]


def declare(name: str = "etl") -> press.BlockSpec:
    """Declare a spec."""
    return press.BlockSpec(
        name,
        kind="workflow",
        metadata={"name": name, "summary": "Loads."},
        config={"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}},
        featured=True,
    )


def test_only_what_is_said_and_what_is_an_output_is_handed_to_the_engine(run_under: Runner) -> None:
    """The version is computed, so its output is there; a scope that nobody set takes no time."""
    made = run_under(
        PressMocks(), lambda: [name for name, value in vars(declare()).items() if isinstance(value, pulumi.Output)]
    )

    assert {"kind", "metadata", "config", "featured", "release"} <= set(made)
    assert not {"scope", "tenants", "artifact", "parameters", "adopt", "version"} & set(made)


def test_what_is_left_out_is_an_output_of_none(run_under: Runner) -> None:
    """A program may read every argument of a resource, whether it was given or not."""

    def read() -> Any:
        spec: Any = declare()
        return pulumi.Output.all(spec.scope, spec.featured)

    assert run_under(PressMocks(), read) == [None, True]


def test_other_attributes_are_not_there(run_under: Runner) -> None:
    """A misspelt name is an error that names the class and the attribute."""

    def misspell() -> str:
        spec: Any = declare()
        try:
            return str(spec.scop)
        except AttributeError as error:
            return str(error)

    assert run_under(PressMocks(), misspell) == "'BlockSpec' object has no attribute 'scop'"


ARGUMENTS: dict[str, tuple[type[PressResource], Any]] = {
    "BlockSpec": (press.BlockSpec, schema.BlockSpecArgs),
    "BlockSpecRelease": (press.BlockSpecRelease, schema.BlockSpecReleaseArgs),
    "BlockDeployment": (press.BlockDeployment, schema.BlockDeploymentArgs),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_argument_is_an_output(name: str) -> None:
    """Each key of the schema is annotated, so that type checkers know it, and a required one has no None."""
    made, arguments = ARGUMENTS[name]
    described = schema.json_schema(arguments)

    assert set(described["properties"]) <= made.output_names
    assert set(described["required"]) <= made.always_given <= made.output_names


def test_whole_numbers_keep_their_type(run_under: Runner) -> None:
    """The engine returns floats."""
    number = run_under(PressMocks(), lambda: press.BlockDeployment.get("run", "an-id").revision_number)

    assert type(number) is int


def test_what_is_read_has_every_argument(run_under: Runner) -> None:
    """What exists has the outputs of what is declared; those that the service does not have are None."""

    def read() -> Any:
        spec = press.BlockSpec.get("etl", "an-id")
        return pulumi.Output.all(spec.scope, spec.tenants, spec.release_version)

    existing = {"an-id": {"scope": "shared", "metadata": {"name": "etl"}}}
    assert run_under(PressMocks(existing=existing), read) == ["shared", None, "1.0.0"]


@pytest.mark.parametrize("package", [press, native])
@pytest.mark.parametrize("opts", [None, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])])
def test_alias_of_the_other_way_is_the_one_that_the_sdk_would_make(
    run_under: Runner, package: Any, opts: pulumi.ResourceOptions | None
) -> None:
    """Below a component as well; the program's own aliases stay, and its options are not changed."""
    given = copy(opts)

    def name() -> Any:
        component = pulumi.ComponentResource("a:b:C", "parent")
        named = []
        for parent in (None, component):
            options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=parent))
            arguments: Any = {
                "kind": "workflow",
                "metadata": {"name": "etl", "summary": "Loads."},
                "config": {"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}},
            }
            spec = package.BlockSpec("etl", **arguments, opts=options)
            other = Token("BlockSpec", is_native=package is press).text
            expected = collapse_alias_to_urn(pulumi.Alias(type_=other), "etl", "", parent)
            named += [pulumi.Output.all(spec._aliases[0], expected), len(spec._aliases)]  # noqa: SLF001
        return pulumi.Output.all(*named)

    (first, own), count, (second, nested), same = run_under(PressMocks(), name)

    assert first == own
    assert second == nested
    assert "a:b:C$" in second
    assert count == same == (1 if opts is None else 2)
    assert vars(opts or pulumi.ResourceOptions()) == vars(given or pulumi.ResourceOptions())


def test_program_waits_for_registrations_and_not_for_each_output(
    run_in_loop: Callable[[pulumi.runtime.Mocks, Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK would wait for all outputs that are left after each that is known: a square of their number."""
    waited: list[int] = []
    wait = asyncio.wait

    def count(outputs: Any, **named: Any) -> Any:
        waited.append(len(outputs))
        return wait(outputs, **named)

    def program() -> None:
        pulumi.runtime.settings.SETTINGS.rpc_manager.clear()  # As in a process of its own, which sets no mocks.
        for number in range(50):
            declare(f"etl-{number}")

    monkeypatch.setattr(asyncio, "wait", count)
    run_in_loop(PressMocks(), lambda: asyncio.get_event_loop().run_until_complete(run_pulumi_func(program)))

    assert sum(waited) < 50
