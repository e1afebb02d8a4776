"""The command `pulumi-press convert`: turn files of the `peak` command into a Pulumi program.

A file of `peak blocks specs create`, `peak blocks specs create-release` or `peak blocks deployments create` becomes the
declaration of a resource with the same content. What a template takes from the environment is taken from there by the
program too.
"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.codegen.literals import Expression, write_text
from pulumi_press.codegen.program import Declaration, choose_names, name_resources, write_program
from pulumi_press.importing.config_secrets import ask_for_secrets, find_written_secrets, get_at, name_key, put_at
from pulumi_press.importing.output_files import STDOUT, CommandError, move_path, refuse_existing, write_file
from pulumi_press.importing.workspace import find_working_folder
from pulumi_press.output import log, log_step
from pulumi_press.peakfiles.blockfile import Blockfile, read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.file_formats import BLOCK_KINDS, FORMATS
from pulumi_press.peakfiles.variables import Computed, FromEnvironment
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    except (BlockfileError, CommandError) as error:
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


class Converted(NamedTuple):
    """What files became."""

    declarations: list[Declaration]
    secrets: dict[str, Any]
    """What the program asks the configuration for, by its key."""
    remarks: list[str]
    """What a person must know about them."""


def declare(files: Sequence[Blockfile], *, spec_id: str | None, folder: Path | None) -> Converted:
    """Declare the blocks of some files: specs first, then releases, then deployments.

    Args:
        files: the files.
        spec_id: id of the spec that releases are of; None: that of the one spec among the files.
        folder: the program's folder; None: the working folder.

    Raises:
        CommandError: the resources would refuse what a file says, or it is not clear what a release is of.
    """
    files = sorted(files, key=lambda file: BLOCK_KINDS.index(file.kind))
    refuse_failures(files)
    names = name_resources([(file.kind, _name(file, files)) for file in files])
    taken: list[str] = []
    files = [_distinguish_keys(file, taken) for file in files]
    blocks = [_Block(*block) for block in zip(files, choose_names(names), names, strict=True)]
    family = _find_family(blocks, spec_id)
    hidden = {name for file in files for name in _list_hidden(file)}
    converted = Converted([], {}, list(_tell_unlinked(blocks, family)))
    for block in blocks:
        paths = find_written_secrets(block.file.arguments, hidden)
        asked, secrets = ask_for_secrets(block.file.arguments, block.resource_name, paths, taken=taken)
        taken.extend(secrets)
        converted.secrets.update(secrets)
        converted.declarations.append(_declare(block, asked, family, folder))
    return converted


def _distinguish_keys(file: Blockfile, taken: list[str]) -> Blockfile:
    """Give each computed text of a file a key of its own, and note it as taken: two secrets under one would be one."""
    arguments = file.arguments
    for path in file.computed:
        text = get_at(arguments, path)
        key = name_key(text.key, taken=taken)
        taken.append(key)
        arguments = put_at(arguments, path, Computed(text, key))
    return replace(file, arguments=arguments)


@dataclass(frozen=True)
class _Block:
    """A file, and what its block is called."""

    file: Blockfile
    variable: str
    resource_name: str


def refuse_failures(files: Sequence[Blockfile]) -> None:
    """Find what the resources would refuse.

    Raises:
        CommandError: names every mistake with its place.
    """
    failures = []
    for file in files:
        arguments = {"spec_id": "id", **file.arguments} if file.kind == "release" else file.arguments
        failures += [f"{file.locate(failure.property)}: {failure}" for failure in validate(file.shape, arguments)]
    if failures:
        raise CommandError("\n".join(failures))


def _name(file: Blockfile, files: Sequence[Blockfile]) -> str:
    if file.kind != "release":
        return str(file.arguments["metadata"]["name"])
    specs = [_name(other, ()) for other in files if other.kind == "spec"]
    return f"{specs[0] if len(specs) == 1 else 'release'}-{file.arguments['release']['version']}"


@dataclass(frozen=True)
class _Family:
    """How the blocks belong together."""

    owner: Any
    """The id of the spec that releases are of."""
    spec: _Block | None
    """The one spec that deployments are of; None where that is not clear."""
    releases: list[_Block]

    def before(self, block: _Block) -> _Block | None:
        """Give the release in front of a release: versions only go up, so one waits for the other."""
        index = self.releases.index(block) if block in self.releases else 0
        return self.releases[index - 1] if index else None


def _find_family(blocks: Sequence[_Block], spec_id: str | None) -> _Family:
    specs, releases, deployments = ([block for block in blocks if block.file.kind == kind] for kind in BLOCK_KINDS)
    if releases and spec_id is None and len(specs) != 1:
        raise CommandError(
            "a release is of one spec: name it with --spec-id, or convert the one spec's file in the same call"
        )
    owner = spec_id if spec_id is not None else Expression(f"{specs[0].variable}.id") if len(specs) == 1 else None
    named = {str(block.file.arguments["spec"]["id"]) for block in deployments}
    is_clear = spec_id is None and len(specs) == len(named) == 1
    return _Family(owner, specs[0] if is_clear else None, releases)


def _tell_unlinked(blocks: Sequence[_Block], family: _Family) -> Iterator[str]:
    kinds = {block.file.kind for block in blocks}
    if family.spec is None and {"spec", "deployment"} <= kinds:
        yield (
            "the deployments keep the ids of specs that the files name: which of them is converted here is clear only "
            "for one spec, deployments that all name one id, and no --spec-id"
        )


def _list_hidden(file: Blockfile) -> Iterator[str]:
    """List the parameters that a spec or release hides."""
    for group, items in file.arguments.get("parameters", {}).items() if file.kind != "deployment" else ():
        yield from (f"{group}.{item['name']}" for item in items if item.get("hideValue"))


def _declare(block: _Block, asked: dict[str, Any], family: _Family, folder: Path | None) -> Declaration:
    file, opts = block.file, list[str]()
    arguments: dict[str, Any] = {key: _write(value) for key, value in asked.items()}
    if file.kind == "release":
        arguments = {"spec_id": family.owner, **arguments}
        before = family.before(block)
        opts = [before.variable] if before else []
    if file.kind == "deployment" and family.spec is not None:
        arguments["spec"], opts = _link(arguments["spec"], family.spec, family.releases)
    path = file.arguments.get("artifact", {}).get("path")
    if isinstance(path, str) and not isinstance(path, FromEnvironment) and folder is not None:
        arguments["artifact"] = {**arguments["artifact"], "path": move_path(path, folder)}
    if opts:
        arguments["opts"] = Expression(
            f"pulumi.ResourceOptions(depends_on=[{', '.join(opts)}])", imports=frozenset({"pulumi"})
        )
    return Declaration(
        variable=block.variable,
        kind=FORMATS[file.kind].resource,
        resource_name=block.resource_name,
        arguments=arguments,
        shape=file.shape,
        comments=tuple(_comment(file)),
    )


def _link(reference: dict[str, Any], spec: _Block, releases: Sequence[_Block]) -> tuple[dict[str, Any], list[str]]:
    """Let a deployment follow the spec, and the release that it runs; give what else it must wait for."""
    linked = {**reference, "id": Expression(f"{spec.variable}.id")}
    version = reference.get("release", {}).get("version")
    if version is None:
        # It runs the latest one, so all must be there.
        return linked, [releases[-1].variable] if releases else []
    for release in releases:
        if release.file.arguments["release"]["version"] == version:
            linked["release"] = {**reference["release"], "version": Expression(f"{release.variable}.version")}
    return linked, []


def _comment(file: Blockfile) -> Iterator[str]:
    if file.variables:
        yield (
            f"What the file made of {', '.join(f'os_env.{name}' for name in file.variables)} is written out below, "
            "as it was when this program was made."
        )
    for path in file.computed:
        key = get_at(file.arguments, path).key
        yield f"Computed from the environment, and perhaps secret: pulumi config set --secret {key} VALUE"


def _write(value: Any) -> Any:
    """Let a text that came from the environment come from there again."""
    if isinstance(value, dict):
        return {key: _write(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_write(item) for item in value]
    if isinstance(value, Computed):
        return Expression(f"pulumi.Config().require_secret({write_text(value.key)})", imports=frozenset({"pulumi"}))
    if isinstance(value, FromEnvironment):
        parts = (
            write_text(part) if isinstance(part, str) else f"os.environ[{write_text(part.text)}]"
            for part in value.parts
        )
        return Expression(" + ".join(parts), imports=frozenset({"os"}))
    return value
