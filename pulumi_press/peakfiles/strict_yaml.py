"""Strict YAML: what YAML would guess, drop or convert is an error with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.variables import (
    FromEnvironment,
    Marker,
    Meaning,
    find_markers,
    resolve,
    split_markers,
    strip_markers,
)
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.peakfiles.templates import Rendering

__all__ = ["Document"]

_TAG = "tag:yaml.org,2002:"
_MAP, _SEQUENCE, _TEXT, _MERGE = (_TAG + name for name in ("map", "seq", "str", "merge"))
_REFUSED_TAGS = {
    _TAG + "timestamp": "YAML reads this value as a date: put it in quotes",
    _TAG + "binary": "this value is binary data, which the service does not accept: write text",
    _TAG + "set": "this value is a set, which the service does not accept: write a list",
    _TAG + "omap": "this value is an ordered map, which the service does not accept: write a plain map",
    _TAG + "pairs": "this value is a list of pairs, which the service does not accept: write a map",
}
_NUMBERS = (_TAG + "int", _TAG + "float")
_MAX_VALUES = 100_000
"""References to references can expand a few lines to millions of values."""
_MAX_LEVELS = 100
"""More than any block has, and few enough for recursive functions."""

# Paths of image contexts in a file. `*` is any name.
_IMAGES = (
    ("body", "config", "image", "context"),
    ("body", "config", "images", "*", "context"),
    ("body", "config", "steps", "*", "image", "context"),
)


class Document:
    """The values of a rendered file.

    Args:
        rendering: the rendered file.
        variables: the environment's variables, for their markers.

    Raises:
        BlockfileError: the text is not valid YAML, or has a value that is not plain data.
    """

    def __init__(self, rendering: Rendering, variables: Mapping[str, str]) -> None:
        self._rendering = rendering
        self._variables = variables
        self._texts = rendering.texts
        self._loader = self._open_text(rendering.text)
        self._lines: dict[str, int] = {}
        self._merged: set[int] = set()
        self._within: list[int] = []
        self.values = self._read()
        """Maps, lists, texts, numbers, booleans; null entries of maps are left out."""

    def line(self, path: str) -> int | None:
        """Return the line of the rendered text where the value at a path starts."""
        return self._lines.get(path)

    def _open_text(self, text: str) -> yaml.SafeLoader:
        try:
            return yaml.SafeLoader(text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position)
            raise self._fail(line, "this line has a character that YAML does not allow") from None

    def _read(self) -> Any:
        try:
            node = self._loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = f"{error.problem}{f' ({error.context})' if error.context else ''}"
            raise self._fail(mark.line if mark else 0, f"is not valid YAML: {self._texts.redact(problem)}") from None
        except RecursionError:
            raise self._fail(0, "is nested too deeply") from None
        finally:
            self._loader.dispose()
        return None if node is None else self._build(node, ())

    def _build(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        if id(node) in self._within:
            raise self._fail_at(node, "this value contains itself")
        if len(parts) > _MAX_LEVELS:
            raise self._fail_at(node, f"this value is nested too deeply: more than {_MAX_LEVELS} levels")
        if len(self._lines) >= _MAX_VALUES:
            raise self._fail_at(node, f"the file expands to more than {_MAX_VALUES} values")
        self._lines[join("", *parts)] = node.start_mark.line + 1
        self._within.append(id(node))
        try:
            if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
                return self._build_map(node, parts)
            if isinstance(node, yaml.SequenceNode) and node.tag == _SEQUENCE:
                return [self._build(item, (*parts, index)) for index, item in enumerate(node.value)]
            return self._build_scalar(node, parts)
        finally:
            self._within.pop()

    def _build_map(self, node: yaml.MappingNode, parts: tuple[str | int, ...]) -> dict[str, Any]:
        self._check_keys(node)
        try:
            self._loader.flatten_mapping(node)
        except yaml.MarkedYAMLError as error:
            raise self._fail_at(node, f"this map cannot be merged: {error.problem}") from None
        # Merged entries come first, so the map's own override them.
        entries = {resolve(key.value, self._variables): value for key, value in node.value}
        built = {key: self._build(value, (*parts, key)) for key, value in entries.items()}
        return {key: value for key, value in built.items() if value is not None}

    def _check_keys(self, node: yaml.MappingNode) -> None:
        """Raise an error for a key that is not text or occurs twice."""
        if id(node) in self._merged:
            return
        self._merged.add(id(node))
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self._fail_at(key, "a key must be text")
            if key.tag != _TEXT:
                raise self._fail_at(
                    key, f"YAML does not read the key {self._texts.quote(key.value)} as text: put it in quotes"
                )
            if key.value in seen:
                quoted = self._texts.quote(key.value)
                raise self._fail_at(key, f"the key {quoted} occurs twice, and YAML would keep only the last")
            seen.add(key.value)

    def _build_scalar(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        markers = list(find_markers(node.value)) if isinstance(node, yaml.ScalarNode) else []
        if any(marker.meaning is Meaning.VARIABLE for marker in markers):
            return self._build_variable(node, parts)
        value = self._construct(node)
        return self._resolve_context(value, markers, parts) if markers else value

    def _build_variable(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        """Return a value with parts from the environment; only a text records which."""
        text = resolve(node.value, self._variables)
        tag, style = node.tag, getattr(node, "style", None)
        if style is None and tag == _TEXT:
            tag = str(self._loader.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]
        value = self._construct(yaml.ScalarNode(tag, text, node.start_mark, node.end_mark, style=style))
        if not isinstance(value, str):
            return value
        if any(marker.meaning is Meaning.CONTEXT for marker in find_markers(text)):
            return self._resolve_context(value, list(find_markers(text)), parts)
        return FromEnvironment(value, tuple(split_markers(node.value)))

    def _construct(self, node: yaml.Node) -> Any:
        if node.tag in _REFUSED_TAGS:
            raise self._fail_at(node, _REFUSED_TAGS[node.tag])
        if node.tag in _NUMBERS and (why := _find_other_base(node.value)):
            raise self._fail_at(node, why)
        try:
            return self._loader.construct_object(node, deep=True)
        except yaml.MarkedYAMLError:
            is_written = self._texts.contain(node.tag.removeprefix(_TAG))
            tag = repr(node.tag) if is_written else self._texts.quote(node.tag)
            raise self._fail_at(node, f"the tag {tag} is not part of plain YAML: remove it") from None
        except ValueError:
            raise self._fail_at(
                node, "this value looks like a number but is not a valid one: put it in quotes"
            ) from None

    def _resolve_context(self, value: Any, markers: list[Marker], parts: tuple[str | int, ...]) -> Any:
        """Return the context of an included image, relative to the root file's folder."""
        contexts = [marker for marker in markers if marker.meaning is Meaning.CONTEXT]
        if not contexts:
            return value
        (marker, *others), path = contexts, strip_markers(str(value))
        if others or not any(_matches(parts, pattern) for pattern in _IMAGES):
            raise BlockfileError(
                "this line starts with `context:` outside of an image, and the `peak` command would change its value "
                "as a path: put the key in quotes, or write its map on one line",
                self._rendering.locate_marker(marker.text),
            )
        return self._rendering.resolve_context(marker.text, path)

    def _fail_at(self, node: yaml.Node, message: str) -> BlockfileError:
        return self._fail(node.start_mark.line, message)

    def _fail(self, line: int, message: str) -> BlockfileError:
        return BlockfileError(message, self._rendering.locate(line + 1))


def _find_other_base(text: str) -> str:
    """Return why a number is not the one that a person reads, or an empty text."""
    if ":" in text:
        return "YAML reads this value as a number in base 60 (12:30 is 750): put it in quotes"
    if re.fullmatch(r"[-+]?0[0-7_]+", text):
        return "YAML reads this value as an octal number (0123 is 83): put it in quotes, or remove the leading zeros"
    return ""


def _matches(parts: tuple[str | int, ...], pattern: tuple[str, ...]) -> bool:
    return len(parts) == len(pattern) and all(
        wanted in ("*", part) for part, wanted in zip(parts, pattern, strict=True)
    )
