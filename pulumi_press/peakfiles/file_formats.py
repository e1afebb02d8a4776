"""The formats of the files for `peak blocks ...`, and how their values become the arguments of a resource."""

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
    """The format of the files for one kind of block."""

    kind: BlockKind
    command: str
    """The command that reads them."""
    resource: str
    """The resource's class, such as `BlockSpec`."""
    arguments: Any
    """The shape of the resource's arguments."""
    body: tuple[str, ...]
    """Keys under `body`."""
    beside: tuple[str, ...]
    """Keys beside `body`, spelled as the arguments are."""
    description: tuple[str, ...] | None
    """Path of the description in the arguments; None if there is none."""
    notes: tuple[str, ...]
    """Path of the notes in the arguments."""


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
    """Return the kind of block that a body describes, judged by its keys; None if it is none of the three."""
    if "spec" in body:
        return "deployment"
    if "kind" in body or {"config", "metadata"} <= body.keys():
        return "spec"
    return "release" if "config" in body else None


_REVISION = {"release", "revision", "parameters"}


def recognize_file(values: Any, kind: BlockKind | None) -> FileFormat:
    """Return the format of a file.

    Args:
        values: the file's values.
        kind: the kind that is expected; None: any.

    Raises:
        BlockfileError: the file is of another kind, or of no known kind.
    """
    if not isinstance(values, dict):
        raise BlockfileError("must be a map with the key `body`")
    body = values.get("body", values.get("Body"))
    if not isinstance(body, dict):
        raise BlockfileError("needs the key `body`, a map that describes the block")
    found = recognize(body)
    if kind is not None and found not in (kind, None):
        raise BlockfileError(f"looks like the file of a {found}, not of a {kind}")
    if kind is None and found is None:
        raise BlockfileError(f"does not describe a spec, release or deployment{_suggest(body)}")
    return FORMATS[kind or found]  # type: ignore[index]  # One of them is set.


def flatten(
    values: dict[str, Any],
    file_format: FileFormat,
    fail: Callable[[str, str], BlockfileError],
    quote: Callable[[str], str] = repr,
) -> dict[str, Any]:
    """Return the resource's arguments for a file's values.

    Args:
        values: the file's values.
        file_format: the file's format.
        fail: creates the error from a path in the file and a message.
        quote: quotes a key for a message.

    Raises:
        BlockfileError: a key is not known.
    """
    arguments: dict[str, Any] = {}
    known = ("body", *file_format.beside)
    for key, value in values.items():
        name = to_snake_case(key)
        if name not in known:
            raise fail(key, _explain(key, name, file_format, quote(key)))
        if name in arguments:
            raise fail(key, f"{name!r} occurs twice, in two spellings")
        arguments[name] = value
    _check_artifact(arguments.get("artifact"), fail)
    body = arguments.pop("body")
    for key in body:
        if key not in file_format.body:
            raise fail(f"body.{key}", _explain_in_body(key, file_format, quote(key)))
    return {**body, **arguments}


def _check_artifact(artifact: Any, fail: Callable[[str, str], BlockfileError]) -> None:
    if isinstance(artifact, dict) and "ignoreFiles" in artifact:
        raise fail(
            "artifact.ignoreFiles",
            "the `peak` command ignores `ignoreFiles`: write `ignore_files`, or remove it to ship all files",
        )


def _explain(key: str, name: str, file_format: FileFormat, quoted: str) -> str:
    if name == "validate":
        return "`validate` does not apply to a resource: remove it, and run `pulumi preview` to validate the file"
    if key in file_format.body:
        return f"{key!r} belongs under `body`"
    message = f"{quoted} is not a known key in the file of a {file_format.kind}, and the `peak` command would drop it"
    others = ", ".join(f"`{word}`" for word in file_format.beside)
    return f"{message}; known beside `body`: {others}" if others else f"{message}; the only known key is `body`"


def _explain_in_body(key: str, file_format: FileFormat, quoted: str) -> str:
    if to_snake_case(key) in file_format.beside:
        return f"{key!r} belongs at the top level of the file, beside `body`"
    return f"{quoted} is not a known key in the body of a {file_format.kind}; known: {', '.join(file_format.body)}"


def _suggest(body: dict[str, Any]) -> str:
    if body and body.keys() <= _REVISION:
        return "; to make a new revision, change the file of the deployment"
    if body.keys() & {"metadata", "name", "title", "summary"}:
        return "; to update metadata, change the file of the spec or deployment"
    return ""


def to_snake_case(key: str) -> str:
    """Return `auto_run_on_deploy` for `autoRunOnDeploy`, as the `peak` command does with the keys beside `body`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()
