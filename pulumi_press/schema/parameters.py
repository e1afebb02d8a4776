"""Parameters that a block declares: asked for at deployment (build) or read while it runs (run)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag
from typing_extensions import Required, TypedDict

from pulumi_press.schema.shapes import Either, Input, Many, Named, Text, shape

__all__ = ["Condition", "Conditions", "Option", "Parameter", "ParameterType", "ParameterValues", "Parameters"]

ParameterType = Literal["boolean", "string", "string_array", "number", "number_array", "object", "object_array"]


@shape
class Option(TypedDict, total=False):
    """One of the values a person may choose."""

    title: Input[str]
    """Text shown for the value."""
    value: Required[Input[Any]]
    """The value."""


@shape
class Condition(TypedDict):
    """Holds when another parameter has, or has not, a value."""

    dependsOn: Input[Text]
    """Name of the other parameter."""
    operator: Input[Literal["equals", "not-equals"]]
    """How the values are compared."""
    value: Input[Annotated[str | float | bool, Either("a text, a number, true or false")]]
    """The value compared with."""


@shape
class Conditions(TypedDict):
    """Holds when all (`AND`) or one (`OR`) of several conditions hold."""

    conditionType: Input[Literal["AND", "OR"]]
    """How the conditions are joined."""
    conditions: Many[AnyCondition]
    """The conditions."""


def _case(condition: object) -> str:
    several = isinstance(condition, dict) and {"conditionType", "conditions"} & condition.keys()
    return "<conditions>" if several else "<condition>"


AnyCondition = Annotated[
    Annotated[Condition, Tag("<condition>")] | Annotated[Conditions, Tag("<conditions>")],
    Discriminator(_case),
]


@shape
class Parameter(TypedDict, total=False):
    """A declared parameter."""

    name: Required[Input[Text]]
    """Name, unique in its list."""
    type: Required[Input[ParameterType]]
    """Type of its value."""
    required: Required[Input[bool]]
    """Whether a value must be given."""
    title: Input[str]
    """Title shown to people."""
    description: Input[str]
    """What it is for."""
    defaultValue: Input[Any]
    """Value when none is given."""
    options: Annotated[Many[Option], Field(min_length=1)]
    """The values to choose from."""
    hideValue: Input[bool]
    """Mask the value wherever it is shown."""
    conditions: Many[AnyCondition]
    """When a person is asked for it."""
    properties: Many[Parameter]
    """The members of an object."""


@shape
class Parameters(TypedDict, total=False):
    """What a spec or release declares."""

    build: Many[Parameter]
    """Asked for, and used, at deployment."""
    run: Many[Parameter]
    """Given at deployment, read while the block runs."""


@shape
class ParameterValues(TypedDict, total=False):
    """Values for the declared parameters of a release, by name."""

    build: Input[Named[Input[Any]]]
    """Values of build parameters."""
    run: Input[Named[Input[Any]]]
    """Values of run parameters."""
