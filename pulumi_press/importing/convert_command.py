"""The command `pulumi-press convert`: turn files of the `peak` command into a Pulumi program.

A file of `peak blocks specs create`, `peak blocks specs create-release` or `peak blocks deployments create` becomes the
declaration of a resource with the same content. Where a template uses an environment variable, the program does too.
"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.codegen.literals import Expression, Reference, Setting, write_text
from pulumi_press.codegen.program import Declaration, choose_names, name_resources, write_program
from pulumi_press.importing.config_secrets import (
    find_written_secrets,
    get_at,
    is_secret_name,
    name_key,
    put_at,
    replace_secrets,
)
from pulumi_press.importing.convert_yaml import write_yaml
from pulumi_press.importing.output_files import CommandError, move_path, refuse_existing, write_file
from pulumi_press.importing.workspace import find_working_folder
from pulumi_press.output import STDOUT, log, log_step
from pulumi_press.peakfiles.blockfile import Blockfile, read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.file_formats import BLOCK_KINDS, FORMATS
from pulumi_press.peakfiles.variables import Computed, FromEnvironment
from pulumi_press.schema.hidden import hides
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["add_arguments", "run"]

USAGE_ERROR = 2
EPILOG = """\
examples:
  pulumi-press convert block.yaml
  pulumi-press convert block.yaml release.yaml -v params.yaml -p stage=prod --out __main__.py
  pulumi-press convert block.yaml --native --out __main__.py
  pulumi-press convert block.yaml deployment.yaml --to yaml --out Pulumi.yaml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files of the `peak` command")
    parser.add_argument(
        "--to",
        choices=("python", "yaml"),
        default="python",
        help="language of the program: python, or yaml, a Pulumi.yaml for the native plugin (default: %(default)s)",
    )
    parser.add_argument(
        "--kind", choices=BLOCK_KINDS, help="kind of block that the files describe (default: recognized by their keys)"
    )
    parser.add_argument("-v", "--params-file", type=Path, metavar="FILE", help="YAML file with template variables")
    parser.add_argument(
        "-p",
        "--params",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a template variable, which overrides the file's; repeatable",
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
        help="folders that includes may come from, besides the project's and the files' own",
    )
    parser.add_argument("--list-env", action="store_true", help="let templates list all environment variables (os_env)")
    parser.add_argument(
        "--spec-id",
        metavar="ID",
        help="id of the spec that the releases belong to (default: that of the one spec among the files)",
    )
    parser.add_argument(
        "--out", type=Path, default=STDOUT, metavar="FILE", help="where to write the program (default: print it)"
    )
    parser.add_argument(
        "--native", action="store_true", help="declare resources of the native plugin, as `pulumi_press.native` does"
    )
    parser.add_argument("--force", action="store_true", help="replace an existing program")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    params = _read_params(arguments.params)
    if params is None:
        # The argument may contain a secret, so it is not repeated.
        _log("-p takes NAME=VALUE")
        return USAGE_ERROR
    if len(arguments.files) > 1 and (arguments.desc_file or arguments.notes_file):
        _log("--desc-file and --notes-file can be used with one file only")
        return USAGE_ERROR
    try:
        refuse_existing([arguments.out], force=arguments.force)
        files = [_read(path, params, arguments) for path in arguments.files]
        converted = _convert(files, spec_id=arguments.spec_id, folder=_find_folder(arguments))
        intro = f"Blocks converted from {_list(arguments.files)} by `pulumi-press convert`."
        if arguments.to == "yaml":
            steps = write_yaml(converted.declarations, intro, arguments.out)
        else:
            write_file(arguments.out, write_program(converted.declarations, intro=intro, native=arguments.native))
            steps = list(_list_steps(converted.secrets))
    except (BlockfileError, CommandError) as error:
        for line in str(error).splitlines():
            _log(line)
        return 1
    for note in converted.notes:
        _log(note)
    if steps:
        _log("the program reads these from the configuration. Set them before a preview:")
    for step in steps:
        log_step(step)
    as_json = [key for key, value in converted.secrets.items() if not isinstance(value, str)]
    if as_json and arguments.to == "python":
        _log(f"set these as JSON, such as 1 or true: {', '.join(as_json)}")
    return 0


def _list_steps(secrets: Iterable[str]) -> Iterator[str]:
    for key in secrets:
        yield shlex.join(["pulumi", "config", "set", "--secret", key])


def _find_folder(arguments: argparse.Namespace) -> Path | None:
    """Return the folder that paths in the program are relative to; None if that is the working folder."""
    if arguments.out == STDOUT:
        return None
    folder: Path = arguments.out.parent if arguments.to == "yaml" else find_working_folder(arguments.out)
    return folder


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
    """Return template variables; None if one has no name or no `=`."""
    pairs = [word.partition("=") for word in words]
    return {name: value for name, _, value in pairs} if all(name and sign for name, sign, _ in pairs) else None


def _list(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _log(message: str) -> None:
    log("convert", message)


class _Converted(NamedTuple):
    """The result of a conversion."""

    declarations: list[Declaration]
    secrets: dict[str, Any]
    """The secrets that the program reads from the configuration, by key."""
    notes: list[str]
    """What the user should know about the program."""


def _convert(files: Sequence[Blockfile], *, spec_id: str | None, folder: Path | None) -> _Converted:
    """Return the declarations for some files: specs first, then releases, then deployments.

    Args:
        files: the files.
        spec_id: id of the spec that the releases belong to; None: that of the one spec among the files.
        folder: the program's folder; None: the working folder.

    Raises:
        CommandError: a file is not valid for its resource, or it is not clear which spec a release belongs to.
    """
    files = sorted(files, key=lambda file: BLOCK_KINDS.index(file.kind))
    _validate(files)
    names = name_resources([(file.kind, _name(file, files)) for file in files])
    taken: list[str] = []
    files = [_distinguish_keys(file, taken) for file in files]
    blocks = [_Block(*block) for block in zip(files, choose_names(names), names, strict=True)]
    links = _find_links(blocks, spec_id)
    hidden = {name for file in files for name in _list_hidden(file)}
    converted = _Converted([], {}, list(_note_unlinked(blocks, links)))
    for block in blocks:
        paths = find_written_secrets(block.file.arguments, hidden)
        arguments, secrets = replace_secrets(block.file.arguments, block.resource_name, paths, taken=taken)
        taken.extend(secrets)
        converted.secrets.update(secrets)
        converted.declarations.append(_declare(block, arguments, links, folder))
    return converted


def _distinguish_keys(file: Blockfile, taken: list[str]) -> Blockfile:
    """Return the file with a unique key for each computed text, and add the keys to `taken`."""
    arguments = file.arguments
    for path in file.computed:
        text = get_at(arguments, path)
        key = name_key(text.key, taken=taken)
        taken.append(key)
        arguments = put_at(arguments, path, Computed(text, key))
    return replace(file, arguments=arguments)


@dataclass(frozen=True)
class _Block:
    """A file, and the names of its block in the program."""

    file: Blockfile
    variable: str
    resource_name: str


def _validate(files: Sequence[Blockfile]) -> None:
    """Validate the files as their resources do.

    Raises:
        CommandError: with every failure and its place.
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
class _Links:
    """How the blocks refer to each other."""

    owner: Any
    """The id of the spec that the releases belong to: text, or an expression."""
    spec: _Block | None
    """The spec that all deployments run; None if that is not clear."""
    releases: list[_Block]

    def before(self, block: _Block) -> _Block | None:
        """Return the release that must be published before this one, since versions only increase."""
        index = self.releases.index(block) if block in self.releases else 0
        return self.releases[index - 1] if index else None


def _find_links(blocks: Sequence[_Block], spec_id: str | None) -> _Links:
    specs, releases, deployments = ([block for block in blocks if block.file.kind == kind] for kind in BLOCK_KINDS)
    if releases and spec_id is None and len(specs) != 1:
        raise CommandError(
            "the releases' spec is not clear: give its id with --spec-id, or convert one spec in the same call"
        )
    owner = spec_id if spec_id is not None else _refer(specs[0], "id") if len(specs) == 1 else None
    named = {str(block.file.arguments["spec"]["id"]) for block in deployments}
    is_clear = spec_id is None and len(specs) == len(named) == 1
    return _Links(owner, specs[0] if is_clear else None, releases)


def _note_unlinked(blocks: Sequence[_Block], links: _Links) -> Iterator[str]:
    kinds = {block.file.kind for block in blocks}
    if links.spec is None and {"spec", "deployment"} <= kinds:
        yield (
            "the deployments keep the spec ids of their files: they can refer to a converted spec only if it is the "
            "only one, all of them name the same id, and --spec-id is not given"
        )


def _list_hidden(file: Blockfile) -> Iterator[str]:
    """Yield the parameters with `hideValue` of a spec or release, as `group.name`."""
    for group, items in file.arguments.get("parameters", {}).items() if file.kind != "deployment" else ():
        yield from (f"{group}.{item['name']}" for item in items if hides(item))


def _declare(block: _Block, replaced: dict[str, Any], links: _Links, folder: Path | None) -> Declaration:
    file, opts = block.file, list[str]()
    arguments: dict[str, Any] = {key: _write(value) for key, value in replaced.items()}
    if file.kind == "release":
        arguments = {"spec_id": links.owner, **arguments}
        before = links.before(block)
        opts = [before.variable] if before else []
    if file.kind == "deployment" and links.spec is not None:
        arguments["spec"], opts = _link(arguments["spec"], links.spec, links.releases)
    path = file.arguments.get("artifact", {}).get("path")
    if isinstance(path, str) and not isinstance(path, FromEnvironment) and folder is not None:
        arguments["artifact"] = {**arguments["artifact"], "path": move_path(path, folder)}
    return Declaration(
        variable=block.variable,
        kind=FORMATS[file.kind].resource,
        resource_name=block.resource_name,
        arguments=arguments,
        shape=file.shape,
        comments=tuple(_comment(file)),
        depends_on=opts,
    )


def _refer(block: _Block, output: str) -> Expression:
    return Expression(f"{block.variable}.{output}", parts=(Reference(block.variable, output),))


def _link(reference: dict[str, Any], spec: _Block, releases: Sequence[_Block]) -> tuple[dict[str, Any], list[str]]:
    """Return a deployment's `spec` with references to the spec and its release, and what else it depends on."""
    linked = {**reference, "id": _refer(spec, "id")}
    version = reference.get("release", {}).get("version")
    if version is None:
        # It runs the latest release, so all must exist first.
        return linked, [releases[-1].variable] if releases else []
    for release in releases:
        if release.file.arguments["release"]["version"] == version:
            linked["release"] = {**reference["release"], "version": _refer(release, "version")}
    return linked, []


def _comment(file: Blockfile) -> Iterator[str]:
    if file.variables:
        yield (
            f"Values that depend on {', '.join(f'os_env.{name}' for name in file.variables)} are written out below, as "
            "they were when this program was generated."
        )
    for path in file.computed:
        key = get_at(file.arguments, path).key
        yield f"Computed from the environment, and possibly secret: pulumi config set --secret {key} VALUE"


def _write(value: Any) -> Any:
    """Return a value in which texts from the environment are expressions that read them."""
    if isinstance(value, dict):
        return {key: _write(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_write(item) for item in value]
    if isinstance(value, Computed):
        text = f"pulumi.Config().require_secret({write_text(value.key)})"
        return Expression(text, imports=frozenset({"pulumi"}), parts=(Setting(value.key),))
    if isinstance(value, FromEnvironment):
        texts = (
            write_text(part) if isinstance(part, str) else f"os.environ[{write_text(part.text)}]"
            for part in value.parts
        )
        parts = tuple(part if isinstance(part, str) else _read_variable(part.text) for part in value.parts)
        return Expression(" + ".join(texts), imports=frozenset({"os"}), parts=parts)
    return value


def _read_variable(name: str) -> Setting:
    """Return the value of the configuration that takes the place of an environment variable."""
    return Setting(name, secret=is_secret_name(name), variable=name)
