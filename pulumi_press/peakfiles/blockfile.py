"""Reading a file of the `peak` command as the arguments of a resource.

To generate a program from a file, each text also records the environment variables in it. To find texts that are
computed from variables, the file is read again with other values: a text that changes depends on them.
"""

from __future__ import annotations

import os
import re
import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.peakfiles.errors import BlockfileError, Place
from pulumi_press.peakfiles.file_formats import flatten, recognize_file, to_snake_case
from pulumi_press.peakfiles.strict_yaml import Document
from pulumi_press.peakfiles.templates import Rendering
from pulumi_press.peakfiles.variables import (
    Computed,
    Environment,
    FromEnvironment,
    Marker,
    find_used,
    gather_variables,
    read_text_argument,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pulumi_press.peakfiles.errors import SourceTexts
    from pulumi_press.peakfiles.file_formats import BlockKind, FileFormat

__all__ = ["Blockfile", "read_blockfile"]

TextPath = tuple[str | int, ...]
"""The keys and indices that lead to a text."""

_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_ROTATION = str.maketrans({kind[n]: kind[(n + 1) % len(kind)] for kind in _KINDS for n in range(len(kind))})


@dataclass(frozen=True)
class Blockfile:
    """The content of a file."""

    kind: BlockKind
    """The kind of block that it describes."""
    arguments: dict[str, Any]
    """The resource's arguments, except `spec_id` of a release."""
    shape: Any
    """The shape for validating the arguments."""
    variables: tuple[str, ...]
    """Names of the environment variables that the file uses, and that no text of the arguments records."""
    locate: Callable[[str], Place] = field(repr=False)
    """Returns the place of the argument at a path, as exactly as it is known."""
    computed: tuple[TextPath, ...] = ()
    """Paths of the texts that are computed from the environment, so that they may be secret. Only with
    `keep_variables`."""


def read_blockfile(
    path: str | os.PathLike[str],
    *,
    kind: BlockKind | None = None,
    params: Mapping[str, Any] | None = None,
    params_file: str | os.PathLike[str] | None = None,
    desc_file: str | os.PathLike[str] | None = None,
    notes_file: str | os.PathLike[str] | None = None,
    include_folders: Sequence[str | os.PathLike[str]] = (),
    list_env: bool = False,
    environment: Mapping[str, str] = os.environ,
    keep_variables: bool = False,
) -> Blockfile:
    """Return the content of a file of the `peak` command.

    The arguments are not validated; `schema.validate` does that.

    Args:
        path: the file, relative to the working folder, as all paths here.
        kind: the kind of block that the file must describe; None: recognized by its keys.
        params: values of the template's variables.
        params_file: a YAML file with further variables; `params` overrides it.
        desc_file: a `.md` or `.txt` file with the description.
        notes_file: a `.md` or `.txt` file with the notes of the release or revision.
        include_folders: folders that includes may come from, besides the project's and the file's own.
        list_env: whether templates may list all environment variables.
        environment: the variables in `os_env`.
        keep_variables: whether texts record what comes from the environment (`FromEnvironment`).

    Raises:
        BlockfileError: the file cannot be read, or its content is not valid.
    """
    texts = {"desc_file": desc_file, "notes_file": notes_file}
    read = {name: read_text_argument(file) for name, file in texts.items() if file is not None}
    given = gather_variables(params, params_file)

    def read_with(values: Mapping[str, str], *, marked: bool = False) -> _Read:
        variables = Environment(values, marked=marked, listed=list_env)
        rendering = Rendering(os.fspath(path), {**given, "os_env": variables}, include_folders)
        return _interpret(rendering, Document(rendering, values), kind, find_used(variables), read)

    if not keep_variables:
        found = read_with(environment)
        return Blockfile(
            found.file_format.kind,
            found.arguments,
            found.file_format.arguments,
            tuple(sorted(found.used)),
            found.locate,
        )
    found = read_with(environment, marked=True)
    arguments, breaks = found.arguments, False
    try:
        arguments = _record_variables(read_with(environment).arguments, arguments)
    except BlockfileError:
        # The plain values break the file, so it is read with markers only.
        breaks = True
    computed = _find_computed(
        arguments,
        environment,
        found.used,
        found.texts,
        lambda values, marked: read_with(values, marked=marked or breaks).arguments,
    )
    metadata = arguments.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    arguments = _mark_computed(arguments, computed, f"{found.file_format.kind}-{name or Path(path).stem}")
    unrecorded = tuple(sorted(found.used - _find_recorded(arguments)))
    return Blockfile(found.file_format.kind, arguments, found.file_format.arguments, unrecorded, found.locate, computed)


class _Read(NamedTuple):
    """The result of reading a file once."""

    file_format: FileFormat
    arguments: dict[str, Any]
    used: frozenset[str]
    texts: SourceTexts
    locate: Callable[[str], Place]


def _interpret(
    rendering: Rendering, document: Document, kind: BlockKind | None, used: frozenset[str], read: Mapping[str, str]
) -> _Read:
    """Return what a document says of a block, with the description and notes of other files put in."""
    try:
        file_format = recognize_file(document.values, kind)
    except BlockfileError as error:
        error.place = error.place or Place(rendering.file)
        raise

    spellings = {to_snake_case(key): key for key in document.values}

    def locate(where: str) -> Place:
        """Return the place of a path of the arguments or of the file, or of the nearest path above it."""
        while where:
            for known in (where, f"body.{where}", spellings.get(where, where)):
                if line := document.line(known):
                    return rendering.locate(line)
            where = where[: max(where.rfind("."), where.rfind("["), 0)]
        return rendering.locate(1)

    def fail(where: str, message: str) -> BlockfileError:
        return BlockfileError(message, locate(where))

    arguments = flatten(document.values, file_format, fail, rendering.texts.quote)
    for name, text in read.items():
        target = file_format.description if name == "desc_file" else file_format.notes
        if target is None:
            raise BlockfileError(
                f"a {file_format.kind} has no description, so desc_file cannot be used", Place(rendering.file)
            )
        arguments = _put(arguments, target, text, fail)
    return _Read(file_format, arguments, used, rendering.texts, locate)


def _put(
    values: dict[str, Any], keys: tuple[str, ...], text: str, fail: Callable[[str, str], BlockfileError]
) -> dict[str, Any]:
    key, name = keys
    inner = values.get(key, {})
    if not isinstance(inner, dict):
        raise fail(key, f"`{key}` must be a map")
    return {**values, key: {**inner, name: text}}


def _record_variables(value: Any, marked: Any) -> Any:
    """Return a value in which each text records its variables, where no filter changed them.

    A text that a filter changed is another one when the variables print markers.

    Args:
        value: the file's values.
        marked: the same, read with variables that print markers.
    """
    if isinstance(value, dict):
        others = marked if isinstance(marked, dict) else {}
        return {key: _record_variables(item, others.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        same = isinstance(marked, list) and len(marked) == len(value)
        return [_record_variables(item, marked[index] if same else None) for index, item in enumerate(value)]
    return marked if isinstance(marked, FromEnvironment) and marked == value else value


def _find_recorded(value: Any) -> frozenset[str]:
    """Return the names of the variables that texts record."""
    if isinstance(value, FromEnvironment):
        return frozenset(part.text for part in value.parts if isinstance(part, Marker))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset[str]().union(*map(_find_recorded, items))


def _find_computed(
    arguments: dict[str, Any],
    variables: Mapping[str, str],
    used: Collection[str],
    texts: SourceTexts,
    read_again: Callable[[dict[str, str], bool], dict[str, Any]],
) -> tuple[TextPath, ...]:
    """Return the paths of texts that depend on variables that they do not record, and that no file contains.

    Args:
        arguments: the file's arguments.
        variables: the environment.
        used: names of the variables that the file uses.
        texts: the text of the files.
        read_again: reads the file with other variables, which print markers or not.
    """
    if not used:
        return ()
    others = {**variables, **{name: variables[name].translate(_ROTATION) or "x" for name in used}}
    plain, marked = (_read(read_again, others, is_marked) for is_marked in (False, True))
    found = {path: text for path, text in _list_texts(arguments, ()) if not texts.contain(text)}
    # The context of an included image is a path, which is computed in any case.
    return tuple(
        path for path, text in found.items() if path[-1] != "context" and not _is_same(text, path, plain, marked)
    )


def _read(read_again: Callable[[dict[str, str], bool], Any], others: dict[str, str], marked: bool) -> Any:  # noqa: FBT001
    try:
        return read_again(others, marked)
    except BlockfileError:
        # The file is not valid with other values, so every text may depend on them.
        return None


def _is_same(text: str, path: TextPath, plain: Any, marked: Any) -> bool:
    """Return whether a text is the same with other variables, apart from those that it records."""
    if isinstance(text, FromEnvironment):
        again = _at(marked, path)
        return isinstance(again, FromEnvironment) and again.parts == text.parts
    return bool(_at(plain, path) == text)


def _at(value: Any, path: TextPath) -> Any:
    try:
        for key in path:
            value = value[key]
    except (LookupError, TypeError):
        return None
    return value


def _mark_computed(value: Any, paths: Collection[TextPath], name: str) -> Any:
    """Return a value in which the texts at some paths are `Computed`.

    Args:
        value: the file's arguments.
        paths: paths of the texts.
        name: the block's kind and name, for the texts' keys.
    """
    for path in paths:
        value = _mark(value, path, re.sub(r"[^\w.-]", "_", "-".join(map(str, (name, *path)))))
    return value


def _mark(value: Any, path: TextPath, key: str) -> Any:
    if not path:
        return Computed(value, key)
    copy = value.copy()
    copy[path[0]] = _mark(value[path[0]], path[1:], key)
    return copy


def _list_texts(value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
    if isinstance(value, str):
        yield path, value
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _list_texts(item, (*path, key))
