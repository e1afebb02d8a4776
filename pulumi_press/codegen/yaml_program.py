"""Writes Pulumi programs in YAML: a `Pulumi.yaml` that looks as if written by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.codegen.literals import WIDTH, Expression, Reference, Setting, write_comment
from pulumi_press.codegen.program import order_keys
from pulumi_press.codegen.yaml_literals import Raw, escape_references, write_entry, write_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_press.codegen.program import Declaration

__all__ = ["YamlProgram", "write_yaml_program"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_RESERVED = "pulumi"
"""What `${pulumi...}` means is Pulumi's."""


class YamlProgram(NamedTuple):
    """A program, and what it reads."""

    text: str
    """The text of `Pulumi.yaml`, with a line break at the end."""
    settings: Mapping[str, Setting]
    """The values of the configuration that it reads, by key."""


def write_yaml_program(
    declarations: Sequence[Declaration],
    *,
    intro: str,
    project: str,
    package: str,
    rename: Callable[[dict[str, Any]], dict[str, Any]],
    rename_output: Callable[[str], str],
) -> YamlProgram:
    """Return a program.

    Args:
        declarations: its resources, in order.
        intro: a comment at its beginning, one line.
        project: the name of the project.
        package: the package of the resources.
        rename: returns arguments under the names of the package's schema.
        rename_output: returns the name of an output in that schema.

    Raises:
        ValueError: a program in YAML cannot have such a value; the message says why.
    """
    names = _Names(declarations, rename_output)
    lines = [*write_comment(intro, width=WIDTH), *write_entry("name", project, indent=0), "runtime: yaml"]
    if names.settings:
        lines += ["", "config:"]
        for setting, name in names.settings.items():
            secret = {"secret": True} if setting.secret else {}
            lines += write_entry(name, {"type": setting.type, **secret}, indent=2)
    lines += ["", "resources:"]
    for declaration in declarations:
        if declaration is not declarations[0]:
            lines.append("")
        arguments = rename(order_keys(declaration.shape, dict(declaration.arguments)))
        lines += _declare(declaration, names, package, names.resolve(arguments))
    return YamlProgram("\n".join(lines) + "\n", {name: setting for setting, name in names.settings.items()})


class _Names:
    """What the resources and the values of the configuration are called: they share one space of names.

    Args:
        declarations: the resources.
        rename_output: returns the name of an output in the package's schema.
    """

    def __init__(self, declarations: Sequence[Declaration], rename_output: Callable[[str], str]) -> None:
        self._rename = rename_output
        self.resources: dict[str, str] = {}
        """By variable: the resource's name, where that can be a key and is free."""
        self.settings: dict[Setting, str] = {}
        for declaration in declarations:
            name = declaration.resource_name
            is_free = _NAME.fullmatch(name) and name not in self.resources.values()
            self.resources[declaration.variable] = self._choose(name if is_free else declaration.variable)
        for setting in (found for declaration in declarations for found in _find_settings(declaration.arguments)):
            if setting not in self.settings:
                self.settings[setting] = self._choose(setting.key)

    def _choose(self, wanted: str) -> str:
        """Return a name that can be referred to and is free."""
        plain = re.sub(r"[^A-Za-z0-9_-]", "_", wanted)
        plain = plain if _NAME.fullmatch(plain) else f"_{plain}"
        used = {_RESERVED, *self.resources.values(), *self.settings.values()}
        numbered = (f"{plain}-{number}" for number in range(2, len(used) + 3))
        return next(name for name in (plain, *numbered) if name not in used)

    def resolve(self, value: Any) -> Any:
        """Return a value with references in the place of expressions."""
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        return Raw("".join(map(self._write, value.parts))) if isinstance(value, Expression) else value

    def _write(self, part: str | Reference | Setting) -> str:
        if isinstance(part, Reference):
            return f"${{{self.resources[part.variable]}.{self._rename(part.output)}}}"
        if isinstance(part, Setting):
            return f"${{{self.settings[part]}}}"
        # A `$` at the end must not meet the brace of what follows.
        return escape_references(part) + ("$" if part.endswith("$") else "")


def _declare(declaration: Declaration, names: _Names, package: str, arguments: Any) -> Iterator[str]:
    key = names.resources[declaration.variable]
    yield f"  {write_scalar(Raw(key))}:"
    for comment in declaration.comments:
        yield from write_comment(comment, width=WIDTH, indent=4)
    yield f"    type: {package}:{declaration.kind}"
    if key != declaration.resource_name:
        yield from write_entry("name", Raw(declaration.resource_name), indent=4)
    yield from write_entry("properties", arguments, indent=4)
    if declaration.depends_on:
        options = {"dependsOn": [Raw(f"${{{names.resources[variable]}}}") for variable in declaration.depends_on]}
        yield from write_entry("options", options, indent=4)


def _find_settings(value: Any) -> Iterator[Setting]:
    if isinstance(value, Expression):
        yield from (part for part in value.parts if isinstance(part, Setting))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _find_settings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _find_settings(item)
