"""Reading rendered YAML, strictly: what YAML would guess, drop or convert is refused, with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.markers import Marker, Meaning, find_markers, split_markers, strip_markers
from pulumi_press.peakfiles.variables import FromEnvironment, resolve
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.peakfiles.templates import Rendering

__all__ = ["Document"]

_TAG = "tag:yaml.org,2002:"
_MAP, _SEQUENCE, _TEXT, _MERGE = (_TAG + name for name in ("map", "seq", "str", "merge"))
_UNPLAIN = {
    _TAG + "timestamp": "is a date to YAML: put it in quotes",
    _TAG + "binary": "is binary data: the service takes texts",
    _TAG + "set": "is a set: the service takes lists",
    _TAG + "omap": "is an ordered map: the service takes plain ones",
    _TAG + "pairs": "is a list of pairs: the service takes maps",
}
_NUMBERS = (_TAG + "int", _TAG + "float")
_MOST_VALUES = 100_000
"""A file of a few lines can stand for millions of values, by references to references."""
_MOST_LEVELS = 100
"""More than any block has, and few enough for everything that walks down the values."""

# Where the context of an image stands in a file. `*` is any name.
_IMAGES = (
    ("body", "config", "image", "context"),
    ("body", "config", "images", "*", "context"),
    ("body", "config", "steps", "*", "image", "context"),
)


class Document:
    """A rendered file's values.

    Args:
        rendering: the file.
        variables: the environment's variables, for the marks that stand for them.

    Raises:
        BlockfileError: the text is not YAML, or holds what is no plain value.
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
        """Maps, lists, texts, numbers, booleans; entries of maps that are null are left out."""

    def line(self, path: str) -> int | None:
        """Give the line of the rendered text in which the value at a path begins."""
        return self._lines.get(path)

    def _open_text(self, text: str) -> yaml.SafeLoader:
        try:
            return yaml.SafeLoader(text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position)
            raise self._fail(line, "has a character that YAML does not allow") from None

    def _read(self) -> Any:
        try:
            node = self._loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = f"{error.problem}{f' ({error.context})' if error.context else ''}"
            raise self._fail(mark.line if mark else 0, f"is not YAML: {self._texts.clean(problem)}") from None
        except RecursionError:
            raise self._fail(0, "is nested too deeply") from None
        finally:
            self._loader.dispose()
        return None if node is None else self._build(node, ())

    def _build(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        if id(node) in self._within:
            raise self._fail_at(node, "is part of itself")
        if len(parts) > _MOST_LEVELS:
            raise self._fail_at(node, f"is nested too deeply: more than {_MOST_LEVELS} levels")
        if len(self._lines) >= _MOST_VALUES:
            raise self._fail_at(node, f"the file stands for more than {_MOST_VALUES} values")
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
            raise self._fail_at(node, f"cannot be merged: {error.problem}") from None
        # Merged entries come first, the map's own win.
        entries = {resolve(key.value, self._variables): value for key, value in node.value}
        built = {key: self._build(value, (*parts, key)) for key, value in entries.items()}
        return {key: value for key, value in built.items() if value is not None}

    def _check_keys(self, node: yaml.MappingNode) -> None:
        """Refuse keys that are no texts, and those that are there twice."""
        if id(node) in self._merged:
            return
        self._merged.add(id(node))
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self._fail_at(key, "a key must be a text")
            if key.tag != _TEXT:
                raise self._fail_at(key, f"the key {self._texts.quote(key.value)} is no text to YAML: put it in quotes")
            if key.value in seen:
                quoted = self._texts.quote(key.value)
                raise self._fail_at(key, f"the key {quoted} is there twice, and YAML would keep the last only")
            seen.add(key.value)

    def _build_scalar(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        marks = list(find_markers(node.value)) if isinstance(node, yaml.ScalarNode) else []
        if any(mark.meaning is Meaning.VARIABLE for mark in marks):
            return self._build_variable(node, parts)
        value = self._construct(node)
        return self._place_context(value, marks, parts) if marks else value

    def _build_variable(self, node: yaml.Node, parts: tuple[str | int, ...]) -> Any:
        """Build a value of which parts came from the environment; only a text remembers which."""
        text = resolve(node.value, self._variables)
        tag, style = node.tag, getattr(node, "style", None)
        if style is None and tag == _TEXT:
            tag = str(self._loader.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]
        value = self._construct(yaml.ScalarNode(tag, text, node.start_mark, node.end_mark, style=style))
        if not isinstance(value, str):
            return value
        if any(mark.meaning is Meaning.CONTEXT for mark in find_markers(text)):
            return self._place_context(value, list(find_markers(text)), parts)
        return FromEnvironment(value, tuple(split_markers(node.value)))

    def _construct(self, node: yaml.Node) -> Any:
        if node.tag in _UNPLAIN:
            raise self._fail_at(node, _UNPLAIN[node.tag])
        if node.tag in _NUMBERS and (why := _find_other_base(node.value)):
            raise self._fail_at(node, why)
        try:
            return self._loader.construct_object(node, deep=True)
        except yaml.MarkedYAMLError:
            is_written = self._texts.hold(node.tag.removeprefix(_TAG))
            tag = repr(node.tag) if is_written else self._texts.quote(node.tag)
            raise self._fail_at(node, f"has the tag {tag}, which is none of plain YAML") from None
        except ValueError:
            raise self._fail_at(node, "looks like a number and is none: put it in quotes") from None

    def _place_context(self, value: Any, marks: list[Marker], parts: tuple[str | int, ...]) -> Any:
        """Write the context of an included image from the root file's folder."""
        contexts = [mark for mark in marks if mark.meaning is Meaning.CONTEXT]
        if not contexts:
            return value
        (mark, *others), path = contexts, strip_markers(str(value))
        if others or not any(_matches(parts, pattern) for pattern in _IMAGES):
            raise BlockfileError(
                "this line begins with `context:` and belongs to no image, but the command would take its value for "
                "a path and change it: put the key in quotes, or the value on a line with others",
                self._rendering.locate_mark(mark.text),
            )
        return self._rendering.resolve_context(mark.text, path)

    def _fail_at(self, node: yaml.Node, message: str) -> BlockfileError:
        return self._fail(node.start_mark.line, message)

    def _fail(self, line: int, message: str) -> BlockfileError:
        return BlockfileError(message, self._rendering.locate(line + 1))


def _find_other_base(text: str) -> str:
    """Say that a number is not what a person reads; empty where it is."""
    if ":" in text:
        return "is a number to base 60 to YAML, as 12:30 is 750: put it in quotes"
    if re.fullmatch(r"[-+]?0[0-7_]+", text):
        return "is an octal number to YAML, as 0123 is 83: put it in quotes, or leave the zeros in front away"
    return ""


def _matches(parts: tuple[str | int, ...], pattern: tuple[str, ...]) -> bool:
    return len(parts) == len(pattern) and all(
        wanted in ("*", part) for part, wanted in zip(parts, pattern, strict=True)
    )
