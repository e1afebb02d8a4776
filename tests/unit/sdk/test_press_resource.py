"""What a program leaves out is not handed to the engine, and can be read all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

import pulumi_press as press
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

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
