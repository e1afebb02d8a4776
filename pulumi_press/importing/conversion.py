"""From files of the `peak` command to the declarations of a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.codegen.literals import Code, write_text
from pulumi_press.codegen.program import Declaration, choose_names
from pulumi_press.importing.errors import TakeoverError
from pulumi_press.importing.files import move_path
from pulumi_press.importing.kinds import KINDS, name_resources
from pulumi_press.importing.secrets import ask_for_secrets, find_written_secrets, get_at, name_key, put_at
from pulumi_press.peakfiles.file_formats import BLOCK_KINDS
from pulumi_press.peakfiles.variables import Computed, FromEnvironment
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_press.peakfiles.blockfile import Blockfile

__all__ = ["Converted", "declare"]


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
        TakeoverError: the resources would refuse what a file says, or it is not clear what a release is of.
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
        TakeoverError: names every mistake with its place.
    """
    failures = []
    for file in files:
        arguments = {"spec_id": "id", **file.arguments} if file.kind == "release" else file.arguments
        failures += [f"{file.locate(failure.property)}: {failure}" for failure in validate(file.shape, arguments)]
    if failures:
        raise TakeoverError("\n".join(failures))


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
        raise TakeoverError(
            "a release is of one spec: name it with --spec-id, or convert the one spec's file in the same call"
        )
    owner = spec_id if spec_id is not None else Code(f"{specs[0].variable}.id") if len(specs) == 1 else None
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
        arguments["opts"] = Code(
            f"pulumi.ResourceOptions(depends_on=[{', '.join(opts)}])", imports=frozenset({"pulumi"})
        )
    return Declaration(
        variable=block.variable,
        kind=KINDS[file.kind].resource,
        resource_name=block.resource_name,
        arguments=arguments,
        shape=file.shape,
        comments=tuple(_comment(file)),
    )


def _link(reference: dict[str, Any], spec: _Block, releases: Sequence[_Block]) -> tuple[dict[str, Any], list[str]]:
    """Let a deployment follow the spec, and the release that it runs; give what else it must wait for."""
    linked = {**reference, "id": Code(f"{spec.variable}.id")}
    version = reference.get("release", {}).get("version")
    if version is None:
        # It runs the latest one, so all must be there.
        return linked, [releases[-1].variable] if releases else []
    for release in releases:
        if release.file.arguments["release"]["version"] == version:
            linked["release"] = {**reference["release"], "version": Code(f"{release.variable}.version")}
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
        return Code(f"pulumi.Config().require_secret({write_text(value.key)})", imports=frozenset({"pulumi"}))
    if isinstance(value, FromEnvironment):
        parts = (
            write_text(part) if isinstance(part, str) else f"os.environ[{write_text(part.text)}]"
            for part in value.parts
        )
        return Code(" + ".join(parts), imports=frozenset({"os"}))
    return value
