"""Install, find or remove the native plugin `pulumi-resource-press`.

A Python program with `from pulumi_press import native` installs it by itself. Programs in other languages, and
`refresh` or `destroy` on a machine that has run no program yet, need `pulumi-press plugin install` once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pulumi_press.output import log
from pulumi_press.plugin.discovery import Installation, find_script, install, remove

__all__ = ["add_arguments", "run"]

ABSENT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("install", help="put it into Pulumi's folder of plugins")
    actions.add_parser("path", help="print where it is; exit with 1 if it is not there")
    actions.add_parser("remove", help="remove all versions of it from that folder")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    try:
        return {"install": _install, "path": _print_path, "remove": _remove}[arguments.action]()
    except OSError as error:
        log("plugin", f"{error.filename or find_script()}: {error.strerror}")
        if not isinstance(error, FileExistsError):
            log("plugin", "set PULUMI_HOME to a folder that can be written; Pulumi keeps its plugins there")
        return ABSENT
    except RuntimeError:
        log("plugin", "there is no home folder; set PULUMI_HOME to the folder in which Pulumi keeps its plugins")
        return ABSENT


def _install() -> int:
    before = Installation()
    path = install()
    if before.is_current:
        _print(f"{path} is there already")
    elif before.interpreter:
        _print(f"{path} installed; until now it started {before.interpreter}")
    else:
        _print(f"{path} installed")
    return 0


def _print_path() -> int:
    found = Installation()
    if not found.is_there:
        log("plugin", f"{found.path} does not exist; run `pulumi-press plugin install`")
        return ABSENT
    _print(str(found.path))
    if not found.is_current:
        other = found.interpreter or "something that is not pulumi-press"
        log("plugin", f"it starts {other}, not {Path(sys.executable)}; `pulumi-press plugin install` changes that")
    return 0


def _remove() -> int:
    gone = remove()
    for folder in gone:
        _print(f"{folder} removed")
    if not gone:
        _print("there is nothing to remove")
    return 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
