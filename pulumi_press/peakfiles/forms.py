"""What each of the command's files looks like: the keys beside `body`, the keys in it, and where texts belong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.bodies import DeploymentBody, ReleaseBody, SpecBody

__all__ = ["BLOCK_KINDS", "FORMS", "BlockKind", "Form", "recognize"]

BlockKind = Literal["spec", "release", "deployment"]
BLOCK_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)


@dataclass(frozen=True)
class Form:
    """The shape of one kind of file."""

    kind: BlockKind
    command: str
    """The command that reads it."""
    arguments: Any
    """The shape of the arguments that it becomes."""
    body: tuple[str, ...]
    """Keys of `body`."""
    beside: tuple[str, ...]
    """Keys at the top, beside `body`, as the arguments name them."""
    description: tuple[str, ...] | None
    """Where the text of a description file goes in the arguments; None where there is none."""
    notes: tuple[str, ...]
    """Where the text of a notes file goes in the arguments."""


def _keys(shape: Any) -> tuple[str, ...]:
    return tuple(shape.__annotations__)


FORMS: dict[BlockKind, Form] = {
    "spec": Form(
        "spec",
        "peak blocks specs create",
        BlockSpecArgs,
        _keys(SpecBody),
        ("artifact", "parameters", "featured", "scope", "tenants", "auto_run_on_deploy"),
        ("metadata", "description"),
        ("release", "notes"),
    ),
    "release": Form(
        "release",
        "peak blocks specs create-release",
        BlockSpecReleaseArgs,
        _keys(ReleaseBody),
        ("artifact", "parameters", "auto_run_on_deploy"),
        None,
        ("release", "notes"),
    ),
    "deployment": Form(
        "deployment",
        "peak blocks deployments create",
        BlockDeploymentArgs,
        _keys(DeploymentBody),
        (),
        ("metadata", "description"),
        ("revision", "notes"),
    ),
}


def recognize(body: dict[str, Any]) -> BlockKind | None:
    """Tell by its keys what a body is of; None where it is none of the three."""
    if "spec" in body:
        return "deployment"
    if "kind" in body or {"config", "metadata"} <= body.keys():
        return "spec"
    return "release" if "config" in body else None
