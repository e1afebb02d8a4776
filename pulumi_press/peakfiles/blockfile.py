"""Reading one of the command's files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.peakfiles.arguments import flatten, recognize_file, to_snake_case
from pulumi_press.peakfiles.computed import TextPath, find_computed, find_remembered, mark_computed, remember
from pulumi_press.peakfiles.documents import Document
from pulumi_press.peakfiles.environment import Environment, find_asked
from pulumi_press.peakfiles.errors import BlockfileError, Place
from pulumi_press.peakfiles.templates import Rendering
from pulumi_press.peakfiles.variables import gather_variables, read_texts_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_press.peakfiles.forms import BlockKind, Form
    from pulumi_press.peakfiles.texts import Texts

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

    form: Form
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
