"""What every shape is built from, and how to look up a part of a shape and an example of it."""

from __future__ import annotations

import ast
import inspect
import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag, with_config
from pydantic_core import core_schema
from typing_extensions import NotRequired, Required, get_original_bases, get_type_hints, is_typeddict

from pulumi_press.schema import versions
from pulumi_press.schema.plain import REFERENCE, SHORTEST_TEXT

__all__ = [
    "Either",
    "Flag",
    "Input",
    "Integer",
    "Like",
    "Many",
    "Named",
    "Number",
    "Referable",
    "SemVer",
    "Semantic",
    "Text",
    "Words",
    "example",
    "find_kind",
    "find_owners",
    "known_keys",
    "shape",
]

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    # For type checkers a field accepts a Pulumi input: the value, or an output of another resource.
    from pulumi import Input as Input  # noqa: PLC0414  (the alias is the export)
    from pydantic.json_schema import JsonSchemaValue

    # Read-only for type checkers, so that a variable of type `list[str]` is accepted as a list of inputs.
    Many = Sequence[T]
    Named = Mapping[str, T]
else:
    Many = list

    class Input:
        """`Input[T]` is `T` at run time: by then the engine has resolved every output."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Return the type in the brackets."""
            return item

    class Named:
        """`Named[T]` is a dict of `T` by name."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Return the dict's type."""
            return dict[str, item]


def shape(cls: type[T]) -> type[T]:
    """Return a TypedDict with the rules of every shape: no other keys, no conversions, documented by its docstrings."""
    decorate: Callable[[type[T]], type[T]] = with_config(
        ConfigDict(
            extra="forbid",
            strict=True,
            allow_inf_nan=False,
            json_schema_extra=_describe_fields,
        )
    )
    return decorate(cls)


def _describe_fields(schema: dict[str, Any], cls: type[Any]) -> None:
    """Add the fields' docstrings to a JSON Schema.

    Pydantic can do so too, but reads the source for it whenever it builds a validator, which takes three times as long
    as the building itself, and leaves inherited fields out.
    """
    for name, text in _read_docstrings(cls).items():
        schema["properties"][name].setdefault("description", text)


def _read_docstrings(cls: type[Any]) -> dict[str, str]:
    """Return the docstrings of the fields of a TypedDict, inherited ones included."""
    texts: dict[str, str] = {}
    for base in filter(is_typeddict, get_original_bases(cls)):
        texts |= _read_docstrings(base)
    [definition] = ast.parse(inspect.getsource(cls)).body
    for field, below in pairwise(definition.body if isinstance(definition, ast.ClassDef) else []):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                texts[name] = inspect.cleandoc(text)
    return texts


@dataclass(frozen=True)
class Referable:
    """Marks a field that takes a value of `kind`, or the text `@param:<name>` that stands for a build parameter."""

    kind: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Accept a reference, and validate anything else as `kind`."""

        def check(value: Any, validate: core_schema.ValidatorFunctionWrapHandler) -> Any:
            is_reference = isinstance(value, str) and value.startswith(REFERENCE) and len(value) > len(REFERENCE)
            return value if is_reference else validate(value)

        return core_schema.no_info_wrap_validator_function(check, handler.generate_schema(self.kind))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the same as JSON Schema."""
        reference = {"type": "string", "pattern": f"^{REFERENCE}.+", "examples": [f"{REFERENCE}name"]}
        return {"anyOf": [handler(schema["schema"]), reference]}


@dataclass(frozen=True)
class Semantic:
    """Marks a text that must be a semantic version."""

    examples: ClassVar = ("1.0.0",)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Parse the version after the type was checked."""

        def check(value: str) -> str:
            versions.parse(value)
            return value

        return core_schema.no_info_after_validator_function(check, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the same as JSON Schema."""
        return {"type": "string", "pattern": versions.PATTERN, "examples": list(self.examples)}


@dataclass(frozen=True)
class Like:
    """Marks a text with a pattern; messages show examples in place of the pattern."""

    pattern: str
    examples: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check the pattern after the type."""

        def check(value: str) -> str:
            if not re.fullmatch(self.pattern, value):
                raise ValueError(f"must look like {' or '.join(self.examples)}")
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the same as JSON Schema."""
        return {**handler(schema), "pattern": self.pattern, "examples": list(self.examples)}


@dataclass(frozen=True)
class Either:
    """Marks a field of several plain types, so that a value of another type is one failure, not one for each type."""

    wanted: str
    """The types in words, such as `a whole number or a text`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Replace the union's errors by one."""
        return core_schema.custom_error_schema(
            handler(source),
            "either",
            custom_error_message="Input should be {wanted}",
            custom_error_context={"wanted": self.wanted},
        )


Text = Annotated[str, Field(min_length=SHORTEST_TEXT)]
"""A text that is not empty."""

SemVer = Annotated[str, Semantic()]
"""A semantic version, `1.2.3` or `1.2.3-a.1`."""

Flag = Annotated[bool | str, Referable(bool)]
"""True, false, or `@param:<name>`."""

Integer = Annotated[int | str, Referable(int)]
"""A whole number, or `@param:<name>`."""

Number = Annotated[float | str, Referable(float)]
"""A number, or `@param:<name>`."""

Words = Named[Input[str]]
"""Texts by name, such as environment variables."""


LONGEST = 80
"""Characters: a longer example does not help."""

_SCALARS: dict[Any, Any] = {str: "...", int: 1, float: 1, bool: True, Any: "..."}


def find_kind(shape: Any, location: tuple[int | str, ...]) -> Any:
    """Return the declared type at a location as pydantic writes it, with the tags of unions; None if there is none."""
    kind = shape
    for part in location:
        kind = _step(kind, part)
    return kind


def known_keys(kind: Any) -> list[str]:
    """Return the keys of a shape, in the order of its declaration; none for any other type."""
    bare, _ = _strip(kind)
    return list(_fields(bare)) if is_typeddict(bare) else []


def find_owners(shape: Any, location: tuple[int | str, ...], key: str) -> list[str]:
    """Return the tags of the other cases of a union that have a key, by the location of the case that lacks it."""
    union, _ = _strip(find_kind(shape, location[:-1])) if location else (None, ())
    cases = [(_find_tag(member), known_keys(member)) for member in get_args(union)]
    return [tag for tag, known in cases if tag and key in known]


def example(kind: Any) -> str:
    """Return an example of a type as JSON; empty if its form is obvious, or the example would be long."""
    bare, notes = _strip(kind)
    if likes := _likes(notes):
        return " or ".join(json.dumps(text) for text in likes)
    if not is_typeddict(bare) and get_origin(bare) not in (dict, list):
        return ""
    text = json.dumps(_example(kind))
    return text if len(text) <= LONGEST else ""


def _example(kind: Any) -> Any:
    bare, notes = _strip(kind)
    if likes := _likes(notes):
        return likes[0]
    if is_typeddict(bare):
        fields = _fields(bare)
        names = [name for name, kind in fields.items() if _is_required(bare, kind)] or list(fields)[:1]
        return {name: _example(fields[name]) for name in names}
    arguments = get_args(bare)
    match get_origin(bare):
        case None:
            found = _SCALARS.get(bare, "...")
        case origin if origin is Literal:
            found = arguments[0]
        case origin if origin is list:
            found = [_example(arguments[0])]
        case origin if origin is dict:
            found = {"name": _example(arguments[1])}
        case _:  # A union.
            found = _example(arguments[0])
    return found


def _likes(notes: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the examples in the notes of a text with a pattern."""
    return next((note.examples for note in notes if isinstance(note, (Like, Semantic))), ())


def _is_required(shape: Any, kind: Any) -> bool:
    # `__required_keys__` ignores `Required` in annotations that are strings.
    return get_origin(kind) is Required or (shape.__total__ and get_origin(kind) is not NotRequired)


def _step(kind: Any, part: int | str) -> Any:
    bare, _ = _strip(kind)
    if is_typeddict(bare):
        return _fields(bare).get(str(part))
    origin, arguments = get_origin(bare), get_args(bare)
    if origin is list:
        return arguments[0] if isinstance(part, int) else None
    if origin is dict:
        return arguments[1]
    return next((member for member in arguments if _find_tag(member) == part), None)


def _find_tag(case: Any) -> Any:
    """Return the tag of a union's case; None if it has none."""
    return next((note.tag for note in _strip(case)[1] if isinstance(note, Tag)), None)


def _strip(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without `Annotated` and `Required`, and the notes of the former."""
    notes: tuple[Any, ...] = ()
    while get_origin(kind) in (Annotated, Required, NotRequired):
        kind, *more = get_args(kind)
        notes += tuple(more)
    referable = next((note.kind for note in notes if isinstance(note, Referable)), None)
    return (kind, notes) if referable is None else _strip(referable)


@cache
def _fields(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)
