"""The command `pulumi-press`."""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.output import escape_hidden, log, silence_closed_pipes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["COMMANDS", "CRASHED", "main"]

CRASHED = 70
"""The exit code of an error inside a command: `EX_SOFTWARE`, which no command uses otherwise."""
INTERRUPTED = 130
FRAMES = 20
"""Innermost calls that are logged."""


class Command(NamedTuple):
    """A sub-command: a module with `add_arguments(parser)` and `run(arguments) -> int`."""

    module: str
    help: str
    misuse: int = 2
    """The exit code for wrong arguments: 2, as everywhere, unless the command means something else by that."""


COMMANDS = {
    "new": Command("pulumi_press.projects.command", "write a new project: a block, its program, its test"),
    "emulator": Command("pulumi_press.emulator.cli", "run a local Press on this machine"),
    "import": Command(
        "pulumi_press.importing.import_command", "import live blocks: write an import file and the program"
    ),
    "convert": Command(
        "pulumi_press.importing.convert_command", "turn files of the `peak` command into a Pulumi program"
    ),
    "report": Command("pulumi_press.report.command", "turn a preview into a report for a reviewer", misuse=1),
    "plugin": Command("pulumi_press.plugin.command", "install, find or remove the native plugin"),
    "doctor": Command("pulumi_press.doctor.command", "check this machine and project, and say what to fix"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: those of the command line; default: this process's.

    Returns:
        The exit code: 0 for success, `CRASHED` for an error that no command expects.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001  # Else Python would end with 1, which a pipeline takes for an answer.
        _log_crash(next(iter(words), ""), error)
        return CRASHED
    finally:
        silence_closed_pipes()


class _Parser(argparse.ArgumentParser):
    """A parser whose errors show hidden characters as escapes."""

    def error(self, message: str) -> NoReturn:
        super().error(escape_hidden(message))


def _run(words: Sequence[str]) -> int:
    parser = _Parser(prog="pulumi-press", description="Press Blocks as Pulumi resources: the tools.")
    parser.add_argument("--version", action="version", version=f"pulumi-press {version('pulumi-press')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        child = commands.add_parser(name, help=command.help)
        # Only the module of the command that is run is imported: each has its own dependencies.
        if name == next(iter(words), None):
            module = import_module(command.module)
            child.description = module.__doc__
            module.add_arguments(child)
            child.set_defaults(run=module.run)
    try:
        parsed = parser.parse_args(words)
    except SystemExit as end:
        # Argparse exits with 0 after `--help`, and with 2 for wrong arguments.
        chosen = COMMANDS.get(next(iter(words), ""))
        raise SystemExit(chosen.misuse if end.code and chosen else end.code) from None
    return int(parsed.run(parsed))


def _log_crash(command: str, error: Exception) -> None:
    """Log where an error was raised, without its message, which may hold a secret."""
    for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
        log(command, f"  {frame.filename}:{frame.lineno} in {frame.name}")
    log(command, f"internal error: {type(error).__name__}; this is a bug in pulumi-press: report it with these lines")


if __name__ == "__main__":
    sys.exit(main())
