"""Take live blocks over: write a file for `pulumi import` and the program that matches it.

After `pulumi import` the preview of that program is empty: nothing on the service is changed.
"""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.api import MalformedAnswer, PressError
from pulumi_press.blockfiles import BLOCK_KINDS
from pulumi_press.lifecycle import Context, LifecycleError, Settings, read_settings
from pulumi_press.lifecycle.settings import ENDPOINT_VARIABLES
from pulumi_press.lifecycle.values import get
from pulumi_press.programs import Declaration, choose_names, write_program
from pulumi_press.takeover.errors import TakeoverError
from pulumi_press.takeover.files import STDOUT, move_path, refuse_existing, write_file
from pulumi_press.takeover.kinds import KINDS, name_resources
from pulumi_press.takeover.live import ArtifactFolder, LiveBlock, read_block
from pulumi_press.terminal import log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["add_arguments", "run"]

OWN_SCOPE = "private"
SCOPES = (OWN_SCOPE, "shared", "public")
USAGE_ERROR = 2
EPILOG = """\
The settings come from the environment: PEAK_AUTH_TOKEN or API_KEY, and PRESS_ENDPOINT, PEAK__STAGE or STAGE.

examples:
  pulumi-press import spec orders 0bddb4c6-40c5-45c3-b477-fceb2c051609 --artifact orders
  pulumi-press import release orders-2 0bddb4c6-40c5-45c3-b477-fceb2c051609/2.0.0 --program releases.py
  pulumi-press import deployment --all
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("kind", choices=BLOCK_KINDS, help="what to take over")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME ID",
        help="name of the resource in the program, and id on the service (of a release: SPEC_ID/VERSION); any number",
    )
    parser.add_argument("--all", action="store_true", help="all specs, or all deployments; named after their blocks")
    parser.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="with --all: scope of the specs to take; may be given again (default: private, for a shared or public one "
        "may be another tenant's)",
    )
    parser.add_argument(
        "--artifact",
        type=Path,
        metavar="FOLDER",
        help="the folder that the files of the one spec or release came from; without it none is declared",
    )
    parser.add_argument(
        "--ignore-file",
        action="append",
        metavar="NAME",
        help="with --artifact: ignore file at the top of the folder; may be given again (default: .dockerignore)",
    )
    parser.add_argument(
        "--out-file",
        type=Path,
        default=Path("import.json"),
        metavar="FILE",
        help="where to write the import file (default: %(default)s)",
    )
    parser.add_argument(
        "--program",
        type=Path,
        default=Path("__main__.py"),
        metavar="FILE",
        help="where to write the program; - prints it (default: %(default)s)",
    )
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.add_argument("--endpoint", metavar="URL", help="address of the service (default: $PRESS_ENDPOINT)")
    parser.add_argument("--stage", help="stage of the platform, such as prod (default: $PEAK__STAGE or $STAGE)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    mistake = _find_mistake(arguments)
    if mistake:
        _say(mistake)
        return USAGE_ERROR
    try:
        return _import(arguments)
    except (TakeoverError, LifecycleError, PressError) as error:
        _say(str(error))
        return 1


def _find_mistake(arguments: argparse.Namespace) -> str | None:
    """Find what argparse cannot: arguments that do not go together."""
    kind, names, takes_all = arguments.kind, arguments.names, arguments.all
    mistakes = (
        (takes_all == bool(names), "give NAME ID once or more, or --all"),
        (takes_all and kind == "release", "--all takes specs or deployments: give NAME SPEC_ID/VERSION"),
        (len(names) % 2 == 1, f"{names[-1] if names else ''!r} has no ID behind it: give NAME ID once or more"),
        (arguments.scope and not (takes_all and kind == "spec"), "--scope goes with `spec --all` only"),
        (arguments.artifact and (kind == "deployment" or names[2:]), "--artifact goes with one spec or release"),
        (arguments.artifact and takes_all, "--artifact goes with one spec or release, so not with --all"),
        (arguments.ignore_file and not arguments.artifact, "--ignore-file goes with --artifact"),
    )
    return next((message for is_made, message in mistakes if is_made), None)


def _import(arguments: argparse.Namespace) -> int:
    refuse_existing([arguments.out_file, arguments.program], force=arguments.force)
    context = _make_context(_read_settings(arguments))
    wanted = _choose(arguments, context)
    if not wanted:
        raise TakeoverError(f"there is no {arguments.kind} to take over")
    artifact = _read_artifact(arguments)
    read: Callable[[str, str], LiveBlock | None] = partial(
        read_block, arguments.kind, context=context, artifact=artifact
    )
    if arguments.all:
        read = partial(_read_or_leave_out, read)
    blocks = [block for name, identity in wanted if (block := read(name, identity))]
    if not blocks:
        raise TakeoverError(f"there is no {arguments.kind} that can be taken over")
    from pulumi_press.takeover.import_file import write_import_file

    write_file(arguments.out_file, write_import_file(blocks), private=True)
    write_file(arguments.program, _write_program(blocks))
    _tell_next(arguments, blocks)
    return 0


def _read_or_leave_out(read: Callable[[str, str], LiveBlock | None], name: str, identity: str) -> LiveBlock | None:
    """Read a block of many; one that cannot be taken over must not keep anybody from the others."""
    try:
        return read(name, identity)
    except (TakeoverError, MalformedAnswer) as error:
        _say(f"warning: {name} is left out: {error}")
        return None


def _read_settings(arguments: argparse.Namespace) -> Settings:
    given = {"press:endpoint": arguments.endpoint, "press:stage": arguments.stage}
    # A stage that is said wins over an address that is only lying about.
    overruled = ENDPOINT_VARIABLES if arguments.stage else ()
    return read_settings(given.get, {name: value for name, value in os.environ.items() if name not in overruled})


def _make_context(settings: Settings) -> Context:
    # Importing Pulumi takes its time, and is not needed where the arguments are wrong.
    from pulumi_press.resources import clients

    def tell(message: str, *, warning: bool = False, passing: bool = False) -> None:
        del warning
        if not passing:
            _say(message)

    return Context(connect=lambda: clients.connect(settings), settings=lambda: settings, tell=tell)


def _choose(arguments: argparse.Namespace, context: Context) -> list[tuple[str, str]]:
    """Give the name and id of each block to take over."""
    if not arguments.all:
        return list(zip(arguments.names[::2], arguments.names[1::2], strict=True))
    if arguments.kind == "deployment":
        found: list[Any] = list(context.press.list_deployments())
    else:
        specs: list[Any] = list(context.press.list_specs())
        scopes = arguments.scope or [OWN_SCOPE]
        found = [item for item in specs if item.get("scope", OWN_SCOPE) in scopes]
        if len(found) < len(specs):
            _say(f"{len(specs) - len(found)} specs of another scope are left out: --scope takes them in")
    known = [item for item in found if isinstance(item.get("id"), str)]
    names = name_resources([(arguments.kind, str(get(item, "metadata.name") or item["id"])) for item in known])
    return [(name, item["id"]) for name, item in zip(names, known, strict=True)]


def _read_artifact(arguments: argparse.Namespace) -> ArtifactFolder | None:
    if arguments.artifact is None:
        return None
    start = Path() if arguments.program == STDOUT else arguments.program.parent
    return ArtifactFolder(arguments.artifact, move_path(str(arguments.artifact), start), arguments.ignore_file)


def _write_program(blocks: Sequence[LiveBlock]) -> str:
    variables = choose_names(block.resource_name for block in blocks)
    declarations = [
        Declaration(
            variable=variable,
            kind=KINDS[block.kind].resource,
            resource_name=block.resource_name,
            arguments=block.arguments,
            shape=KINDS[block.kind].shape,
            comments=block.comments,
        )
        for variable, block in zip(variables, blocks, strict=True)
    ]
    return write_program(declarations, intro="Blocks that were taken over by `pulumi-press import`.")


def _tell_next(arguments: argparse.Namespace, blocks: Sequence[LiveBlock]) -> None:
    for block in blocks:
        for mistake in block.mistakes:
            _say(f"warning: {block.resource_name}: the program will be refused until this is mended: {mistake}")
        if block.masked:
            names = ", ".join(block.masked)
            _say(f"{block.resource_name}: the service masks the value of {names}; the program says how to manage it")
    count = f"{len(blocks)} {arguments.kind}{'' if len(blocks) == 1 else 's'}"
    place = "" if arguments.program == STDOUT else f", and the program to {arguments.program}"
    _say(f"wrote {count} to {arguments.out_file}{place}. Next:")
    _say(f"  pulumi import --file {arguments.out_file} --yes --protect=false --generate-code=false")
    _say("  pulumi preview")


def _say(message: str) -> None:
    log("import", message)
