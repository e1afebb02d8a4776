"""Reading live blocks: what the state is to hold of them, and the arguments that a program gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.carried import PARTS, find_lost
from pulumi_press.client.errors import Forbidden, NotFound
from pulumi_press.codegen.literals import write_text
from pulumi_press.importing.errors import TakeoverError
from pulumi_press.importing.kinds import KINDS
from pulumi_press.importing.secrets import name_key
from pulumi_press.provider.artifacts import describe_artifact
from pulumi_press.provider.rollout import RolloutResource
from pulumi_press.provider.values import get
from pulumi_press.schema.failures import join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pulumi_press.peakfiles.file_formats import BlockKind
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = ["ArtifactFolder", "LiveBlock", "read_block"]


@dataclass(frozen=True)
class LiveBlock:
    """A block as it is on the service."""

    kind: BlockKind
    resource_name: str
    """Name of its resource."""
    id: str
    """Its id, as its resource has it."""
    inputs: Values
    """Inputs and outputs that the state is to hold."""
    arguments: dict[str, Any]
    """Arguments that the program gives."""
    comments: tuple[str, ...] = ()
    """What the program is to say of it."""
    rollout: Values | None = None
    """Inputs and outputs of a deployment's rollout."""
    masked: tuple[str, ...] = ()
    """Run parameters whose values the service does not tell."""
    failures: tuple[str, ...] = ()
    """Why the program would be refused, though the service has the block as it is."""


class ArtifactFolder(NamedTuple):
    """The folder that the files of a release came from."""

    folder: Path
    """Where it is."""
    path: str
    """Where it is from the program's folder."""
    ignore_files: list[str] | None
    """Ignore files at its top; None: the usual one."""

    @property
    def argument(self) -> Values:
        """The program's argument."""
        return {"path": self.path, **({"ignore_files": self.ignore_files} if self.ignore_files else {})}


def read_block(
    kind: BlockKind, resource_name: str, id: str, context: Context, artifact: ArtifactFolder | None = None
) -> LiveBlock:
    """Read a block.

    Args:
        kind: kind of the block.
        resource_name: name of its resource.
        id: its id; a release's is `<spec id>/<version>`.
        context: the surroundings.
        artifact: the folder that the files of its release came from; None: not told.

    Raises:
        TakeoverError: there is none, it holds what Pulumi cannot, or the folder cannot be read.
        PressError: the service cannot be asked.
    """
    lifecycle = KINDS[kind].lifecycle()
    if kind == "release" and not re.fullmatch(r"[^/]+/[^/]+", id):
        raise TakeoverError(f"{id!r} is no id of a release: it is written <spec id>/<version>")
    live = lifecycle.read(id, {}, context)
    if live is None:
        raise TakeoverError(f"there is no {kind} with the id {id}")
    _refuse_lost(kind, id, live.inputs)
    names = KINDS[kind].shape.__annotations__
    arguments = {key: value for key, value in live.inputs.items() if key in names and value is not None}
    inputs, given = live.inputs, arguments
    if artifact is not None and kind != "deployment":
        given = {**arguments, "artifact": {**artifact.argument, "path": str(artifact.folder)}}
        arguments = {**arguments, "artifact": artifact.argument}
        description, wrong = describe_artifact(None, given["artifact"], context)
        if wrong:
            raise TakeoverError("; ".join(map(str, wrong)))
        inputs = {**inputs, "artifact": {**description, "path": artifact.path}}
    # What `check` makes of the program's arguments is what the next preview compares with.
    checked = lifecycle.check(inputs, given, context)
    comments = tuple(_comment(kind, id, inputs, context))
    masked = _find_masked(id, context) if kind == "deployment" else ()
    comments += tuple(_comment_masked(masked, resource_name))
    return LiveBlock(
        kind=kind,
        resource_name=resource_name,
        id=id,
        inputs=inputs if checked.failures else checked.inputs,
        arguments=arguments,
        comments=comments,
        rollout=_read_rollout(id, context) if kind == "deployment" else None,
        masked=masked,
        failures=tuple(map(str, checked.failures)),
    )


def _refuse_lost(kind: BlockKind, id: str, inputs: Values) -> None:
    """Refuse what the state would hold otherwise than the service: the next change would send that."""
    lost = [f"{join('', *path)} {why}" for path, why in find_lost(inputs, PARTS)]
    if lost:
        raise TakeoverError(f"{kind} {id} cannot be taken over: {'; '.join(lost)}")


def _read_rollout(id: str, context: Context) -> Values | None:
    live = RolloutResource().read(id, {}, context)
    return None if live is None else live.inputs


def _find_masked(id: str, context: Context) -> tuple[str, ...]:
    items = get(context.client.describe_deployment(id), "parameters.run")
    hidden = [item for item in items or [] if isinstance(item, dict) and item.get("hideValue") and "value" in item]
    return tuple(str(item["name"]) for item in hidden)


def _comment_masked(masked: tuple[str, ...], resource_name: str) -> Iterator[str]:
    """Say how to manage a masked value: the program leaves it alone until somebody tells what it is."""
    keys: list[str] = []
    for name in masked:
        key = name_key(resource_name, name, taken=keys)
        keys.append(key)
        yield (
            f"The service masks the value of the run parameter {name}. To manage it, run "
            f'`pulumi config set --secret {key}` and add parameters={{"run": {{{write_text(name)}: '
            f"pulumi.Config().require_secret({write_text(key)})}}}}."
        )


def _comment(kind: BlockKind, id: str, inputs: Values, context: Context) -> Iterator[str]:
    """Say what the service does not tell, and what to do about it."""
    if kind == "deployment":
        yield from _comment_build(inputs, context)
        return
    release = context.client.describe_spec_release(_spec_id(kind, id), str(get(inputs, "release.version")))
    if release.get("artifact") and "artifact" not in inputs:
        yield (
            "Its release ships files, which the service does not give back. To go on from the folder that they came "
            'from, add artifact={"path": "..."} and raise release.version: that publishes one new release.'
        )
    hidden = [
        item["name"]
        for group in ("build", "run")
        for item in get(inputs, f"parameters.{group}") or []
        if item.get("hideValue") and "defaultValue" in item
    ]
    if hidden:
        yield f"The service may mask the default of {', '.join(hidden)}: look at it before you publish a new release."


def _comment_build(inputs: Values, context: Context) -> Iterator[str]:
    spec_id, version = get(inputs, "spec.id"), get(inputs, "spec.release.version")
    try:
        declared = get(context.client.describe_spec_release(str(spec_id), str(version)), "parameters.build")
    except (NotFound, Forbidden):
        # The spec is another tenant's.
        return
    if declared:
        names = ", ".join(str(item.get("name")) for item in declared if isinstance(item, dict))
        yield (
            f"The service does not tell the values of its build parameters ({names}). Without them a new revision "
            'takes their defaults: add parameters={"build": {...}} first, which makes one new revision.'
        )


def _spec_id(kind: BlockKind, id: str) -> str:
    return id.rpartition("/")[0] if kind == "release" else id
