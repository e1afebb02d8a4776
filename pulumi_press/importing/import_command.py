"""The command `pulumi-press import`: write a file for `pulumi import` and the program that matches it.

After `pulumi import` the preview of that program is empty. Nothing on the service is changed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import InvalidResponse, PressError
from pulumi_press.codegen.literals import Expression
from pulumi_press.codegen.program import Declaration, choose_names, write_program
from pulumi_press.importing.config_secrets import find_credentials, replace_secrets
from pulumi_press.importing.live import OWN_SCOPE, ArtifactFolder, LiveBlock, connect, find_blocks, read_block
from pulumi_press.importing.native_programs import advise_on_import, is_native
from pulumi_press.importing.output_files import CommandError, move_path, refuse_existing, write_file
from pulumi_press.importing.progress import Progress
from pulumi_press.importing.read_ahead import ReadAhead
from pulumi_press.importing.workspace import Written, find_place, list_steps, read_stack_settings
from pulumi_press.output import STDOUT, log, log_step, print_text
from pulumi_press.peakfiles.file_formats import BLOCK_KINDS, FORMATS
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.values import get, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_press.peakfiles.file_formats import BlockKind

__all__ = ["add_arguments", "run"]

SCOPES = (OWN_SCOPE, "shared", "public")
USAGE_ERROR = 2
SPEC_IDS: Mapping[BlockKind, str] = {"release": "spec_id", "deployment": "spec.id"}
"""Path of a spec's id in the arguments of other blocks."""
PROTECTED = Expression("pulumi.ResourceOptions(protect=True)", imports=frozenset({"pulumi"}))
"""`pulumi import` sets it in the state; without it in the program, the next update removes it."""
EPILOG = """\
The command uses the settings of the program: the stack's configuration first, then the environment (PEAK_AUTH_TOKEN or
API_KEY, and PRESS_ENDPOINT, PEAK__STAGE or STAGE).

examples:
  pulumi-press import --all --program blocks.py
  pulumi-press import spec orders 0bddb4c6-40c5-45c3-b477-fceb2c051609 --artifact orders
  pulumi-press import spec orders SPEC_ID --deployment orders-prod DEPLOYMENT_ID --program orders.py
  pulumi-press import release orders-2 0bddb4c6-40c5-45c3-b477-fceb2c051609/2.0.0 --program releases.py
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "kind",
        nargs="?",
        choices=BLOCK_KINDS,
        help="kind of the blocks to import (default with --all: specs and deployments)",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME ID",
        help="name of the resource in the program, and id on the service (of a release: SPEC_ID/VERSION); repeatable",
    )
    for kind in BLOCK_KINDS:
        parser.add_argument(
            f"--{kind}",
            nargs=2,
            action="append",
            default=[],
            metavar=("NAME", "ID"),
            help=f"also import this {kind}; repeatable",
        )
    parser.add_argument(
        "--all", action="store_true", help="import all specs and deployments, or all blocks of the kind"
    )
    parser.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="with --all: scope of the specs to import; repeatable (default: private, since shared and public specs "
        "can belong to other tenants)",
    )
    parser.add_argument(
        "--artifact",
        type=Path,
        metavar="FOLDER",
        help="folder with the files of the one spec or release; without it the program declares no artifact",
    )
    parser.add_argument(
        "--ignore-file",
        action="append",
        metavar="NAME",
        help="with --artifact: ignore file at the top of the folder; repeatable (default: .dockerignore)",
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
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument(
        "--secret",
        metavar="KEY",
        help="only print this secret of the import file, for `pulumi config set --secret KEY`",
    )
    parser.add_argument("--stack", help="stack to import into (default: the selected one)")
    parser.add_argument("--endpoint", metavar="URL", help="address of the service; overrides the settings")
    parser.add_argument("--stage", help="stage of the platform, such as prod; overrides the settings")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    failure = _find_failure(arguments)
    if failure:
        _log(failure)
        return USAGE_ERROR
    try:
        return _print_secret(arguments) if arguments.secret else _import(arguments)
    except (CommandError, ProviderError, PressError) as error:
        _log(str(error))
        return 1


def _print_secret(arguments: argparse.Namespace) -> int:
    from pulumi_press.importing.import_file import read_secret

    # `pulumi config set` removes the line break.
    print_text(f"{read_secret(arguments.out_file, arguments.secret)}\n")
    return 0


def _find_failure(arguments: argparse.Namespace) -> str | None:
    """Return what is wrong with the combination of arguments; None if nothing is."""
    kind, names, takes_all = arguments.kind, arguments.names, arguments.all
    wanted = _list_named(arguments)
    sources = [item for item in wanted if item[0] != "deployment"]
    twice = [item for item, number in Counter(item[:2] for item in wanted).items() if number > 1]
    failures = (
        (takes_all and kind == "release", "--all does not import releases: give pairs of NAME and SPEC_ID/VERSION"),
        (len(names) % 2 == 1, f"{names[-1] if names else ''!r} is not followed by an ID: give pairs of NAME and ID"),
        (kind and takes_all == bool(names), "give pairs of NAME and ID, or --all"),
        (not (wanted or takes_all or arguments.secret), "give pairs of NAME and ID, or --all"),
        (
            takes_all and any(item[0] != "release" for item in wanted),
            "--all cannot be combined with single specs or deployments, only with --release",
        ),
        (twice, f"two resources have the name {twice[0][1] if twice else ''!r}: give each its own name"),
        (arguments.scope and not (takes_all and kind != "deployment"), "--scope needs --all, and applies to specs"),
        (
            arguments.artifact and takes_all,
            "--artifact cannot be combined with --all: it applies to one spec or release",
        ),
        (arguments.artifact and len(sources) != 1, "--artifact applies to one spec or release: name exactly one"),
        (arguments.ignore_file and not arguments.artifact, "--ignore-file needs --artifact"),
    )
    return next((message for is_failure, message in failures if is_failure), None)


def _list_named(arguments: argparse.Namespace) -> list[tuple[BlockKind, str, str]]:
    """Return kind, name and id of the named blocks, specs first."""
    named = {kind: list(getattr(arguments, kind)) for kind in BLOCK_KINDS}
    if arguments.kind:
        named[arguments.kind][:0] = zip(arguments.names[::2], arguments.names[1::2], strict=False)
    return [(kind, name, id) for kind in BLOCK_KINDS for name, id in named[kind]]


def _import(arguments: argparse.Namespace) -> int:
    place = find_place(arguments.program)
    if is_native(place, arguments.program):
        raise CommandError(advise_on_import(place, _list_named(arguments)))
    refuse_existing([arguments.out_file, arguments.program], force=arguments.force)
    given = {"press:endpoint": arguments.endpoint, "press:stage": arguments.stage}
    settings = read_stack_settings(place, arguments.stack, given)
    if settings.unread:
        _log(f"warning: the stack's configuration could not be read, so it is not used: {settings.unread}")
    progress = Progress("import")
    context = connect(settings.settings, progress.log)
    wanted = [
        *(find_blocks(arguments.kind, arguments.scope or [OWN_SCOPE], context) if arguments.all else ()),
        *_list_named(arguments),
    ]
    wanted.sort(key=lambda item: BLOCK_KINDS.index(item[0]))
    if not wanted:
        raise CommandError(f"found no {arguments.kind or 'block'} to import")
    ahead = ReadAhead(context.client)
    read: Callable[[BlockKind, str, str], LiveBlock | None] = partial(
        read_block,
        context=replace(context, connect=lambda: ahead.client),
        artifact=_read_artifact(arguments, place.main.parent),
    )
    if arguments.all:
        read = partial(_read_or_skip, read, progress.log)
    with progress, ahead.follow(wanted) as items:
        found = [read(*item) for item in progress.follow(items, len(wanted), "read {} of {} blocks")]
    blocks = [block for block in found if block]
    if not blocks:
        raise CommandError(f"found no {arguments.kind or 'block'} that can be imported")
    from pulumi_press.importing.import_file import write_import_file

    blocks, secrets = _replace_secrets(blocks)
    write_file(arguments.out_file, write_import_file(blocks, secrets), private=True)
    write_file(arguments.program, _write_program(blocks))
    _log_result(arguments, blocks)
    written = Written(arguments.out_file, arguments.program, list(secrets))
    for step in list_steps(written, place, arguments.stack, settings):
        log_step(step)
    return 0


def _read_or_skip(
    read: Callable[[BlockKind, str, str], LiveBlock | None],
    log_line: Callable[[str], None],
    kind: BlockKind,
    name: str,
    id: str,
) -> LiveBlock | None:
    """Return a block; None, with a warning, if it cannot be imported, so that the others still are."""
    try:
        return read(kind, name, id)
    except (CommandError, InvalidResponse) as error:
        log_line(f"warning: skipped {name}: {error}")
        return None


def _read_artifact(arguments: argparse.Namespace, start: Path) -> ArtifactFolder | None:
    if arguments.artifact is None:
        return None
    return ArtifactFolder(arguments.artifact, move_path(str(arguments.artifact), start), arguments.ignore_file)


def _write_program(blocks: Sequence[LiveBlock]) -> str:
    variables = choose_names(block.resource_name for block in blocks)
    specs = {
        block.id: Expression(f"{variable}.id")
        for variable, block in zip(variables, blocks, strict=True)
        if block.kind == "spec"
    }
    declarations = [
        Declaration(
            variable=variable,
            kind=FORMATS[block.kind].resource,
            resource_name=block.resource_name,
            arguments={**_link(block, specs), "opts": PROTECTED},
            shape=FORMATS[block.kind].arguments,
            comments=block.comments,
        )
        for variable, block in zip(variables, blocks, strict=True)
    ]
    return write_program(declarations, intro="Blocks imported by `pulumi-press import`.")


def _link(block: LiveBlock, specs: Mapping[str, Expression]) -> dict[str, Any]:
    """Return the block's arguments, with the id of a spec of the program as an expression."""
    path = SPEC_IDS.get(block.kind, "")
    spec_id = specs.get(str(get(block.arguments, path))) if path else None
    return put(block.arguments, path, spec_id) if spec_id else block.arguments


def _replace_secrets(blocks: Sequence[LiveBlock]) -> tuple[list[LiveBlock], dict[str, str]]:
    """Return the blocks with credentials replaced by reads of the configuration, and the credentials by key."""
    secrets: dict[str, str] = {}
    replaced: list[LiveBlock] = []
    for block in blocks:
        paths = find_credentials(block.arguments)
        arguments, found = replace_secrets(block.arguments, block.resource_name, paths, taken=secrets)
        secrets.update(found)
        replaced.append(replace(block, arguments=arguments))
    return replaced, secrets


def _log_result(arguments: argparse.Namespace, blocks: Sequence[LiveBlock]) -> None:
    for block in blocks:
        for failure in block.failures:
            _log(f"warning: {block.resource_name}: the preview will fail until this is fixed in the program: {failure}")
        if block.masked:
            names = ", ".join(block.masked)
            _log(
                f"{block.resource_name}: the service masks the value of {names}; a comment in the program says how to "
                "set it"
            )
    counts = [(kind, sum(block.kind == kind for block in blocks)) for kind in BLOCK_KINDS]
    count = " and ".join(f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in counts if number)
    file = "" if arguments.program == STDOUT else f", and the program to {arguments.program}"
    _log(f"wrote {count} to {arguments.out_file}{file}. Next:")


def _log(message: str) -> None:
    log("import", message)
