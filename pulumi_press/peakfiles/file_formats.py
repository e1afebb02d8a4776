"""The formats of the files for `peak blocks ...`, and how a file's values become the arguments of a resource."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.bodies import DeploymentBody, ReleaseBody, SpecBody

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BLOCK_KINDS", "FORMATS", "BlockKind", "FileFormat", "flatten", "recognize_file", "to_snake_case"]

BlockKind = Literal["spec", "release", "deployment"]
BLOCK_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)


@dataclass(frozen=True)
class FileFormat:
    """The shape of one kind of file."""

    kind: BlockKind
    command: str
    """The command that reads it."""
    resource: str
    """Name of the resource's class."""
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


FORMATS: dict[BlockKind, FileFormat] = {
    "spec": FileFormat(
        "spec",
        "peak blocks specs create",
        "BlockSpec",
        BlockSpecArgs,
        _keys(SpecBody),
        ("artifact", "parameters", "featured", "scope", "tenants", "auto_run_on_deploy"),
        ("metadata", "description"),
        ("release", "notes"),
    ),
    "release": FileFormat(
        "release",
        "peak blocks specs create-release",
        "BlockSpecRelease",
        BlockSpecReleaseArgs,
        _keys(ReleaseBody),
        ("artifact", "parameters", "auto_run_on_deploy"),
        None,
        ("release", "notes"),
    ),
    "deployment": FileFormat(
        "deployment",
        "peak blocks deployments create",
        "BlockDeployment",
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


_REVISION = {"release", "revision", "parameters"}


def recognize_file(values: Any, kind: BlockKind | None) -> FileFormat:
    """Tell what a file is of.

    Args:
        values: the file's values.
        kind: what it must be of; None: whatever it is.

    Raises:
        BlockfileError: it is of something else, or of nothing known.
    """
    if not isinstance(values, dict):
        raise BlockfileError("must be a map that has the key `body`")
    body = values.get("body", values.get("Body"))
    if not isinstance(body, dict):
        raise BlockfileError("has no `body`: it must be a map, with all that the block is")
    found = recognize(body)
    if kind is not None and found not in (kind, None):
        raise BlockfileError(f"looks like the file of a {found}, not of a {kind}")
    if kind is None and found is None:
        raise BlockfileError(f"is of no spec, release or deployment{_guess(body)}")
    return FORMATS[kind or found]  # type: ignore[index]  # One of them is there.


def flatten(
    values: dict[str, Any],
    form: FileFormat,
    fail: Callable[[str, str], BlockfileError],
    quote: Callable[[str], str] = repr,
) -> dict[str, Any]:
    """Give the arguments that a file's values stand for.

    Args:
        values: the file's values.
        form: what it is of.
        fail: makes the error from a path in the file and a message.
        quote: quotes a key for a message.

    Raises:
        BlockfileError: a key is not known here.
    """
    arguments: dict[str, Any] = {}
    known = ("body", *form.beside)
    for key, value in values.items():
        name = to_snake_case(key)
        if name not in known:
            raise fail(key, _explain(key, name, form, quote(key)))
        if name in arguments:
            raise fail(key, f"{name!r} is there twice, in two spellings")
        arguments[name] = value
    _check_artifact(arguments.get("artifact"), fail)
    body = arguments.pop("body")
    for key in body:
        if key not in form.body:
            raise fail(f"body.{key}", _explain_in_body(key, form, quote(key)))
    return {**body, **arguments}


def _check_artifact(artifact: Any, fail: Callable[[str, str], BlockfileError]) -> None:
    if isinstance(artifact, dict) and "ignoreFiles" in artifact:
        raise fail(
            "artifact.ignoreFiles",
            "the command takes no notice of `ignoreFiles`: write `ignore_files`, or take it away if all files "
            "are to be shipped",
        )


def _explain(key: str, name: str, form: FileFormat, quoted: str) -> str:
    if name == "validate":
        return "`validate` makes a trial of the command, which a resource cannot be: `pulumi preview` is the trial"
    if key in form.body:
        return f"{key!r} belongs under `body`"
    message = f"{quoted} is not known in the file of a {form.kind}, and the command would drop it"
    others = ", ".join(f"`{word}`" for word in form.beside)
    return f"{message}; beside `body` there may be {others}" if others else f"{message}; there is only `body`"


def _explain_in_body(key: str, form: FileFormat, quoted: str) -> str:
    if to_snake_case(key) in form.beside:
        return f"{key!r} belongs at the top of the file, beside `body`"
    return f"{quoted} is not known in the body of a {form.kind}; there may be {', '.join(form.body)}"


def _guess(body: dict[str, Any]) -> str:
    if body and body.keys() <= _REVISION:
        return "; for a new revision, change the file of the deployment itself"
    if body.keys() & {"metadata", "name", "title", "summary"}:
        return "; for new metadata, change the file of the spec or deployment itself"
    return ""


def to_snake_case(key: str) -> str:
    """`autoRunOnDeploy` -> `auto_run_on_deploy`, as the command does with the keys at the top, and only there."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()
