"""The parts of pages that are written from the code: what each kind says of its subject."""

from __future__ import annotations

import json
import re
from textwrap import indent
from typing import TYPE_CHECKING, Any

import griffe

from pulumi_press.plugin.tokens import KINDS, load_resource
from pulumi_press.provider import waiting
from pulumi_press.settings import SETTINGS
from tools.docs.changes import MEANINGS, name_effect
from tools.docs.changes import render as render_lifecycle
from tools.docs.shapes import name_annotation, name_type, read_schema, write_nested, write_shape
from tools.docs.source import find, read_arguments, read_attributes, read_errors, read_summary
from tools.docs.tables import say, write_table
from tools.plugin_schema import EXAMPLES, LANGUAGES, strip_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tools.docs.source import Argument

__all__ = ["SECTIONS"]

NATIVE_IMPORT = "from pulumi_press import native as press"


def write_arguments(name: str) -> str:
    """Write the arguments of a resource: its shape's, and those that its constructor alone has."""
    declared = read_schema(f"{name}Args")
    properties, required = declared["properties"], declared.get("required", [])
    rows = [
        (
            f"`{argument.name}`",
            name_type(properties[argument.name]) if argument.name in properties else name_annotation(argument.type),
            "yes" if argument.name in required or argument.default is None else "",
            say(argument.text),
        )
        for argument in read_arguments(find(name)).values()
    ]
    return "\n\n".join([write_table(("argument", "type", "required", "meaning"), rows), *write_nested(declared)])


def write_constructor(name: str) -> str:
    """Write the arguments of a class whose constructor says all."""
    rows = [
        (f"`{item.name}`", name_annotation(item.type), "yes" if item.default is None else "", say(item.text))
        for item in read_arguments(find(name)).values()
    ]
    return write_table(("argument", "type", "required", "meaning"), rows)


def write_outputs(name: str) -> str:
    """Write what a resource has once it is declared."""
    rows = [(f"`{item.name}`", f"`{item.type}`", say(item.text)) for item in read_attributes(find(name))]
    if name in KINDS:
        told = re.search(r"Its id is (.*?)\.", load_resource(name).__doc__ or "")
        rows = [("`id`", "`str`", say(f"its id: {told[1]}" if told else "its id")), *rows]
    return write_table(("output", "type", "meaning"), rows)


def write_methods(name: str) -> str:
    """Write the other ways to declare a resource: its class methods."""
    found = find(name)
    methods = [item for item in found.members.values() if isinstance(item, griffe.Function) and item.name[0] != "_"]
    return "\n\n".join(_write_function(item, title=f"{name}.{item.name}") for item in methods)


def write_example(name: str) -> str:
    """Write the smallest program with a resource in every language, as the schema has it; in Python the dynamic one."""
    tabs = []
    for file, (title, mark) in sorted(LANGUAGES.items(), key=lambda item: item[1][0] != "Python"):
        path = EXAMPLES / name / file
        text = strip_comment(path.read_text(encoding="utf-8")).strip()
        program = f"```{mark}\n{text}\n```"
        if mark == "python":
            program = f"<!-- program -->\n{program.replace(NATIVE_IMPORT, 'import pulumi_press as press')}"
        tabs.append(f'=== "{title}"\n\n{indent(program, " " * 4)}')
    return "\n\n".join(tabs)


def write_effects(name: str) -> str:
    """Write what a change of each input does, as `lifecycle.md` has it."""
    parts = re.split(r"^## (\w+)\n\n", render_lifecycle(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name].strip()


def write_meanings() -> str:
    """Write what each effect is."""
    return write_table(
        ("effect", "what is done"), [(name_effect(effect), say(text)) for effect, text in MEANINGS.items()]
    )


def write_settings() -> str:
    """Write every setting, with its variables, values and default."""
    return write_table(
        ("setting", "environment", "value", "default", "meaning"),
        (
            (
                f"`{setting.key}`",
                ", ".join(f"`{variable}`" for variable in setting.variables),
                _name_setting(setting.schema),
                _name_default(setting.default),
                say(setting.help),
            )
            for setting in SETTINGS
        ),
    )


def _name_setting(schema: Mapping[str, Any]) -> str:
    # A setting is a text on the command line: a choice needs no quotes there, and a list is JSON.
    name = name_type(dict(schema)).replace('"', "")
    return f"{name}, as JSON" if schema["type"] == "array" else name


def _name_default(default: Any) -> str:
    if default is None:
        return ""
    if isinstance(default, (str, float)):
        return f"`{default}`".replace(".0`", "`")
    return f"`{json.dumps(default)}`"


def write_statuses() -> str:
    """Write what each status means to somebody who waits."""
    attributes = read_attributes(find("", waiting.__name__))
    groups = [item for item in attributes if isinstance(getattr(waiting, item.name), frozenset)]
    rows = [
        (", ".join(f"`{status}`" for status in sorted(getattr(waiting, group.name))), say(group.text))
        for group in groups
    ]
    return write_table(("status of a revision", "meaning"), rows)


def write_functions() -> str:
    """Write every function that reads; the `_output` forms have the same arguments."""
    module = find("sdk.functions")
    names = [name for name in module.members if name in (module.exports or ()) and not name.endswith("_output")]
    return "\n\n".join(_write_function(find(name)) for name in names)


def _write_function(function: griffe.Object, title: str = "") -> str:
    name = title or function.name
    arguments = read_arguments(function)
    parts = [
        f"### {name}",
        f"```python\n{name}({_write_signature(arguments.values())})\n```",
        read_summary(function),
    ]
    told = [(f"`{item.name}`", say(item.text)) for item in arguments.values() if item.text]
    if told:
        parts.append(write_table(("argument", "meaning"), told))
    parts += [f"Raises `{error}`: {' '.join(text.split())}" for error, text in read_errors(function)]
    return "\n\n".join(parts)


def _write_signature(arguments: Iterable[Argument]) -> str:
    """Write the arguments of a call, names and defaults only: the editor tells the types."""
    words: list[str] = []
    for item in arguments:
        if item.by_name and "*" not in words:
            words.append("*")
        words.append(item.name if item.default is None else f"{item.name}={item.default}")
    return ", ".join(words)


SECTIONS: dict[str, Callable[..., str]] = {
    "arguments": write_arguments,
    "constructor": write_constructor,
    "effects": write_effects,
    "example": write_example,
    "functions": write_functions,
    "meanings": write_meanings,
    "methods": write_methods,
    "outputs": write_outputs,
    "settings": write_settings,
    "shape": write_shape,
    "statuses": write_statuses,
}
"""Kind of section -> what writes it; the words after the kind in the marker are its arguments."""
