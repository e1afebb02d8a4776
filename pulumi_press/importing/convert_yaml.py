"""A converted program in YAML, for the native plugin."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from pulumi_press.codegen.yaml_program import write_yaml_program
from pulumi_press.importing.output_files import STDOUT, CommandError, write_file
from pulumi_press.plugin.names import to_camel
from pulumi_press.plugin.tokens import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulumi_press.codegen.literals import Setting
    from pulumi_press.codegen.program import Declaration

__all__ = ["write_yaml"]


def write_yaml(declarations: Sequence[Declaration], intro: str, out: Path) -> list[str]:
    """Write the program; return the commands that set the values of the configuration that it reads.

    Args:
        declarations: its resources.
        intro: a comment at its beginning.
        out: the file, or `STDOUT`.

    Raises:
        CommandError: it cannot be written in YAML.
    """
    folder = "" if out == STDOUT else out.absolute().parent.name
    try:
        program = write_yaml_program(
            declarations,
            intro=intro,
            project=re.sub(r"[^A-Za-z0-9_.-]", "-", folder) or "blocks",
            package=PACKAGE,
            rename=_rename,
            rename_output=to_camel,
        )
    except ValueError as error:
        raise CommandError(f"this cannot be written in YAML: {error}; convert it to Python") from error
    write_file(out, program.text)
    return [_describe_step(key, setting) for key, setting in program.settings.items()]


def _rename(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments under the names of the plugin's schema."""
    renamed = {to_camel(name): value for name, value in arguments.items()}
    if isinstance(artifact := renamed.get("artifact"), dict):
        renamed["artifact"] = {to_camel(name): value for name, value in artifact.items()}
    return renamed


def _describe_step(key: str, setting: Setting) -> str:
    secret = ["--secret"] if setting.secret else []
    command = shlex.join(["pulumi", "config", "set", *secret, key])
    return f'{command} "${setting.variable}"' if setting.variable else command
