"""What a program leaves out is not handed to the engine, and can be read all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press
from pulumi_press import schema
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.sdk.press_resource import PressResource

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]


def declare() -> press.BlockSpec:
    """Declare a spec."""
    return press.BlockSpec(
        "etl",
        kind="workflow",
        metadata={"name": "etl", "summary": "Loads."},
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
