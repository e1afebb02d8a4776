"""The steps from the files of `pulumi-press import` to an empty preview, as commands of a shell."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.importing.files import STDOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_press.importing.project import Place, StackSettings

__all__ = ["Written", "list_steps"]

NEW_STACK = "dev"


class Written(NamedTuple):
    """What the command wrote."""

    import_file: Path
    program: Path
    secrets: Sequence[str]
    """Keys of the configuration that the program asks for."""


def list_steps(written: Written, place: Place, stack: str | None, settings: StackSettings) -> Iterator[str]:
    """List the steps, one command of a shell each; those of a person are comments.

    Args:
        written: what the command wrote.
        place: where the program lies.
        stack: the stack that was named.
        settings: what is known of the stack.
    """
    named = ("--stack", stack) if stack else ()
    if place.folder != Path.cwd():
        yield _quote("cd", str(place.folder))
    if place.project is None:
        name = re.sub(r"[^A-Za-z0-9_.-]", "-", place.folder.name) or "blocks"
        yield f"printf 'name: {name}\\nruntime: python\\n' > Pulumi.yaml"
    if not settings.has_stack:
        yield _quote("pulumi", "stack", "init", stack or NEW_STACK)
    for command in settings.repairs:
        yield _quote(*command, *(named if command[0] == "pulumi" else ()))
    # From a folder that a link leads to, a relative path would lead elsewhere.
    file = os.path.abspath(written.import_file) if place.folder != Path.cwd() else str(written.import_file)  # noqa: PTH100
    for key in written.secrets:
        value = _quote("pulumi-press", "import", "--secret", key, "--out-file", file)
        yield f"{value} | {_quote('pulumi', 'config', 'set', '--secret', key, *named)}"
    yield _quote("pulumi", "import", "--file", file, "--generate-code=false", "--yes", *named)
    main = os.path.relpath(place.main, place.folder)
    if written.program == STDOUT:
        yield f"# put the program that was printed into {shlex.quote(main)}"
    elif place.module and not place.is_imported:
        yield f"printf '{_start_of_line(place.main)}import {place.module}\\n' >> {shlex.quote(main)}"
    yield _quote("pulumi", "preview", *named)


def _start_of_line(path: Path) -> str:
    """Give what must come before a new line at the end of a file."""
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    return "\\n" if content and not content.endswith(b"\n") else ""


def _quote(*words: str) -> str:
    return shlex.join(words)
