"""What every shape is built from: the base rules, inputs, references and the scalars that have a rule of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, with_config
from pydantic_core import core_schema

from pulumi_press.schema import versions
from pulumi_press.schema.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    # To a type checker a field takes what Pulumi calls an input: the value, or an output of another resource.
    from pulumi import Input as Input  # noqa: PLC0414  (the alias is the export)
    from pydantic.json_schema import JsonSchemaValue
else:

    class Input:
        """`Input[T]` is `T` at run time: by then the engine has resolved every output."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Give back what stands in the brackets."""
            return item


__all__ = ["Flag", "Input", "Integer", "Number", "Referable", "SemVer", "Text", "Words", "shape"]

T = TypeVar("T")

REFERENCE = "@param:"
"""The prefix of a string that stands for the value of a build parameter."""


def shape(cls: type[T]) -> type[T]:
    """Give a TypedDict the rules of every shape: no other keys, no conversions, documented by its own docstrings."""
    decorate: Callable[[type[T]], type[T]] = with_config(
        ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True, allow_inf_nan=False)
    )
    return decorate(cls)


@dataclass(frozen=True)
class Referable:
    """Marks a field that takes a value of `kind`, or the text `@param:<name>` that stands for a build parameter."""

    kind: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Let a reference pass, and hand anything else to the rules of `kind`."""

        def check(value: Any, validate: core_schema.ValidatorFunctionWrapHandler) -> Any:
            is_reference = isinstance(value, str) and value.startswith(REFERENCE) and len(value) > len(REFERENCE)
            return value if is_reference else validate(value)

        return core_schema.no_info_wrap_validator_function(check, handler.generate_schema(self.kind))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say the same in JSON Schema."""
        reference = {"type": "string", "pattern": f"^{REFERENCE}.+"}
        return {"anyOf": [handler(schema["schema"]), reference]}


@dataclass(frozen=True)
class _Semantic:
    """Marks a text that must be a semantic version."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def check(value: str) -> str:
            versions.parse(value)
            return value

        return core_schema.no_info_after_validator_function(check, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": versions.PATTERN, "examples": ["1.0.0"]}


def skip_unknown(check: Callable[[Any], str]) -> Callable[[Any], str]:
    """Make a discriminator that meets an unknown value say so instead of failing on it."""

    def discriminate(value: Any) -> str:
        return "" if isinstance(value, Unknown) else check(value)

    return discriminate


Text = Annotated[str, Field(min_length=1)]
"""A text that is not empty."""

SemVer = Annotated[str, _Semantic()]
"""A semantic version, `1.2.3` or `1.2.3-a.1`."""

Flag = Annotated[bool | str, Referable(bool)]
"""True, false, or `@param:<name>`."""

Integer = Annotated[int | str, Referable(int)]
"""A whole number, or `@param:<name>`."""

Number = Annotated[float | str, Referable(float)]
"""A number, or `@param:<name>`."""

Words = dict[str, Input[str]]
"""Texts by name, such as environment variables."""
