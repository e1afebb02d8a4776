"""What the docstrings of the package say: read from the source, as the editor of a user reads it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import griffe

__all__ = ["ROOT", "Argument", "Member", "find", "read_arguments", "read_attributes", "read_errors", "read_summary"]

ROOT = Path(__file__).resolve().parents[2]


class Argument(NamedTuple):
    """An argument of a function."""

    name: str
    type: str
    """The annotation, without what every argument has: `pulumi.Input` and `None`."""
    default: str | None
    """None where it must be given."""
    text: str
    """What the docstring says of it."""
    by_name: bool
    """Whether it can only be given by its name."""


class Member(NamedTuple):
    """An attribute or a property of a class."""

    name: str
    type: str
    text: str


@cache
def _load(module: str) -> griffe.Object | griffe.Alias:
    return griffe.load(module, search_paths=[ROOT], docstring_parser="google")


def find(path: str, module: str = "pulumi_press") -> griffe.Object:
    """Find a class, method or function by its name in a module, such as `BlockSpec.get`; without one, the module."""
    found: griffe.Object | griffe.Alias = _load(module)[path] if path else _load(module)
    return found.final_target if isinstance(found, griffe.Alias) else found


def read_summary(found: griffe.Object) -> str:
    """Give the text of a docstring, without its sections."""
    texts = [section.value for section in _sections(found) if isinstance(section, griffe.DocstringSectionText)]
    return "\n\n".join(texts)


def read_arguments(found: griffe.Object) -> dict[str, Argument]:
    """Give the arguments of a function or of a class's constructor, `self` left out."""
    function = found["__init__"] if isinstance(found, griffe.Class) else found
    if not isinstance(function, griffe.Function):
        raise TypeError(f"{found.path} takes no arguments")
    texts = {
        item.name: item.description
        for section in _sections(function)
        if isinstance(section, griffe.DocstringSectionParameters)
        for item in section.value
    }
    return {
        item.name: Argument(
            f"**{item.name}" if item.kind is griffe.ParameterKind.var_keyword else item.name,
            _plain(str(item.annotation)),
            _default(item),
            texts.get(item.name, ""),
            item.kind is griffe.ParameterKind.keyword_only,
        )
        for item in function.parameters
        if item.name not in ("self", "cls")
    }


def _default(item: griffe.Parameter) -> str | None:
    is_needed = item.default is None or item.kind is griffe.ParameterKind.var_keyword
    return None if is_needed else str(item.default)


def read_attributes(found: griffe.Object) -> list[Member]:
    """Give the attributes and properties of a class that have a docstring, in the order of the source."""
    return [
        Member(name, _plain(str(member.annotation)), read_summary(member))
        for name, member in found.members.items()
        if isinstance(member, griffe.Attribute) and member.docstring and not name.startswith("_")
    ]


def read_errors(function: griffe.Object) -> list[tuple[str, str]]:
    """Give the errors that a docstring tells of, and when."""
    return [
        (str(item.annotation), item.description)
        for section in _sections(function)
        if isinstance(section, griffe.DocstringSectionRaises)
        for item in section.value
    ]


def _sections(found: griffe.Object) -> list[griffe.DocstringSection]:
    return found.docstring.parsed if found.docstring else []


def _plain(annotation: str) -> str:
    """Leave out of an annotation what does not help a reader."""
    plain = annotation.removesuffix(" | None")
    inner = re.fullmatch(r"pulumi\.(?:Input|Output)\[(.*)\]", plain)
    return inner[1] if inner else plain
