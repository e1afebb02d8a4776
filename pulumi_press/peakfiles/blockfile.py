"""Reading a file of the `peak` command as the arguments of a resource.

Where a program is to be made of a file, each text also records what it takes from the environment. For texts that a
template computes, the file is read again with other values in the variables: a text that changes depends on them.
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
from pulumi_press.peakfiles.markers import Marker
from pulumi_press.peakfiles.strict_yaml import Document
from pulumi_press.peakfiles.templates import Rendering
from pulumi_press.peakfiles.variables import (
    Computed,
    Environment,
    FromEnvironment,
    find_asked,
    gather_variables,
    read_texts_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pulumi_press.peakfiles.errors import Texts
    from pulumi_press.peakfiles.file_formats import BlockKind, FileFormat

__all__ = ["Blockfile", "read_blockfile"]


@dataclass(frozen=True)
class Blockfile:
    """What a file says."""

    kind: BlockKind
    """What it is of."""
    arguments: dict[str, Any]
    """Arguments of the resource, but for `spec_id` of a release."""
    shape: Any
    """The shape that the arguments must have."""
    variables: tuple[str, ...]
    """Names of the environment's variables that the file asked for, and that no text of the arguments remembers."""
    locate: Callable[[str], Place] = field(repr=False)
    """Gives the place of the argument at a path, as well as that can be told."""
    computed: tuple[TextPath, ...] = ()
    """Paths of the texts that were computed from the environment and remember no variable, so that they may be secret.
    Only where variables are kept."""


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
    """Read a file that the `peak` command reads.

    The values have the shape of the file, not more: whether it is that of the arguments is for `schema.validate`.

    Args:
        path: the file, from the working folder, as all paths here.
        kind: what it must be of; None: told by its keys.
        params: values of the template's variables.
        params_file: a YAML file with more of them; `params` wins.
        desc_file: a `.md` or `.txt` file with the description.
        notes_file: a `.md` or `.txt` file with the notes of the release or revision.
        include_folders: folders that includes may come from, beside the project's and the file's own.
        list_env: whether templates may list the environment, and not only name variables.
        environment: what `os_env` gives.
        keep_variables: whether texts remember what came from the environment (`FromEnvironment`).

    Raises:
        BlockfileError: the file cannot be read, or says what cannot be meant.
    """
    texts = {"desc_file": desc_file, "notes_file": notes_file}
    read = {name: read_texts_file(file) for name, file in texts.items() if file is not None}
    given = gather_variables(params, params_file)

    def read_with(values: Mapping[str, str], *, marked: bool = False) -> _Read:
        variables = Environment(values, marked=marked, listed=list_env)
        rendering = Rendering(os.fspath(path), {**given, "os_env": variables}, include_folders)
        return _interpret(rendering, Document(rendering, values), kind, find_asked(variables), read)

    if not keep_variables:
        found = read_with(environment)
        return Blockfile(
            found.form.kind, found.arguments, found.form.arguments, tuple(sorted(found.asked)), found.locate
        )
    found = read_with(environment, marked=True)
    arguments, breaks = found.arguments, False
    try:
        arguments = remember(read_with(environment).arguments, arguments)
    except BlockfileError:
        # A value that would break the file is none that a filter has changed.
        breaks = True
    computed = find_computed(
        arguments,
        environment,
        found.asked,
        found.texts,
        lambda values, marked: read_with(values, marked=marked or breaks).arguments,
    )
    metadata = arguments.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    arguments = mark_computed(arguments, computed, f"{found.form.kind}-{name or Path(path).stem}")
    asked = tuple(sorted(found.asked - find_remembered(arguments)))
    return Blockfile(found.form.kind, arguments, found.form.arguments, asked, found.locate, computed)


class _Read(NamedTuple):
    """What one reading gives."""

    form: FileFormat
    arguments: dict[str, Any]
    asked: frozenset[str]
    texts: Texts
    locate: Callable[[str], Place]


def _interpret(
    rendering: Rendering, document: Document, kind: BlockKind | None, asked: frozenset[str], read: Mapping[str, str]
) -> _Read:
    """Take a document for the file of a block, with the texts of other files in their places."""
    try:
        form = recognize_file(document.values, kind)
    except BlockfileError as error:
        error.place = error.place or Place(rendering.file)
        raise

    spellings = {to_snake_case(key): key for key in document.values}

    def locate(where: str) -> Place:
        """Find a path of the arguments, or of the file, in the file; else the nearest that is there."""
        while where:
            for known in (where, f"body.{where}", spellings.get(where, where)):
                if line := document.line(known):
                    return rendering.locate(line)
            where = where[: max(where.rfind("."), where.rfind("["), 0)]
        return rendering.locate(1)

    def fail(where: str, message: str) -> BlockfileError:
        return BlockfileError(message, locate(where))

    arguments = flatten(document.values, form, fail, rendering.texts.quote)
    for name, text in read.items():
        target = form.description if name == "desc_file" else form.notes
        if target is None:
            raise BlockfileError(f"a {form.kind} has no description, so desc_file does not fit", Place(rendering.file))
        arguments = _put(arguments, target, text, fail)
    return _Read(form, arguments, asked, rendering.texts, locate)


def _put(
    values: dict[str, Any], keys: tuple[str, ...], text: str, fail: Callable[[str, str], BlockfileError]
) -> dict[str, Any]:
    key, name = keys
    inner = values.get(key, {})
    if not isinstance(inner, dict):
        raise fail(key, "must be an object")
    return {**values, key: {**inner, name: text}}


TextPath = tuple[str | int, ...]
"""The way to a text, key by key."""

_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_OTHER = str.maketrans({kind[n]: kind[(n + 1) % len(kind)] for kind in _KINDS for n in range(len(kind))})


def remember(value: Any, marked: Any) -> Any:
    """Let each text remember its variables, where its marks were left as they are.

    A filter that changes a text changes the mark that stands for it, or fails to: then the text is another one.

    Args:
        value: what a file says.
        marked: what it says where variables print marks.
    """
    if isinstance(value, dict):
        others = marked if isinstance(marked, dict) else {}
        return {key: remember(item, others.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        same = isinstance(marked, list) and len(marked) == len(value)
        return [remember(item, marked[index] if same else None) for index, item in enumerate(value)]
    return marked if isinstance(marked, FromEnvironment) and marked == value else value


def find_remembered(value: Any) -> frozenset[str]:
    """Give the names of the variables that texts remember."""
    if isinstance(value, FromEnvironment):
        return frozenset(part.text for part in value.parts if isinstance(part, Marker))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset[str]().union(*map(find_remembered, items))


def find_computed(
    arguments: dict[str, Any],
    variables: Mapping[str, str],
    asked: Collection[str],
    texts: Texts,
    read_again: Callable[[dict[str, str], bool], dict[str, Any]],
) -> tuple[TextPath, ...]:
    """Find the texts that depend on variables that they do not remember, and that are not written in a file.

    Args:
        arguments: what the file says.
        variables: the environment.
        asked: names of the variables that the file asked for.
        texts: the files' own texts.
        read_again: reads the file with other variables, which print marks or not.
    """
    if not asked:
        return ()
    others = {**variables, **{name: variables[name].translate(_OTHER) or "x" for name in asked}}
    plain, marked = (_read(read_again, others, is_marked) for is_marked in (False, True))
    found = {path: text for path, text in _list_texts(arguments, ()) if not texts.hold(text)}
    # The context of an included image is a path, which is worked out in any case.
    return tuple(
        path for path, text in found.items() if path[-1] != "context" and not _is_same(text, path, plain, marked)
    )


def _read(read_again: Callable[[dict[str, str], bool], Any], others: dict[str, str], marked: bool) -> Any:  # noqa: FBT001
    try:
        return read_again(others, marked)
    except BlockfileError:
        # Other values do not fit, so nothing is known: every text may depend on them.
        return None


def _is_same(text: str, path: TextPath, plain: Any, marked: Any) -> bool:
    """Tell whether a text reads the same with other variables, but for those that it remembers."""
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


def mark_computed(value: Any, paths: Collection[TextPath], name: str) -> Any:
    """Let the texts at some paths tell that they were computed.

    Args:
        value: what a file says.
        paths: where the texts stand.
        name: what the file is of, for their keys.
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
