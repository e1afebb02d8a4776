"""Reading live blocks: the inputs and outputs for the state, and the arguments for a program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_press.carried import PARTS, find_lost
from pulumi_press.client.errors import Forbidden, NotFound
from pulumi_press.client.responses import why_unusable
from pulumi_press.codegen.literals import write_text
from pulumi_press.codegen.program import name_resources
from pulumi_press.importing.config_secrets import name_key
from pulumi_press.importing.output_files import CommandError
from pulumi_press.output import shorten
from pulumi_press.peakfiles.file_formats import FORMATS
from pulumi_press.plugin.codec import Codec
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.artifacts import describe_artifact
from pulumi_press.provider.context import Context, Request
from pulumi_press.provider.values import get
from pulumi_press.schema.failures import join
from pulumi_press.schema.hidden import hides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pulumi_press.peakfiles.file_formats import BlockKind
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["OWN_SCOPE", "ArtifactFolder", "LiveBlock", "connect", "find_blocks", "read_block"]

OWN_SCOPE = "private"
"""The scope of specs that only the tenant itself can have."""

_LONGEST_NAME = 200  # characters of a name in a message


@dataclass(frozen=True)
class LiveBlock:
    """A block as it is on the service."""

    kind: BlockKind
    resource_name: str
    """Name of the resource."""
    id: str
    """Id of the resource."""
    inputs: Values
    """Inputs and outputs for the state."""
    arguments: dict[str, Any]
    """Arguments for the program."""
    comments: tuple[str, ...] = ()
    """Comments for the program."""
    rollout: Values | None = None
    """Inputs and outputs of a deployment's `Rollout`, for the state."""
    masked: tuple[str, ...] = ()
    """Run parameters whose values the service masks."""
    failures: tuple[str, ...] = ()
    """Why a preview of the program fails, although the service accepted the block."""


class ArtifactFolder(NamedTuple):
    """The folder that the files of a release came from."""

    folder: Path
    """The folder, relative to the working folder."""
    path: str
    """The folder, relative to the program's."""
    ignore_files: list[str] | None
    """Ignore files at its top; None: the default one."""

    @property
    def argument(self) -> Values:
        """The argument for the program."""
        return {"path": self.path, **({"ignore_files": self.ignore_files} if self.ignore_files else {})}


def connect(settings: Settings, log_line: Callable[[str], None]) -> Context:
    """Return the dependencies of all reads: a client for the service, and a log.

    Args:
        settings: the address of the service, and the token.
        log_line: logs a line.
    """
    # Importing Pulumi is slow, and not needed if the arguments are wrong.
    from pulumi_press.plugin import runtime

    def log(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        del warning
        if not ephemeral:
            log_line(message)

    return Context(connect=lambda: runtime.connect(settings), settings=lambda: settings, log=log)


def find_blocks(kind: BlockKind | None, scopes: Sequence[str], context: Context) -> list[tuple[BlockKind, str, str]]:
    """Return kind, resource name and id of all specs and deployments, or of those of one kind.

    Args:
        kind: `spec` or `deployment`; None: both.
        scopes: scopes of the specs to return; the number of others is logged.
        context: the dependencies, from `connect`.
    """
    found: list[tuple[BlockKind, Any]] = []
    if kind != "deployment":
        specs: list[Any] = list(context.client.list_specs())
        kept = [item for item in specs if item.get("scope", OWN_SCOPE) in scopes]
        found.extend(("spec", item) for item in kept)
        if skipped := len(specs) - len(kept):
            context.log(
                f"skipped {skipped} spec{'' if skipped == 1 else 's'} of other scopes: add --scope to import them"
            )
    if kind != "spec":
        found.extend(("deployment", item) for item in context.client.list_deployments())
    known: list[tuple[BlockKind, Any]] = []
    for block_kind, item in found:
        if why := why_unusable(item):
            name = shorten(str(get(item, "metadata.name") or "without a name"), _LONGEST_NAME)
            context.log(f"warning: skipped {block_kind} {name}: {why}")
        else:
            known.append((block_kind, item))
    names = name_resources([(kind, str(get(item, "metadata.name") or item["id"])) for kind, item in known])
    return [(kind, name, item["id"]) for name, (kind, item) in zip(names, known, strict=True)]


def read_block(
    kind: BlockKind, resource_name: str, id: str, context: Context, artifact: ArtifactFolder | None = None
) -> LiveBlock:
    """Return a block as it is on the service.

    Args:
        kind: kind of the block.
        resource_name: name of its resource.
        id: its id; a release's is `<spec id>/<version>`.
        context: the dependencies, from `connect`.
        artifact: the folder that the files of its release came from; None: unknown.

    Raises:
        CommandError: the block does not exist, has a value that Pulumi cannot hold, or the folder cannot be read.
        PressError: the service cannot be reached, or refused the request.
    """
    resource = load_resource(FORMATS[kind].resource)()
    if kind == "release" and not re.fullmatch(r"[^/]+/[^/]+", id):
        raise CommandError(f"{id!r} is not the id of a release: write it as <spec id>/<version>")
    state = resource.fetch(Request.of(context, id=id))
    if state is None:
        raise CommandError(f"there is no {kind} with the id {id}")
    _refuse_lost(kind, id, state.values)
    names = FORMATS[kind].arguments.__annotations__
    arguments = {key: value for key, value in state.inputs.items() if key in names and value is not None}
    values, given = state.values, arguments
    if artifact is not None and kind != "deployment":
        given = {**arguments, "artifact": {**artifact.argument, "path": str(artifact.folder)}}
        arguments = {**arguments, "artifact": artifact.argument}
        description, wrong = describe_artifact(Request.of(context, inputs=given))
        if wrong:
            raise CommandError("; ".join(map(str, wrong)))
        values = {**values, "artifact": {**description.argument, **description.outputs, "path": artifact.path}}
    # The next preview compares with the result of `check` for the program's arguments.
    checked = Codec(resource).check(values, given, context)
    comments = tuple(_comment(kind, id, values, context))
    masked = _find_masked(id, context) if kind == "deployment" else ()
    comments += tuple(_comment_masked(masked, resource_name))
    return LiveBlock(
        kind=kind,
        resource_name=resource_name,
        id=id,
        inputs=values if checked.failures else checked.inputs,
        arguments=arguments,
        comments=comments,
        rollout=_read_rollout(id, context) if kind == "deployment" else None,
        masked=masked,
        failures=tuple(map(str, checked.failures)),
    )


def _refuse_lost(kind: BlockKind, id: str, inputs: Values) -> None:
    """Raise an error for values that the engine would change: the next update would send the changed ones."""
    lost = [f"{join('', *path)} {why}" for path, why in find_lost(inputs, PARTS)]
    if lost:
        raise CommandError(f"{kind} {id} cannot be imported: {'; '.join(lost)}")


def _read_rollout(id: str, context: Context) -> Values | None:
    state = load_resource("Rollout")().fetch(Request.of(context, id=id))
    return None if state is None else state.values


def _find_masked(id: str, context: Context) -> tuple[str, ...]:
    items = get(context.client.describe_deployment(id), "parameters.run")
    hidden = [item for item in items or [] if isinstance(item, dict) and hides(item) and "value" in item]
    return tuple(str(item["name"]) for item in hidden)


def _comment_masked(masked: tuple[str, ...], resource_name: str) -> Iterator[str]:
    """Yield a comment for each masked value: how to manage it, since the program does not contain it."""
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
    """Yield comments about values that the service does not return, and what to do."""
    if kind == "deployment":
        yield from _comment_build(inputs, context)
        return
    release = context.client.describe_spec_release(_spec_id(kind, id), str(get(inputs, "release.version")))
    if release.get("artifact") and "artifact" not in inputs:
        yield (
            "Its release has an artifact, which the service does not return. To manage its files, add "
            'artifact={"path": "..."} and raise release.version: that publishes one new release.'
        )
    hidden = [
        item["name"]
        for group in ("build", "run")
        for item in get(inputs, f"parameters.{group}") or []
        if hides(item) and "defaultValue" in item
    ]
    if hidden:
        yield f"The service may mask the default of {', '.join(hidden)}: check it before you publish a new release."


def _comment_build(inputs: Values, context: Context) -> Iterator[str]:
    spec_id, version = get(inputs, "spec.id"), get(inputs, "spec.release.version")
    try:
        declared = get(context.client.describe_spec_release(str(spec_id), str(version)), "parameters.build")
    except (NotFound, Forbidden):
        # The spec belongs to another tenant.
        return
    if declared:
        names = ", ".join(str(item.get("name")) for item in declared if isinstance(item, dict))
        yield (
            f"The service does not return the values of its build parameters ({names}). Without them a new revision "
            'uses their defaults: add parameters={"build": {...}} first, which makes one new revision.'
        )


def _spec_id(kind: BlockKind, id: str) -> str:
    return id.rpartition("/")[0] if kind == "release" else id
