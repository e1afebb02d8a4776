"""From files of the `peak` command to the declarations of a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_press.blockfiles import BLOCK_KINDS, Computed, FromEnvironment
from pulumi_press.programs import Code, Declaration, choose_names
from pulumi_press.programs.texts import write_text
from pulumi_press.schema import validate
from pulumi_press.takeover.errors import TakeoverError
from pulumi_press.takeover.files import move_path
from pulumi_press.takeover.kinds import KINDS, name_resources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_press.blockfiles import Blockfile

__all__ = ["declare"]


def declare(files: Sequence[Blockfile], *, spec_id: str | None, folder: Path | None) -> list[Declaration]:
    """Declare the blocks of some files: specs first, then releases, then deployments.

    Args:
        files: the files.
        spec_id: id of the spec that releases are of; None: that of the one spec among the files.
        folder: the program's folder; None: the working folder.

    Raises:
        TakeoverError: the resources would refuse what a file says, or it is not clear what a release is of.
    """
    files = sorted(files, key=lambda file: BLOCK_KINDS.index(file.kind))
    refuse_mistakes(files)
    names = name_resources([(file.kind, _name(file, files)) for file in files])
    blocks = [_Block(*block) for block in zip(files, choose_names(names), names, strict=True)]
    owner = _find_owner(blocks, spec_id)
    return [_declare(block, _before(block, blocks), owner, folder) for block in blocks]


@dataclass(frozen=True)
class _Block:
    """A file, and what its block is called."""

    file: Blockfile
    variable: str
    resource_name: str


def refuse_mistakes(files: Sequence[Blockfile]) -> None:
    """Find what the resources would refuse.

    Raises:
        TakeoverError: names every mistake with its place.
    """
    mistakes = []
    for file in files:
        arguments = {"spec_id": "id", **file.arguments} if file.kind == "release" else file.arguments
        mistakes += [f"{file.locate(mistake.path)}: {mistake}" for mistake in validate(file.shape, arguments)]
    if mistakes:
        raise TakeoverError("\n".join(mistakes))


def _name(file: Blockfile, files: Sequence[Blockfile]) -> str:
    if file.kind != "release":
        return str(file.arguments["metadata"]["name"])
    specs = [_name(other, ()) for other in files if other.kind == "spec"]
    return f"{specs[0] if len(specs) == 1 else 'release'}-{file.arguments['release']['version']}"


def _find_owner(blocks: Sequence[_Block], spec_id: str | None) -> Any:
    """Give the id of the spec that releases are of."""
    if spec_id is not None or not any(block.file.kind == "release" for block in blocks):
        return spec_id
    specs = [block for block in blocks if block.file.kind == "spec"]
    if len(specs) != 1:
        raise TakeoverError(
            "a release is of one spec: name it with --spec-id, or convert the one spec's file in the same call"
        )
    return Code(f"{specs[0].variable}.id")


def _before(block: _Block, blocks: Sequence[_Block]) -> _Block | None:
    """Give the release in front of a release: versions only go up, so one waits for the other."""
    releases = [other for other in blocks if other.file.kind == "release"]
    index = releases.index(block) if block in releases else 0
    return releases[index - 1] if index else None


def _declare(block: _Block, before: _Block | None, owner: Any, folder: Path | None) -> Declaration:
    file = block.file
    arguments: dict[str, Any] = {key: _write(value) for key, value in file.arguments.items()}
    if file.kind == "release":
        arguments = {"spec_id": owner, **arguments}
    path = file.arguments.get("artifact", {}).get("path")
    if isinstance(path, str) and not isinstance(path, FromEnvironment) and folder is not None:
        arguments["artifact"] = {**arguments["artifact"], "path": move_path(path, folder)}
    if before is not None:
        arguments["opts"] = Code(
            f"pulumi.ResourceOptions(depends_on=[{before.variable}])", imports=frozenset({"pulumi"})
        )
    return Declaration(
        variable=block.variable,
        kind=KINDS[file.kind].resource,
        resource_name=block.resource_name,
        arguments=arguments,
        shape=file.shape,
        comments=tuple(_comment(file)),
    )


def _comment(file: Blockfile) -> Iterator[str]:
    if file.variables:
        yield (
            f"What the file made of {', '.join(f'os_env.{name}' for name in file.variables)} is written out below, "
            "as it was when this program was made."
        )
    for path in file.computed:
        text: Any = file.arguments
        for key in path:
            text = text[key]
        yield f"Computed from the environment, and perhaps secret: pulumi config set --secret {text.key} VALUE"


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
