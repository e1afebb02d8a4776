"""Turn files of the `peak` command into a Pulumi program.

A file of `peak blocks specs create`, `peak blocks specs create-release` or `peak blocks deployments create` becomes the
declaration of a resource with the same content. What a template takes from the environment is taken from there by the
program too.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.codegen.program import write_program
from pulumi_press.importing.conversion import declare
from pulumi_press.importing.errors import TakeoverError
from pulumi_press.importing.files import STDOUT, refuse_existing, write_file
from pulumi_press.importing.project import find_working_folder
from pulumi_press.peakfiles.blockfile import Blockfile, read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.file_formats import BLOCK_KINDS
from pulumi_press.terminal import log, log_step

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["add_arguments", "run"]

USAGE_ERROR = 2
EPILOG = """\
examples:
  pulumi-press convert block.yaml
  pulumi-press convert block.yaml release.yaml -v params.yaml -p stage=prod --out __main__.py
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files of the `peak` command")
    parser.add_argument("--kind", choices=BLOCK_KINDS, help="what the files are of (default: told by their keys)")
    parser.add_argument("-v", "--params-file", type=Path, metavar="FILE", help="YAML file with template variables")
    parser.add_argument(
        "-p",
        "--params",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a template variable, which wins over the file's; may be given again",
    )
    parser.add_argument("-d", "--desc-file", type=Path, metavar="FILE", help=".md or .txt file with the description")
    parser.add_argument(
        "-n",
        "--notes-file",
        "--release-notes-file",
        "--revision-notes-file",
        type=Path,
        metavar="FILE",
        help=".md or .txt file with the notes of the release or revision",
    )
    parser.add_argument(
        "--include-folders",
        nargs="+",
        type=Path,
        default=[],
        metavar="DIR",
        help="folders that files may include from, beside the project's and their own",
    )
    parser.add_argument("--list-env", action="store_true", help="let files list the environment (os_env)")
    parser.add_argument(
        "--spec-id", metavar="ID", help="the spec that releases are of (default: the one spec among the files)"
    )
    parser.add_argument(
        "--out", type=Path, default=STDOUT, metavar="FILE", help="where to write the program (default: print it)"
    )
    parser.add_argument("--force", action="store_true", help="replace the program if it is there")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    params = _read_params(arguments.params)
    if params is None:
        # What was written may be a secret: it is not repeated.
        _say("-p takes NAME=VALUE")
        return USAGE_ERROR
    if len(arguments.files) > 1 and (arguments.desc_file or arguments.notes_file):
        _say("--desc-file and --notes-file go with one file")
        return USAGE_ERROR
    try:
        refuse_existing([arguments.out], force=arguments.force)
        files = [_read(path, params, arguments) for path in arguments.files]
        folder = None if arguments.out == STDOUT else find_working_folder(arguments.out)
        converted = declare(files, spec_id=arguments.spec_id, folder=folder)
        intro = f"Blocks, converted from {_list(arguments.files)} by `pulumi-press convert`."
        write_file(arguments.out, write_program(converted.declarations, intro=intro))
    except (BlockfileError, TakeoverError) as error:
        for line in str(error).splitlines():
            _say(line)
        return 1
    for remark in converted.remarks:
        _say(remark)
    if converted.secrets:
        _say("the program asks the configuration for what the files hold in clear. Set it before `pulumi preview`:")
        for key in converted.secrets:
            log_step(shlex.join(["pulumi", "config", "set", "--secret", key]))
        as_json = [key for key, value in converted.secrets.items() if not isinstance(value, str)]
        if as_json:
            _say(f"write these as JSON, such as 1 or true: {', '.join(as_json)}")
    return 0


def _read(path: Path, params: dict[str, str], arguments: argparse.Namespace) -> Blockfile:
    return read_blockfile(
        path,
        kind=arguments.kind,
        params=params,
        params_file=arguments.params_file,
        desc_file=arguments.desc_file,
        notes_file=arguments.notes_file,
        include_folders=arguments.include_folders,
        list_env=arguments.list_env,
        keep_variables=True,
    )


def _read_params(words: Sequence[str]) -> dict[str, str] | None:
    """Read variables; None where one has no name or no value."""
    pairs = [word.partition("=") for word in words]
    return {name: value for name, _, value in pairs} if all(name and sign for name, sign, _ in pairs) else None


def _list(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _say(message: str) -> None:
    log("convert", message)
